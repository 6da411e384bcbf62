// Doors for providers: what they say of the tower's calls, texts and mails. Each is open to anybody, and believes only signatures.

import { Hono } from 'hono'
import { handoffHook } from '../api/handoff-hook'
import type { AppEnv } from '../env'
import { sendgridHooks } from './sendgrid'
import { simHooks } from './sim'
import { twilioHooks } from './twilio'

export const hooks = new Hono<AppEnv>()
  .route('/', twilioHooks)
  .route('/', sendgridHooks)
  .route('/', simHooks)
  .route('/', handoffHook)

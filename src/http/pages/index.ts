// All pages and fragments of pages. Who may ask for which is in access-table.ts; what they show is decided by desk.ts and the rooms.

import { Hono } from 'hono'
import type { AppEnv } from '../env'
import { design } from './design'
import { devices } from './devices'
import { drawer } from './drawer'
import { geofences } from './geofences'
import { incidents } from './incidents'
import { nearest } from './nearest'
import { prefs } from './prefs'
import { tower } from './tower'

export const pages = new Hono<AppEnv>()
  .route('/', tower)
  .route('/', incidents)
  .route('/', nearest)
  .route('/', drawer)
  .route('/', devices)
  .route('/', geofences)
  .route('/', design)
  .route('/', prefs)

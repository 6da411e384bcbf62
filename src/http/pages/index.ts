// All pages and fragments of pages. Who may ask for which is in access-table.ts; what they show is decided by desk.ts and the rooms.

import { Hono } from 'hono'
import type { AppEnv } from '../env'
import { agencies } from './agencies'
import { areas } from './areas'
import { delivery } from './delivery'
import { design } from './design'
import { devices } from './devices'
import { disclosures } from './disclosures'
import { drawer } from './drawer'
import { drills } from './drills'
import { geofences } from './geofences'
import { handoff } from './handoff'
import { incidents } from './incidents'
import { kin } from './kin'
import { ladder } from './ladder'
import { nearest } from './nearest'
import { prefs } from './prefs'
import { rota } from './rota'
import { rotaContacts } from './rota-contacts'
import { rotaPolicy } from './rota-policy'
import { tower } from './tower'

export const pages = new Hono<AppEnv>()
  .route('/', tower)
  .route('/', handoff)
  .route('/', incidents)
  .route('/', ladder)
  .route('/', delivery)
  .route('/', disclosures)
  .route('/', nearest)
  .route('/', drawer)
  .route('/', agencies)
  .route('/', devices)
  .route('/', kin)
  .route('/', geofences)
  .route('/', areas)
  .route('/', drills)
  .route('/', rota)
  .route('/', rotaContacts)
  .route('/', rotaPolicy)
  .route('/', design)
  .route('/', prefs)

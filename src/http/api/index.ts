// The JSON API of people at desks, its OpenAPI document and the readable reference made from it.

import { acts } from './acts'
import { agencies } from './agencies'
import { areas } from './areas'
import { delivery } from './delivery'
import { disclosures } from './disclosures'
import { serveDocs } from './docs'
import { registerShared } from './document'
import { drills } from './drills'
import { elsewhere } from './elsewhere'
import './elsewhere-devices'
import './elsewhere-people'
import { geofences } from './geofences'
import { handoff } from './handoff'
import { identity } from './identity'
import { incidents } from './incidents'
import { kin } from './kin'
import { nearest } from './nearest'
import { notices } from './notices'
import { overview } from './overview'
import { paging } from './paging'
import { parked } from './parked'
import { regions } from './regions'
import { rota } from './rota'
import { newApi } from './route'
import { storm } from './storm'
import { tracks } from './tracks'
import { unverified } from './unverified'

/** Mounted at the root: paths are whole. */
export const api = newApi()

registerShared(api)
api.route('/', elsewhere)
api.route('/', incidents)
api.route('/', nearest)
api.route('/', acts)
api.route('/', unverified)
api.route('/', regions)
api.route('/', overview)
api.route('/', notices)
api.route('/', storm)
api.route('/', areas)
api.route('/', paging)
api.route('/', delivery)
api.route('/', parked)
api.route('/', disclosures)
api.route('/', tracks)
api.route('/', geofences)
api.route('/', rota)
api.route('/', drills)
api.route('/', kin)
api.route('/', identity)
api.route('/', agencies)
api.route('/', handoff)
serveDocs(api)

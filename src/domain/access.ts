// Who may do what, where: one table of role x action x region, asked by every route and every room.

import type { RegionId } from './region'

export const ROLES = ['operator', 'trainee', 'supervisor', 'admin', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** What a session says about its person. Signed, so a room can trust what the Worker passes on. */
export type Viewer = {
  uid: string
  name: string
  alias: string
  role: Role
  regions: RegionId[]
  /** The user's session epoch when it was signed. */
  epoch: number
}

export type Action =
  | 'incident:see' // queue, panel, live socket, search
  | 'incident:create' // by phone call
  | 'incident:take' // take, pass, help
  | 'incident:act' // note, contact-attempts, legs, safe, link, priority up or down, contact-policy
  | 'incident:end' // close, false-alarm, merge, unmerge, reopen
  | 'duress:lift'
  | 'unverified:see'
  | 'unverified:promote'
  | 'log:read'
  | 'directory:write'
  | 'track:read' // where a device was, for an incident or a purpose that is written down
  | 'identity:read' // whose vehicle a dot of the map is, for an incident or a purpose that is written down
  | 'geofence:see' // which areas are drawn, how many are inside, what was crossed
  | 'geofence:manage' // draw them, change them, take them away
  | 'device:see' // which devices there are, and what they reported
  | 'device:manage' // make a device, its tokens, revoke them
  | 'page:see' // who is being told, attempts, delivery report
  | 'page:resend' // what is parked
  | 'rota:see'
  | 'rota:manage' // contacts, shifts, overrides, policies
  | 'agency:see'
  | 'agency:manage'
  | 'handoff:do' // hand an incident to an agency, record it; messages to the driver; release to kin; share
  | 'storm:manage' // switch a storm on and off, situations
  | 'region:take-over'
  | 'broadcast:send'
  | 'drill:see'
  | 'drill:run'

const EVERY: readonly Action[] = [
  'incident:see',
  'incident:create',
  'incident:take',
  'incident:act',
  'incident:end',
  'duress:lift',
  'unverified:see',
  'unverified:promote',
  'log:read',
  'directory:write',
  'track:read',
  'identity:read',
  'geofence:see',
  'geofence:manage',
  'device:see',
  'device:manage',
  'page:see',
  'page:resend',
  'rota:see',
  'rota:manage',
  'agency:see',
  'agency:manage',
  'handoff:do',
  'storm:manage',
  'region:take-over',
  'broadcast:send',
  'drill:see',
  'drill:run',
]
const DESK: readonly Action[] = [
  'incident:see',
  'incident:create',
  'incident:take',
  'incident:act',
  'incident:end',
  'unverified:see',
  'unverified:promote',
  'track:read',
  'identity:read',
  'geofence:see',
  'page:see',
  'rota:see',
  'agency:see',
  'handoff:do',
  'drill:see',
]

export const ACCESS: Record<Role, readonly Action[]> = {
  operator: DESK,
  trainee: ['incident:see', 'unverified:see', 'geofence:see', 'page:see', 'rota:see', 'agency:see'],
  supervisor: [
    ...DESK,
    'geofence:manage',
    'duress:lift',
    'log:read',
    'device:see',
    'page:resend',
    'rota:manage',
    'agency:manage',
    'storm:manage',
    'region:take-over',
    'broadcast:send',
    'drill:run',
  ],
  admin: EVERY,
  auditor: [
    'incident:see',
    'geofence:see',
    'log:read',
    'track:read',
    'identity:read',
    'page:see',
    'rota:see',
    'agency:see',
    'drill:see',
  ],
}

/** True where this person may do this in any of these regions (an incident's desk or home). Deny by default. */
export function may(viewer: Pick<Viewer, 'role' | 'regions'>, action: Action, regions: readonly RegionId[]): boolean {
  return ACCESS[viewer.role].includes(action) && regions.some((region) => viewer.regions.includes(region))
}

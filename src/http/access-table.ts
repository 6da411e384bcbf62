// Every address of the tower and who may use it: the one table that guard.ts enforces, and a test compares with the routes.
// What is not here is answered 404, whoever asks.

import type { Action } from '../domain/access'
import { RIGHT_FOR } from '../room/rights'

/**
 * `public`: anybody. `device`: its door checks a device token. `socket`: its door checks cookie and origin before the upgrade.
 * `session`: anybody logged in. An action: whose role may do it in any of their regions; the room asks again which region it is.
 */
export type Needs = 'public' | 'device' | 'socket' | 'session' | Action

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ALL'

export type Access = readonly [method: Method, path: string, needs: Needs]

export const ACCESS_TABLE: readonly Access[] = [
  // Phones and trackers
  ['POST', '/api/sos', 'device'],
  ['GET', '/api/sos/:sosId', 'device'],
  ['POST', '/api/sos/:sosId/cancel', 'device'],
  ['POST', '/api/sos/:sosId/answer', 'device'],
  ['GET', '/api/sos/:sosId/messages', 'device'],
  ['GET', '/api/drivers/lifeline', 'device'],
  ['ALL', '/i/:token', 'device'],
  ['POST', '/api/positions', 'device'],
  ['GET', '/api/drivers/positions', 'device'],

  // Screens' sockets
  ['GET', '/api/regions/:region/live', 'socket'],
  ['GET', '/api/regions/:region/map', 'socket'],

  // Providers: the signature is the check
  ['POST', '/hooks/twilio/sms/:attemptId', 'public'],
  ['POST', '/hooks/twilio/call/:attemptId', 'public'],
  ['POST', '/hooks/twilio/voice/:attemptId', 'public'],
  ['POST', '/hooks/sendgrid', 'public'],
  ['POST', '/hooks/sim', 'public'],
  ['POST', '/hooks/agency/:id', 'public'],

  // Logging in
  ['GET', '/login', 'public'],
  ['POST', '/login', 'public'],
  ['POST', '/logout', 'public'],
  ['POST', '/api/auth/login', 'public'],
  ['POST', '/api/auth/logout', 'public'],
  ['GET', '/api/auth/me', 'session'],
  ['POST', '/api/auth/renew', 'session'],

  // Watching the tower
  ['GET', '/api/health', 'public'],
  ['GET', '/api/emergency/health', 'public'],

  // People at desks
  ['GET', '/api/incidents', 'incident:see'],
  ['POST', '/api/incidents', 'incident:create'],
  ['GET', '/api/incidents/:id', 'incident:see'],
  ['GET', '/api/incidents/:id/nearest', 'identity:read'],
  ['GET', '/api/incidents/:id/ladder', 'page:see'],
  ['POST', '/api/incidents/:id/take', RIGHT_FOR.take],
  ['POST', '/api/incidents/:id/pass', RIGHT_FOR.pass],
  ['POST', '/api/incidents/:id/help', RIGHT_FOR.help],
  ['POST', '/api/incidents/:id/note', RIGHT_FOR.note],
  ['POST', '/api/incidents/:id/priority', RIGHT_FOR.priority],
  ['POST', '/api/incidents/:id/contact-policy', RIGHT_FOR['contact-policy']],
  ['POST', '/api/incidents/:id/contact-attempts', RIGHT_FOR['contact-attempt']],
  ['POST', '/api/incidents/:id/legs', RIGHT_FOR.leg],
  ['POST', '/api/incidents/:id/safe', RIGHT_FOR.safe],
  ['POST', '/api/incidents/:id/false-alarm', RIGHT_FOR['false-alarm']],
  ['POST', '/api/incidents/:id/link', RIGHT_FOR.link],
  ['POST', '/api/incidents/:id/unlink', RIGHT_FOR.unlink],
  ['POST', '/api/incidents/:id/merge', RIGHT_FOR.merge],
  ['POST', '/api/incidents/:id/unmerge', RIGHT_FOR.unmerge],
  ['POST', '/api/incidents/:id/reopen', RIGHT_FOR.reopen],
  ['POST', '/api/incidents/:id/close', RIGHT_FOR.close],
  ['POST', '/api/incidents/:id/lift-duress', RIGHT_FOR['lift-duress']],
  ['GET', '/api/overview', 'incident:see'],
  ['GET', '/api/regions', 'session'],
  ['GET', '/api/regions/:region/log', 'log:read'],
  ['GET', '/api/regions/:region/notices', 'incident:see'],
  ['POST', '/api/regions/:region/checks/:id/:act', 'incident:act'],
  ['POST', '/api/regions/:region/take-over', 'region:take-over'],
  ['POST', '/api/regions/:region/give-back', 'region:take-over'],
  ['GET', '/api/regions/:region/storm', 'incident:see'],
  ['POST', '/api/regions/:region/storm', 'storm:manage'],
  ['POST', '/api/regions/:region/next', 'incident:take'],
  ['POST', '/api/regions/:region/situations', 'storm:manage'],
  ['GET', '/api/regions/:region/situations/:id', 'incident:see'],
  ['POST', '/api/regions/:region/situations/:id/rename', 'storm:manage'],
  ['POST', '/api/regions/:region/situations/:id/end', 'storm:manage'],
  ['POST', '/api/regions/:region/situations/:id/join', 'incident:act'],
  ['POST', '/api/regions/:region/situations/:id/leave', 'incident:act'],
  ['GET', '/api/regions/:region/areas', 'incident:see'],
  ['POST', '/api/regions/:region/areas', 'broadcast:send'],
  ['POST', '/api/regions/:region/areas/preview', 'broadcast:send'],
  ['GET', '/api/regions/:region/areas/:id', 'incident:see'],
  ['POST', '/api/regions/:region/areas/:id/cancel', 'broadcast:send'],
  ['GET', '/api/regions/:region/devices/:deviceId/track', 'track:read'],
  ['POST', '/api/regions/:region/devices/:deviceId/track', 'track:read'],
  ['POST', '/api/regions/:region/map/identity', 'identity:read'],
  ['POST', '/api/devices/:id/identity', 'identity:read'],
  ['GET', '/api/regions/:region/geofences', 'geofence:see'],
  ['POST', '/api/regions/:region/geofences', 'geofence:manage'],
  ['PUT', '/api/regions/:region/geofences/:id', 'geofence:manage'],
  ['DELETE', '/api/regions/:region/geofences/:id', 'geofence:manage'],
  ['GET', '/api/regions/:region/geofence-events', 'geofence:see'],
  ['GET', '/api/regions/:region/contacts', 'rota:see'],
  ['PUT', '/api/regions/:region/contacts/:id', 'rota:manage'],
  ['DELETE', '/api/regions/:region/contacts/:id', 'rota:manage'],
  ['GET', '/api/regions/:region/shifts', 'rota:see'],
  ['PUT', '/api/regions/:region/shifts/:id', 'rota:manage'],
  ['DELETE', '/api/regions/:region/shifts/:id', 'rota:manage'],
  ['GET', '/api/drivers/:id/kin', 'directory:write'],
  ['PUT', '/api/drivers/:id/kin', 'directory:write'],
  ['GET', '/api/regions/:region/delivery', 'page:see'],
  ['GET', '/api/regions/:region/ways-out', 'page:see'],
  ['GET', '/api/regions/:region/parked', 'page:see'],
  ['POST', '/api/regions/:region/parked/:id/resend', 'page:resend'],
  ['GET', '/api/regions/:region/disclosures', 'log:read'],
  ['GET', '/api/regions/:region/policy', 'rota:see'],
  ['PUT', '/api/regions/:region/policy', 'rota:manage'],
  ['GET', '/api/regions/:region/drills', 'drill:see'],
  ['POST', '/api/regions/:region/drills', 'drill:run'],
  ['POST', '/api/regions/:region/drills/plan', 'drill:run'],
  ['GET', '/api/regions/:region/drills/:id', 'drill:see'],
  ['POST', '/api/regions/:region/drills/:id/end', 'drill:run'],
  ['PUT', '/api/regions/:region/drill-schedules/:id', 'drill:run'],
  ['DELETE', '/api/regions/:region/drill-schedules/:id', 'drill:run'],
  ['GET', '/api/regions/:region/unplaced', 'incident:see'],
  ['GET', '/api/unverified', 'unverified:see'],

  // What leaves the tower by a person's decision
  ['GET', '/api/regions/:region/agencies', 'agency:see'],
  ['PUT', '/api/regions/:region/agencies/:id', 'agency:manage'],
  ['POST', '/api/regions/:region/agencies/:id/verify', 'agency:manage'],
  ['DELETE', '/api/regions/:region/agencies/:id', 'agency:manage'],
  ['POST', '/api/incidents/:id/handoff', 'handoff:do'],
  ['POST', '/api/incidents/:id/kin', 'handoff:do'],
  ['POST', '/api/incidents/:id/message', 'handoff:do'],
  ['GET', '/api/incidents/:id/shares', 'agency:see'],
  ['POST', '/api/incidents/:id/shares', 'handoff:do'],
  ['DELETE', '/api/incidents/:id/shares/:share', 'handoff:do'],
  ['POST', '/api/unverified/promote', 'unverified:promote'],

  // Live-location links: whoever has one, or its code
  ['GET', '/s', 'public'],
  ['POST', '/s', 'public'],
  ['GET', '/s/:token', 'public'],

  // For whoever reads
  ['GET', '/openapi.json', 'public'],
  ['GET', '/docs', 'public'],
  ['GET', '/design', 'public'],
  ['GET', '/prefs', 'public'],
  ['GET', '/', 'session'],
  ['GET', '/r/:region', 'incident:see'],
  ['GET', '/desk/regions', 'incident:see'],
  ['GET', '/desk/incidents/:id/panel', 'incident:see'],
  ['GET', '/desk/incidents/:id/others', 'incident:see'],
  ['GET', '/desk/incidents/:id/nearest', 'identity:read'],
  ['GET', '/desk/incidents/:id/place', 'incident:see'],
  ['GET', '/desk/incidents/:id/ladder', 'page:see'],
  ['POST', '/desk/incidents/:id/ladder/resend', 'page:resend'],
  ['POST', '/desk/incidents/:id/:act', 'incident:act'],
  ['GET', '/desk/incidents/:id/outward/agencies', 'agency:see'],
  ['POST', '/desk/incidents/:id/outward/handoff', 'handoff:do'],
  ['POST', '/desk/incidents/:id/outward/message', 'handoff:do'],
  ['GET', '/desk/incidents/:id/outward/kin', 'handoff:do'],
  ['POST', '/desk/incidents/:id/outward/kin', 'handoff:do'],
  ['GET', '/desk/incidents/:id/outward/shares', 'agency:see'],
  ['POST', '/desk/incidents/:id/outward/shares', 'handoff:do'],
  ['POST', '/desk/incidents/:id/outward/revoke', 'handoff:do'],
  ['GET', '/desk/search', 'incident:see'],
  ['GET', '/desk/new', 'incident:create'],
  ['POST', '/desk/new', 'incident:create'],
  ['GET', '/desk/unverified', 'unverified:see'],
  ['POST', '/desk/unverified/promote', 'unverified:promote'],

  // Areas drawn on the map
  ['GET', '/geofences', 'geofence:see'],
  ['POST', '/geofences', 'geofence:manage'],
  ['GET', '/geofences/now', 'geofence:see'],
  ['GET', '/geofences/new', 'geofence:manage'],
  ['GET', '/geofences/:id', 'geofence:see'],
  ['POST', '/geofences/:id', 'geofence:manage'],
  ['POST', '/geofences/:id/active', 'geofence:manage'],
  ['POST', '/geofences/:id/away', 'geofence:manage'],

  // Broadcasts to an area, and their roll-calls
  ['GET', '/areas', 'incident:see'],
  ['POST', '/areas', 'broadcast:send'],
  ['GET', '/areas/new', 'broadcast:send'],
  ['POST', '/areas/preview', 'broadcast:send'],
  ['GET', '/areas/:id', 'incident:see'],
  ['GET', '/areas/:id/now', 'incident:see'],
  ['POST', '/areas/:id/cancel', 'broadcast:send'],

  // Who is on duty, and whom a region tells
  // Who is tried, and what came of it
  ['GET', '/drills', 'drill:see'],
  ['POST', '/drills', 'drill:run'],
  ['GET', '/drills/new', 'drill:run'],
  ['GET', '/drills/check', 'drill:run'],
  ['POST', '/drills/schedules', 'drill:run'],
  ['POST', '/drills/schedules/:id/away', 'drill:run'],
  ['GET', '/drills/:id', 'drill:see'],
  ['POST', '/drills/:id/end', 'drill:run'],

  ['GET', '/rota', 'rota:see'],
  ['GET', '/rota/gap', 'rota:see'],
  ['POST', '/rota/shifts', 'rota:manage'],
  ['POST', '/rota/shifts/:id/away', 'rota:manage'],
  ['POST', '/rota/handovers', 'rota:see'],
  ['POST', '/rota/handovers/:id/accept', 'rota:see'],
  ['GET', '/rota/contacts', 'rota:see'],
  ['POST', '/rota/contacts', 'rota:manage'],
  ['GET', '/rota/contacts/new', 'rota:manage'],
  ['GET', '/rota/contacts/:id', 'rota:manage'],
  ['POST', '/rota/contacts/:id', 'rota:manage'],
  ['POST', '/rota/contacts/:id/away', 'rota:manage'],
  ['GET', '/rota/policy', 'rota:see'],
  ['POST', '/rota/policy', 'rota:manage'],

  // What left the tower, and by which ways
  ['GET', '/delivery', 'page:see'],
  ['GET', '/delivery/lamp', 'page:see'],
  ['POST', '/delivery/resend', 'page:resend'],

  // What was told to whom, on whose decision
  ['GET', '/disclosures', 'log:read'],

  // Whom operators call outside
  ['GET', '/agencies', 'agency:see'],
  ['POST', '/agencies', 'agency:manage'],
  ['GET', '/agencies/new', 'agency:manage'],
  ['GET', '/agencies/:id', 'agency:see'],
  ['POST', '/agencies/:id', 'agency:manage'],
  ['POST', '/agencies/:id/verify', 'agency:manage'],
  ['POST', '/agencies/:id/away', 'agency:manage'],

  // Devices and their enrolment
  ['GET', '/devices', 'device:see'],
  ['POST', '/devices', 'device:manage'],
  ['GET', '/devices/new', 'device:manage'],
  ['GET', '/devices/new/crew', 'device:manage'],
  ['GET', '/devices/:id', 'device:see'],
  ['GET', '/devices/:id/reports', 'device:see'],
  ['POST', '/devices/:id/token', 'device:manage'],
  ['POST', '/devices/:id/revoke', 'device:manage'],

  // Whom a driver wants told
  ['GET', '/drivers/:id/kin', 'directory:write'],
  ['POST', '/drivers/:id/kin', 'directory:write'],
]

// Every address of the tower and who may use it: the one table that guard.ts enforces, and a test compares with the routes.
// What is not here is answered 404, whoever asks.

import type { Action } from '../domain/access'

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
  ['GET', '/api/drivers/lifeline', 'device'],
  ['ALL', '/i/:token', 'device'],

  // Screens' sockets
  ['GET', '/api/regions/:region/live', 'socket'],

  // Logging in
  ['GET', '/login', 'public'],
  ['POST', '/login', 'public'],
  ['POST', '/logout', 'public'],
  ['POST', '/api/auth/login', 'public'],
  ['POST', '/api/auth/logout', 'public'],
  ['GET', '/api/auth/me', 'session'],

  // Watching the tower
  ['GET', '/api/health', 'public'],
  ['GET', '/api/emergency/health', 'public'],

  // People at desks
  ['GET', '/openapi.json', 'public'],
  ['GET', '/docs', 'public'],
  ['GET', '/design', 'public'],
]

// The device that a request speaks for, by its Authorization header alone.

import { type DeviceIdentity, parseKeys, verifyDeviceToken } from '../../ingest/device-token'
import type { Env } from '../env'

/** The text after `Bearer`; empty where there is none. */
export function bearerOf(request: Request): string {
  const header = request.headers.get('authorization') ?? ''
  return /^bearer /i.test(header) ? header.slice(7).trim() : ''
}

/** `now` in epoch ms. */
export const deviceOf = (env: Pick<Env, 'DEVICE_KEYS'>, request: Request, now: number): DeviceIdentity =>
  verifyDeviceToken(parseKeys(env.DEVICE_KEYS), bearerOf(request), now)

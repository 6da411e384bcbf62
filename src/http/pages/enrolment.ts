// What a phone is given to become a device: its token, its address, and the links that set up the apps it may have.

import type { EnrolledDevice } from '../../domain/enrolment'
import { isGateway } from '../../domain/gateway'
import { parseKeys, signDeviceToken } from '../../ingest/device-token'
import { ENROLLED_INTERVALS } from '../../ingest/owntracks'
import type { Env } from '../env'
import { settingsOf } from '../settings'

/** A little over a year: a phone that is still with its driver gets a new one at the yearly check. */
const TOKEN_LASTS_S = 400 * 24 * 3600

export type Enrolment = { token: string; ingestUrl: string; traccarLink: string; ownTracksLink: string }

/** For the newest generation of a device. `now` in epoch ms. */
export function enrolmentOf(env: Env, { id, home, generation }: EnrolledDevice, now: number): Enrolment {
  const token = signDeviceToken(parseKeys(env.DEVICE_KEYS), {
    deviceId: id,
    home,
    generation,
    expiresAt: Math.floor(now / 1000) + TOKEN_LASTS_S,
    gateway: isGateway(id),
  })
  const ingestUrl = `${settingsOf(env).publicUrl.origin}/i/${token}`
  return { token, ingestUrl, traccarLink: traccarLink(ingestUrl, id), ownTracksLink: ownTracksLink(ingestUrl, id) }
}

/** Traccar Client takes origin and path as its server, and the query as its settings: seconds and metres. */
export const traccarLink = (ingestUrl: string, deviceId: string): string =>
  `${ingestUrl}?${new URLSearchParams({
    id: deviceId,
    interval: '30',
    distance: '50',
    accuracy: 'high',
    heartbeat: '120',
    buffer: 'true',
  })}`

/**
 * OwnTracks: `mode` 3 is HTTP, `monitoring` 2 is "move", intervals in seconds. `cmd` and `remoteConfiguration` let an answer ask
 * for faster fixes while an SOS is open.
 */
export function ownTracksLink(ingestUrl: string, deviceId: string): string {
  const json = JSON.stringify({
    _type: 'configuration',
    mode: 3,
    url: ingestUrl,
    deviceId,
    monitoring: 2,
    ...ENROLLED_INTERVALS,
    cmd: true,
    remoteConfiguration: true,
  })
  // Filled up to whole groups, ASCII needs no "=" and next to never "+" or "/": nothing that one of the apps would read
  // in another way than the other.
  const whole = json + ' '.repeat((3 - (Buffer.byteLength(json) % 3)) % 3)
  return `owntracks:///config?inline=${encodeURIComponent(Buffer.from(whole, 'utf8').toString('base64'))}`
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/

/** The tower's address where it means "this machine" on every machine; null where a phone may be able to reach it. */
export function loopbackOf(env: Env): string | null {
  const { publicUrl } = settingsOf(env)
  return LOOPBACK.test(publicUrl.hostname) ? publicUrl.origin : null
}

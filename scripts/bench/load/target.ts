// Whom the load goes to and in whose name. Devices are numbered; each has a token of its own, signed here with the
// subject's key, so that thousands of them need no enrolment.

import { createHmac } from 'node:crypto'
import type { RegionId } from '../../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../../src/ingest/device-token'

export type System = 'tower' | 'express' | 'bun'

export type Target = {
  system: System
  /** `http://host:port` */
  url: string
  region: RegionId
  /** DEVICE_KEYS of the tower, the token key of a rival. */
  signingKeys: string
  /** Distinguishes the devices of one scenario from those of the others. */
  devices: string
}

const TOKEN_LIFE_S = 86_400

export const deviceId = (target: Target, n: number): string => `bench-${target.devices}-${n}`

export function tokenOf(target: Target, n: number): string {
  const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_LIFE_S
  if (target.system === 'tower') {
    const claims = { deviceId: deviceId(target, n), home: target.region, generation: 1, expiresAt }
    return signDeviceToken(parseKeys(target.signingKeys), claims)
  }
  const payload = Buffer.from(JSON.stringify({ d: deviceId(target, n), r: target.region, x: expiresAt }))
  const text = payload.toString('base64url')
  return `${text}.${createHmac('sha256', target.signingKeys).update(text).digest('base64url')}`
}

/** The same body to all: a panic with a fresh fix near the region's middle. */
export function pressOf(target: Target, n: number): object {
  const now = new Date().toISOString()
  const [lat, lng] = PLACE[target.region]
  const spread = (step: number) => (((n * step) % 1000) - 500) / 10_000
  return {
    id: crypto.randomUUID(),
    kind: 'panic',
    position: { lat: lat + spread(7), lng: lng + spread(13), accuracyM: 12, fixedAt: now },
    pressedAt: now,
  }
}

/** [lat, lng] about which they press. */
export const PLACE: Record<RegionId, [number, number]> = {
  NCR: [14.5995, 121.0],
  CEB: [10.3157, 123.8854],
  DVO: [7.1907, 125.4553],
  ILO: [10.7202, 122.5621],
}

/** One whole HTTP request, ready for the wire. */
export function requestOf(target: Target, n: number): Uint8Array {
  const body = JSON.stringify(pressOf(target, n))
  const head = [
    'POST /api/sos HTTP/1.1',
    `host: ${new URL(target.url).host}`,
    `authorization: Bearer ${tokenOf(target, n)}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

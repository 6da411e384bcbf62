// The signed name of a device, as it stands in a QR code, an address or a Bearer header. Made and read without a
// database: a press must be known for what it is while everything else is away. Revoking is the room's business.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { REGION_IDS, type RegionId } from '../domain/region'

/** A signing key and the name under which tokens refer to it. */
export type SigningKey = { kid: string; key: Buffer }

export type DeviceClaims = {
  deviceId: string
  home: RegionId
  /** Counts up with each new token of a device; the room revokes what is below a device's minimum. */
  generation: number
  /** Epoch seconds. */
  expiresAt: number
  /** Of a server that speaks for the devices that its records name (src/domain/gateway.ts). */
  gateway?: boolean
}

/** `expired` is a label, not a refusal: an old token still says who is in danger. */
export type DeviceIdentity =
  | { genuine: true; deviceId: string; home: RegionId; generation: number; expired: boolean; gateway?: true }
  | { genuine: false }

/** How a token begins, and words that no other signature of ours begins with, so that none can pass for another. */
const KINDS = {
  device: { prefix: 'd1', domain: 'xot device token 1\n' },
  gateway: { prefix: 'g1', domain: 'xot gateway token 1\n' },
} as const
type TokenKind = keyof typeof KINDS
/** 128 bits: enough against forgery, and the QR code stays coarse enough for a cheap camera. */
const MAC_BYTES = 16
const SAFE_KID = /^[A-Za-z0-9_-]{1,16}$/
const LONGEST_TOKEN = 400
const FORGED: DeviceIdentity = { genuine: false }

/** A process has two or three texts of keys, and reads them with every request. */
const known = new Map<string, readonly SigningKey[]>()
const KNOWN_TEXTS = 16

/**
 * "kid:base64url,kid:base64url", newest first. A text is read once, so that asking with every request is free.
 * Throws on settings that cannot be keys, without saying what they were.
 */
export function parseKeys(text: string): readonly SigningKey[] {
  const before = known.get(text)
  if (before) return before
  const keys = text.split(',').map((part) => {
    const colon = part.indexOf(':')
    const kid = part.slice(0, colon).trim()
    const key = Buffer.from(part.slice(colon + 1).trim(), 'base64url')
    if (!SAFE_KID.test(kid)) throw new Error('a signing key has no name: "kid:base64url,kid:base64url" is expected')
    if (key.length < 16) throw new Error(`signing key ${kid} is shorter than 128 bits`)
    return { kid, key }
  })
  if (known.size >= KNOWN_TEXTS) known.clear()
  known.set(text, keys)
  return keys
}

/** `d1.<kid>.<payload>.<mac>`, a gateway's `g1.…`: letters, digits, `.`, `-` and `_` only, so it can stand in a path as it is. */
export function signDeviceToken(keys: readonly SigningKey[], claims: DeviceClaims): string {
  const [newest] = keys
  if (!newest) throw new Error('no signing key')
  const { deviceId, home, generation, expiresAt, gateway = false } = claims
  const kind: TokenKind = gateway ? 'gateway' : 'device'
  const payload = Buffer.from(
    `${home}~${generation.toString(36)}~${Math.trunc(expiresAt).toString(36)}~${deviceId}`,
    'utf8',
  ).toString('base64url')
  const token = `${KINDS[kind].prefix}.${newest.kid}.${payload}.${macOf(kind, newest, payload)}`
  if (token.length > LONGEST_TOKEN) throw new Error(`device id ${deviceId.slice(0, 20)}… is too long for a token`)
  return token
}

/**
 * Tokens whose signature held, and by which keys: a vehicle shows the same one every few seconds, and to compute a signature
 * takes longer than all else that its report needs. A forged one is never here, nor does any fill it.
 */
const proven = new Map<string, readonly SigningKey[]>()
const MOST_PROVEN = 10_000

/** Reads any text whatever. `now` in epoch ms. */
export function verifyDeviceToken(keys: readonly SigningKey[], token: string, now: number): DeviceIdentity {
  const kind: TokenKind | null = token.startsWith('d1.') ? 'device' : token.startsWith('g1.') ? 'gateway' : null
  if (token.length > LONGEST_TOKEN || kind === null) return FORGED
  const parts = token.split('.')
  const [, kid, payload, mac] = parts
  if (parts.length !== 4 || !kid || !payload || !mac) return FORGED
  const key = keys.find((each) => each.kid === kid)
  if (!key) return FORGED
  if (proven.get(token) !== keys) {
    if (!sameText(mac, macOf(kind, key, payload))) return FORGED
    if (proven.size >= MOST_PROVEN) proven.clear()
    proven.set(token, keys)
  }
  const device = claimsOf(payload, now)
  return kind === 'gateway' && device.genuine ? { ...device, gateway: true } : device
}

/** Compares two texts in a time that depends on their lengths alone. */
export function sameText(given: string, wanted: string): boolean {
  const a = Buffer.from(given, 'utf8')
  const b = Buffer.from(wanted, 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Only after the signature held: what stands here is what we wrote. */
function claimsOf(payload: string, now: number): DeviceIdentity {
  const [home, generation, expiresAt, ...id] = Buffer.from(payload, 'base64url').toString('utf8').split('~')
  const region = REGION_IDS.find((each) => each === home)
  if (!region || !generation || !expiresAt || id.length === 0) return FORGED
  return {
    genuine: true,
    deviceId: id.join('~'),
    home: region,
    generation: Number.parseInt(generation, 36),
    expired: Number.parseInt(expiresAt, 36) * 1000 <= now,
  }
}

// The comparison is of the text, not of the bytes: base64url has several spellings of the same bytes.
const macOf = (kind: TokenKind, { kid, key }: SigningKey, payload: string): string =>
  createHmac('sha256', key)
    .update(`${KINDS[kind].domain}${kid}.${payload}`)
    .digest()
    .subarray(0, MAC_BYTES)
    .toString('base64url')

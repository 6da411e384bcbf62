// The Worker's settings, read once per isolate. A bad one is named, its value never.

import { z } from 'zod'
import { parseKeys, type SigningKey } from '../ingest/device-token'
import { decode } from './auth/keys'
import type { Env } from './env'
import { missingBeside, OUTWARD } from './settings-outward'

export type Settings = {
  /** Without a trailing slash. */
  publicUrl: URL
  /** Under https: cookies are `__Host-`, HSTS is sent. */
  secure: boolean
  sessionKeys: readonly SigningKey[]
  pepper: Uint8Array
  /** Origin of the map tiles; null where they are our own, or there are none. */
  tileOrigin: string | null
}

export class BadSettings extends Error {
  override name = 'BadSettings'
}

const origin = (text: string): URL => {
  const url = new URL(text)
  if (!['http:', 'https:'].includes(url.protocol)) throw new Error('is not an http or https address')
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    throw new Error('must be an origin, without a path')
  return url
}

/** Turns a function that throws into a check that says why, and never what. */
const by =
  <T>(read: (text: string) => T) =>
  (text: string, ctx: z.RefinementCtx): T => {
    try {
      return read(text)
    } catch (cause) {
      ctx.addIssue({
        code: 'custom',
        message: cause instanceof TypeError ? 'is not readable' : String((cause as Error).message),
      })
      return z.NEVER
    }
  }

const required = z.string({ error: 'is missing' }).min(1, 'is empty')
const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined)

const Shape = z.object({
  PUBLIC_URL: required.transform(by(origin)),
  SESSION_KEYS: required.transform(by(parseKeys)),
  DEVICE_KEYS: required.transform(by(parseKeys)),
  PEPPER: required.transform(
    by((text) => {
      const bytes = decode(text)
      if (bytes.length < 16) throw new Error('is shorter than 16 bytes')
      return bytes
    }),
  ),
  INTAKE_SHARDS: optional.refine(
    (text) => text === undefined || /^([1-9]|[1-5]\d|6[0-4])$/.test(text),
    'is not 1 to 64',
  ),
  FLEET_SHARDS: optional.refine((text) => text === undefined || /^([1-9]|1[0-6])$/.test(text), 'is not 1 to 16'),
  COURIER_SHARDS: optional.refine((text) => text === undefined || /^([1-9]|1[0-6])$/.test(text), 'is not 1 to 16'),
  SILENT_AFTER_S: optional.refine(
    (text) => text === undefined || /^([5-9]|[1-9]\d{1,2}|[12]\d{3})$/.test(text),
    'is not 5 to 2999',
  ),
  STEP_AROUND: optional.refine((text) => text === undefined || ['on', 'off'].includes(text), 'is not on or off'),
  DEADMAN_URL: optional.refine((text) => text === undefined || isHttp(text), 'is not an http or https address'),
  GOOGLE_MAPS_KEY: optional.refine((text) => text === undefined || /^[\x21-\x7e]+$/.test(text), 'is not a key'),
  GEOCODE_CACHE: optional.refine((text) => text === undefined || ['on', 'off'].includes(text), 'is not on or off'),
  TILE_URL: optional.refine(
    (text) => text === undefined || isTileUrl(text),
    'is neither an http(s) address nor a path',
  ),
  UPSTASH_REDIS_REST_URL: optional.refine(
    (text) => text === undefined || isHttp(text),
    'is not an http or https address',
  ),
  // It becomes part of a header: what no header may hold would fail with the first question.
  UPSTASH_REDIS_REST_TOKEN: optional.refine(
    (text) => text === undefined || /^[\x21-\x7e]+$/.test(text),
    'has spaces or characters that no token has',
  ),
  ...OUTWARD,
})

/** The two make sense only together; and so do the settings of each way out. */
const WHOLE = Shape.superRefine((values, ctx) => {
  for (const { name, message } of missingBeside(values)) ctx.addIssue({ code: 'custom', path: [name], message })
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = values
  if ((url === undefined) === (token === undefined)) return
  const path = [url === undefined ? 'UPSTASH_REDIS_REST_URL' : 'UPSTASH_REDIS_REST_TOKEN']
  ctx.addIssue({ code: 'custom', path, message: 'is missing beside the other of the two' })
})

/** Throws `BadSettings` with every variable that is wrong. */
export function checkSettings(env: Partial<Record<keyof Env, unknown>>): Settings {
  const found = WHOLE.safeParse(env)
  if (!found.success) {
    const faults = found.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`)
    throw new BadSettings(`Settings cannot be used: ${faults.join('; ')}.`)
  }
  const { PUBLIC_URL, SESSION_KEYS, PEPPER, TILE_URL } = found.data
  return {
    publicUrl: PUBLIC_URL,
    secure: PUBLIC_URL.protocol === 'https:',
    sessionKeys: SESSION_KEYS,
    pepper: PEPPER,
    tileOrigin: TILE_URL === undefined || TILE_URL.startsWith('/') ? null : new URL(plain(TILE_URL)).origin,
  }
}

let checked: { env: Env; settings: Settings } | null = null

/** The same for every request of an isolate: its environment does not change while it lives. */
export function settingsOf(env: Env): Settings {
  if (checked?.env !== env && !sameTexts(checked?.env, env)) checked = { env, settings: checkSettings(env) }
  return (checked as { settings: Settings }).settings
}

/** The writer's address; null where no Postgres is configured. */
export const postgresUrl = (env: Pick<Env, 'HYPERDRIVE' | 'DATABASE_URL'>): string | null =>
  env.HYPERDRIVE?.connectionString ?? (env.DATABASE_URL || null)

const READ = ['PUBLIC_URL', 'SESSION_KEYS', 'DEVICE_KEYS', 'PEPPER', 'TILE_URL'] as const
const sameTexts = (a: Env | undefined, b: Env): boolean => a !== undefined && READ.every((name) => a[name] === b[name])

const isHttp = (text: string): boolean => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '')
const isTileUrl = (text: string): boolean => text.startsWith('/') || isHttp(plain(text))
/** Leaflet's own marks, as in https://{s}.tiles.example/{z}/{x}/{y}.png, are no part of a host name. */
const plain = (text: string): string => text.replace('{s}', '*').replaceAll(/[{}]/g, '')

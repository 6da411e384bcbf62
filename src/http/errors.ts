// The one place that turns a refusal into an HTTP status. Bodies are {error: {code, message, field?}}.

import type { Context } from 'hono'
import type { Refusal } from '../domain/command'
import type { AppEnv } from './env'

export type ErrorBody = { error: { code: string; message: string; field?: string } }

const STATUS = { not_found: 404, conflict: 409, invalid: 422, forbidden: 403 } as const satisfies Record<
  Refusal['code'],
  number
>

export const refused = (c: Context<AppEnv>, refusal: Refusal) =>
  c.json({ error: { code: refusal.reason, message: refusal.message } } satisfies ErrorBody, STATUS[refusal.code])

export const failed = (
  c: Context<AppEnv>,
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 503,
  code: string,
  message: string,
  field?: string,
) => c.json({ error: field === undefined ? { code, message } : { code, message, field } } satisfies ErrorBody, status)

// How every route of the operators' API is built: what stands before its handler, which refusals it can give,
// and how an answer of a room becomes a response.

import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type Action, may } from '../../domain/access'
import type { Refusal } from '../../domain/command'
import type { IncidentSummary } from '../../domain/incident'
import type { RegionId } from '../../domain/region'
import type { Answer } from '../../room/contract'
import { allow } from '../auth/session'
import { FOREIGN } from '../desk'
import type { AppEnv } from '../env'
import { failed } from '../errors'
import { invalid } from './invalid'
import { ErrorSchema } from './schemas/common'
import { IncidentAnswerSchema, RefusalSchema } from './schemas/incident'

/** A sub-app whose refusals all have one form. Failures that are not the caller's go up to the app. */
export function newApi(): OpenAPIHono<AppEnv> {
  const api = new OpenAPIHono<AppEnv>({ defaultHook: invalid })
  api.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 415) {
      return failed(c, 415, 'wrong_content_type', 'The body must be JSON, with Content-Type: application/json.')
    }
    if (error instanceof HTTPException && error.status === 400) {
      return failed(c, 400, 'malformed_json', 'The body is not JSON.')
    }
    throw error
  })
  return api
}

/**
 * For every route: a person is logged in, and their role may do this in any of their regions. Which region it is about
 * is asked again by the room. The app's guard says the same from its table; here nothing depends on the order of mounting.
 */
export const needs =
  (action: Action | 'session'): MiddlewareHandler<AppEnv> =>
  (c, next) => {
    if ((c.get('viewer') as unknown) === undefined) {
      return Promise.resolve(failed(c, 401, 'no_session', 'Log in first.'))
    }
    return action === 'session' ? next() : allow(action)(c, next)
  }

/** Before a body is read: an empty one counts as none, whatever its content type says. */
export const body: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.header('content-type') !== undefined && (await c.req.text()).trim() === '') {
    const headers = new Headers(c.req.raw.headers)
    headers.delete('content-type')
    c.req.raw = new Request(c.req.raw.url, { method: c.req.raw.method, headers })
  }
  await next()
}

export const session = [{ session: [] }, { sessionCookie: [] }]

/** Of the document: an answer of this schema, and a refusal. */
export const one = <S>(description: string, schema: S) => ({ description, content: { 'application/json': { schema } } })
export const no = (description: string) => one(description, ErrorSchema)

/** Refusals of every route that needs a person. */
export const COMMON = {
  401: no('No session, or an ended one.'),
  403: no('Your role may not do this, or not in this region.'),
  503: no('The room does not answer now. Nothing was changed for certain: ask again, repeats are safe.'),
} as const

export const WITH_QUERY = { 422: no('A wrong value; `field` names the first.') } as const

export const WITH_BODY = {
  400: no('The body is not JSON.'),
  413: no('The body is larger than 64 kB.'),
  415: no('The body is of another content type than JSON.'),
  422: no('A wrong body; `field` names the first wrong field.'),
} as const

export const UNKNOWN = { 404: no('There is no such incident.') } as const

/** Refused because of how things stand. */
export const CONFLICT = {
  409: {
    description: 'Not possible now. `incident` is how it stands, so that a second taker sees who has it.',
    content: { 'application/json': { schema: RefusalSchema } },
  },
} as const

type Every<T extends readonly object[]> = T extends readonly [infer First, ...infer Rest extends readonly object[]]
  ? First & Every<Rest>
  : unknown

/** Groups of answers as one. Spread, their numeric keys would become texts to TypeScript 7.0.2, and fit no status. */
export const responses = <T extends readonly object[]>(...groups: T): Every<T> =>
  Object.assign({}, ...groups) as Every<T>

/** What an act on one incident can answer. */
export const ANSWERS = responses(
  {
    200: {
      description: 'Done, or already so: the incident as it is now.',
      content: { 'application/json': { schema: IncidentAnswerSchema } },
    },
  } as const,
  CONFLICT,
  UNKNOWN,
  WITH_BODY,
  COMMON,
)

export const json = <S>(schema: S, required = true) => ({
  body: { required, content: { 'application/json': { schema } } },
})

/** For what can only be refused because of who asks, or where. */
export const forbidden = (c: Context<AppEnv>, { reason, message }: Refusal) =>
  c.json({ error: { code: reason, message } }, 403)

export const unknown = (c: Context<AppEnv>, { reason, message }: Refusal) =>
  c.json({ error: { code: reason, message } }, 404)

/** Null where this person may do this in that region. */
export const elsewhere = (c: Context<AppEnv>, action: Action, at: RegionId) =>
  may(c.var.viewer, action, [at]) ? null : forbidden(c, FOREIGN)

/** What can only be refused because of who asks, or because there is none of it. */
export const hidden = (c: Context<AppEnv>, refusal: Refusal) =>
  refusal.code === 'not_found' ? unknown(c, refusal) : forbidden(c, refusal)

export const NO_REGION: Refusal = { code: 'forbidden', reason: 'no_region', message: 'You have no region.' }

/** A refusal as its status; with the incident only where the caller may see it. */
export function refusing(c: Context<AppEnv>, { code, reason, message }: Refusal, incident?: IncidentSummary) {
  const error = { code: reason, message }
  switch (code) {
    case 'not_found':
      return c.json({ error }, 404)
    case 'forbidden':
      return c.json({ error }, 403)
    case 'invalid':
      return c.json({ error }, 422)
    case 'conflict':
      return c.json(incident ? { error, incident } : { error }, 409)
  }
}

export const answered = (c: Context<AppEnv>, answer: Answer) =>
  answer.ok ? c.json({ incident: answer.incident }, 200) : refusing(c, answer.refusal, answer.incident)

// Asks the access table before any handler runs: no row, no answer; no session or right, no handler.

import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { ACCESS_TABLE, type Needs } from './access-table'
import { allow, requireSession } from './auth/session'
import type { AppEnv } from './env'

const NEEDS = new Map<string, Needs>(ACCESS_TABLE.map(([method, path, needs]) => [`${method} ${path}`, needs]))

/** Stands before all handlers but the doors, which know devices and sockets themselves. Deny by default. */
export const guard: MiddlewareHandler<AppEnv> = async (c, next) => {
  const needs = needsOf(c)
  if (needs === null) return c.notFound()
  if (needs === 'public' || needs === 'device' || needs === 'socket') return next()
  if (needs === 'session') return requireSession(c, next)
  return requireSession(c, async () => {
    const refusal = await allow(needs)(c, next)
    if (refusal) c.res = refusal
  })
}

/** Of the handler that would answer. Middleware is registered under ALL, and is no handler. */
function needsOf(c: Context<AppEnv>): Needs | null {
  for (const { method, path } of matchedRoutes(c)) {
    const needs = method === 'ALL' ? undefined : NEEDS.get(`${method} ${path}`)
    if (needs !== undefined) return needs
    if (method !== 'ALL') return null
  }
  return null
}

// A path with a NUL in it is nothing of ours: PostgreSQL holds no such text, so a query with one fails as if it were away.

import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../env'
import { answer } from '../failure'

/** Stands behind the doors, which take what they can of any address. Hono has decoded the path. */
export const noNul: MiddlewareHandler<AppEnv> = async (c, next) => (c.req.path.includes('\0') ? answer(c, 404) : next())

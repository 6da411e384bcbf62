// The Hono app: which part answers what, and in which order. Doors first, for nothing may stand before a press;
// then what every page and API has in common; then the access table; then the parts themselves.

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { api } from './api'
import { createAuth } from './auth'
import { appDoors, positionDoors, sosDoors, unplaced } from './doors'
import type { AppEnv } from './env'
import { answer, onError, onNotFound } from './failure'
import { guard } from './guard'
import { health } from './health'
import { hooks } from './hooks'
import { language } from './language'
import { live } from './live'
import { map } from './map'
import { pages } from './pages'
import { csrf } from './security/csrf'
import { securityHeaders } from './security/headers'
import { noNul } from './security/nul'
import { createShare } from './share'

/** Longest body of anything but a press: whose door reads what it needs of any length. */
const MAX_BODY_BYTES = 64 * 1024

export function createApp() {
  // An app adds a slash of its own to the address that it was given.
  const app = new Hono<AppEnv>({ strict: false })
  app.onError(onError)
  app.notFound(onNotFound)

  app.route('/', sosDoors)
  app.route('/', appDoors)
  app.route('/', positionDoors)
  app.route('/', live)
  app.route('/', map)
  app.route('/', hooks)

  app.use(securityHeaders)
  app.use(language)
  app.use(noNul)
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => answer(c, 413) }))
  app.use(csrf)
  app.use(guard)

  app.route('/', health)
  app.route('/', createAuth())
  app.route('/', createShare())
  app.route('/', unplaced)
  app.route('/', api)
  app.route('/', pages)
  return app
}

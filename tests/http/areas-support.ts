// The whole app before a real room whose region has drivers in an area, and a phone whose presses reach that room.

import type { Viewer } from '../../src/domain/access'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { statusUrl } from '../../src/http/doors/status-url'
import type { Env } from '../../src/http/env'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { areaDesk } from '../room/areas-support'
import { workerEnv } from '../support/worker-env'
import type { Body } from './api-support'

const app = createApp()

export function areaTower(options: Parameters<typeof areaDesk>[0] = {}) {
  const at = areaDesk(options)
  const env: Env = workerEnv({
    room: () => ({
      areas: at.desk,
      sessionHolds: async () => true,
    }),
    intake: (name) => ({
      press: async (press) => {
        at.room.receive({
          intake: name,
          presses: [press],
          cancels: [],
          unverified: null,
          canary: null,
          directoryVersion: 0,
        })
        return { sosId: press.sosId, receivedAt: press.receivedAt, known: false }
      },
    }),
  })
  const ask = async (path: string, init: RequestInit) => {
    const answer = await app.request(path, init, env)
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ?? false
    return { status: answer.status, headers: answer.headers, text, body: (json ? JSON.parse(text) : null) as Body }
  }
  const as = (person: Viewer, lang = 'en') => {
    const { token } = openSession(env, person, Date.now())
    const headers = { authorization: `Bearer ${token}`, cookie: `lang=${lang}` }
    return {
      get: (path: string) => ask(path, { headers }),
      post: (path: string, body: unknown) =>
        ask(path, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      form: (path: string, fields: Record<string, string>) =>
        ask(path, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded', 'hx-request': 'true' },
          body: new URLSearchParams(fields).toString(),
        }),
    }
  }
  const phone = (deviceId: string) => {
    const expiresAt = Math.floor(Date.now() / 1_000) + 3_600
    const token = signDeviceToken(parseKeys(env.DEVICE_KEYS), { deviceId, home: 'NCR', generation: 1, expiresAt })
    const headers = { authorization: `Bearer ${token}` }
    return {
      get: (path: string) => ask(path, { headers }),
      post: (path: string, body: unknown) => ask(path, { method: 'POST', headers, body: JSON.stringify(body) }),
      /** The address that stands for the token, for this press alone. */
      pathOf: (sosId: string, what: string) => {
        const { pathname, search } = new URL(statusUrl(env, sosId, { region: 'NCR', shard: 0, deviceId }))
        return `${pathname}/${what}${search}`
      },
    }
  }
  return { ...at, env, as, phone, anybody: (path: string, init: RequestInit = {}) => ask(path, init) }
}

// The rota's routes before a real Postgres; rooms remember that they were asked to look.

import postgres from 'postgres'
import type { Role } from '../../src/domain/access'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { viewer } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'
import type { Body } from './api-support'

const app = createApp()
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export async function rotaTower() {
  const urls = await testDatabase()
  const store: Postgres = openPostgres(urls.writer)
  const owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  const ticked: string[] = []
  const towerWith = (settings: Partial<Env>): Env =>
    workerEnv(
      {
        room: (region) => ({
          sessionHolds: async () => true,
          tick: async () => {
            ticked.push(region)
            throw new Error('what it answers is of no interest')
          },
        }),
      },
      settings,
    )
  const env = towerWith({ DATABASE_URL: urls.writer })
  const send = async (method: string, path: string, init: RequestInit, who: { uid?: string; role?: Role }, at: Env) => {
    const { uid = `of-${who.role ?? 'supervisor'}`, role = 'supervisor' } = who
    const { token } = openSession(at, viewer(uid, { role }), Date.now())
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) }
    const answer = await app.request(path, { method, ...init, headers }, at)
    return { status: answer.status, text: await answer.text() }
  }
  return {
    store,
    owner,
    ticked,
    /** Postgres is not there. */
    without: towerWith({ DATABASE_URL: 'postgres://x:y@127.0.0.1:1/none' }),
    api: async (
      method: string,
      path: string,
      body?: unknown,
      who: { uid?: string; role?: Role } = {},
      at: Env = env,
    ): Promise<{ status: number; body: Body }> => {
      const init = {
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }
      const { status, text } = await send(method, path, init, who, at)
      return { status, body: text ? JSON.parse(text) : null }
    },
    page: (path: string, who: { uid?: string; role?: Role; lang?: string } = {}, at: Env = env) =>
      send('GET', path, { headers: who.lang ? { cookie: `lang=${who.lang}` } : {} }, who, at),
    form: (path: string, fields: Record<string, string>, who: { uid?: string; role?: Role } = {}, at: Env = env) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'hx-request': 'true' }
      return send('POST', path, { headers, body: new URLSearchParams(fields).toString() }, who, at)
    },
    close: async () => {
      await store.close()
      await owner.end({ timeout: 5 })
    },
  }
}

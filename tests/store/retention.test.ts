// What is forgotten of what left the tower, and what is not: on a real Postgres, by the writer's own account.

import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { forgetOld } from '../../src/store/retention'
import { testDatabase } from '../support/postgres'

let owner: postgres.Sql
let store: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
  store = openPostgres(urls.writer)
})
afterAll(async () => {
  await store.close()
  await owner.end({ timeout: 5 })
})

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const left = async (table: string) => (await owner.unsafe(`SELECT 1 FROM ${table}`)).length
/** Of every table a row of each of these ages, in days; attempts in every region. */
async function made(...ages: number[]): Promise<void> {
  for (const [n, age] of ages.entries()) {
    const at = new Date(Date.now() - age * 86_400_000)
    await owner`INSERT INTO attempt (id, region, page_id, reason, step, contact_id, contact_name, channel, sent_to, n, state, drill,
        began_at, times)
      SELECT region || ${n}::text, region, 'p', 'escalation', 'lead', 'c', 'C', 'sms', 'x', 1, 'delivered', false, ${at}, '{}'
      FROM region`
    await owner`INSERT INTO share_view (id, region, link_id, at, ip_hash) VALUES (${id(n)}, 'NCR', ${id(1)}, ${at}, 'x')`
    await owner`INSERT INTO broadcast_answer (broadcast_id, device_id, region, answer, at)
      VALUES (${id(1)}, ${`d${n}`}, 'NCR', 'safe', ${at})`
    await owner`INSERT INTO drill_result (drill_id, subject, region, name, passed, at)
      VALUES (${id(1)}, ${`d${n}`}, 'NCR', 'D', true, ${at})`
  }
}

beforeEach(async () => {
  await owner`TRUNCATE attempt, share_view, share_link, broadcast_answer, broadcast, drill_result, drill`
  await owner`INSERT INTO share_link (id, region, incident_id, token_hash, recipient, granted, made_by, made_at, expires_at)
    VALUES (${id(1)}, 'NCR', 'i', 't', 'Luz', '{position}', 'u', now(), now())`
  await owner`INSERT INTO broadcast (id, region, ref, area, text, counts, sent_by, at, expires_at)
    VALUES (${id(1)}, 'NCR', 'A-1', '[]', 'FLOOD', '{}', 'u', now() - interval '3 years', now())`
  await owner`INSERT INTO drill (id, region, ref, kind, subject, started_by, at, until_at)
    VALUES (${id(1)}, 'NCR', 'D1', 'driver', 'x', 'u', now() - interval '3 years', now())`
})

test('each table is kept for its own time, and what they belong to is kept', async () => {
  await made(1, 29.9, 30.1, 364.9, 365.1, 900)
  expect(await forgetOld(store.db)).toEqual({ attempt: 8, share_view: 4, broadcast_answer: 2, drill_result: 2 })
  expect(await left('attempt')).toBe(16)
  expect(await left('share_view')).toBe(2)
  expect(await left('broadcast_answer')).toBe(4)
  expect(await left('drill_result')).toBe(4)
  for (const table of ['share_link', 'broadcast', 'drill']) expect(await left(table)).toBe(1)
  expect(await forgetOld(store.db)).toEqual({ attempt: 0, share_view: 0, broadcast_answer: 0, drill_result: 0 })
})

test('goes by portions, and what is too much for one run goes with the next', async () => {
  await made(400, 401, 402, 403, 404)
  expect(await forgetOld(store.db, 2, 2)).toEqual({ attempt: 4, share_view: 4, broadcast_answer: 4, drill_result: 4 })
  expect(await left('drill_result')).toBe(1)
  expect(await forgetOld(store.db, 2, 20)).toEqual({ attempt: 16, share_view: 1, broadcast_answer: 1, drill_result: 1 })
})

test('the Worker’s account can neither delete by itself nor shorten what is kept', async () => {
  await made(10)
  for (const table of ['attempt', 'share_view', 'broadcast_answer', 'drill_result'])
    expect(await refusal(sql.raw(`DELETE FROM ${table}`))).toMatch(/permission denied/)
  for (const forget of ['forget_attempts', 'forget_share_views', 'forget_broadcast_answers', 'forget_drill_results'])
    expect(await store.db.execute(sql.raw(`SELECT ${forget}(-1000, 100)::int AS count`))).toMatchObject([{ count: 0 }])
  expect(await left('share_view')).toBe(1)
})

const refusal = async (statement: ReturnType<typeof sql.raw>): Promise<string> =>
  store.db.execute(statement).then(
    () => 'allowed',
    (error: Error) => String((error.cause as Error | undefined)?.message ?? error.message),
  )

// PostgreSQL is started again under a stream of positions: each that was acknowledged is in Postgres once.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { devicesOf, until } from '../system/people'

let tower: Tower

beforeAll(async () => {
  tower = await startTestTower()
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

async function stored(): Promise<{ rows: number; places: number }> {
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    const [found] = await sql<{ rows: number; places: number }[]>`
      SELECT count(*)::int AS rows, count(DISTINCT (device_id, at, lat, lng))::int AS places FROM position`
    return found ?? { rows: 0, places: 0 }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

test('positions by socket and by message go on while Postgres is started again, and all of them arrive', async () => {
  const next = devicesOf(tower, 'NCR')
  const [driver, phone] = [next(), next()]
  const began = Date.now() - 600_000
  let taken = 0
  const message = (step: number) => ({
    positions: Array.from({ length: 20 }, (_, n) => ({
      lat: 14.5 + (step * 20 + n) / 1e5,
      lng: 121,
      fixedAt: began + (step * 20 + n) * 10,
    })),
  })
  const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/drivers/positions`, {
    headers: { authorization: `Bearer ${driver.token}` },
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  socket.addEventListener('message', ({ data }) => {
    taken += (JSON.parse(String(data)) as { taken: number }).taken
  })
  const send = async (step: number) => {
    socket.send(JSON.stringify(message(step)))
    const answer = await fetch(`${tower.url}/api/positions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${phone.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(message(step)),
    })
    expect(answer.status).toBe(200)
    taken += ((await answer.json()) as { taken: number }).taken
    await Bun.sleep(50)
  }
  for (let step = 0; step < 20; step++) await send(step)
  await until(async () => (await stored()).rows > 0, 10_000, 'positions in Postgres')
  await tower.postgres?.stop()
  for (let step = 20; step < 40; step++) await send(step)
  await tower.postgres?.start()
  for (let step = 40; step < 60; step++) await send(step)
  await until(() => taken === 60 * 40, 10_000, 'all acknowledged')
  await until(async () => (await stored()).rows >= taken, 20_000, 'all in Postgres')
  expect(await stored()).toEqual({ rows: taken, places: taken })
  socket.close()
}, 90_000)

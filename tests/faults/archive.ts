// Whether Postgres has what the rooms have, row for row; and statements of the owner's, for faults that only a database can make.

import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { RegionId } from '../../src/domain/region'
import { archivedLog, roomHealth, until } from '../system/people'
import { wholeLog } from './phones'

/** With a connection of the owner's, direct, whatever stands between the Worker and Postgres. */
export async function ofPostgres<T>(tower: Tower, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    return await ask(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

export type Compared = { rows: number; missing: number; differing: number; doubled: number; caughtUpMs: number }

/** Waits until Postgres has all that the room has logged by now, then compares each of these lines with its row. */
export async function compareArchive(tower: Tower, region: RegionId, ms: number): Promise<Compared> {
  const began = performance.now()
  const log = await wholeLog(tower, region)
  const last = log.at(-1)?.seq ?? 0
  await until(
    async () => {
      const { archivedSeq, parked } = await roomHealth(tower, region)
      if (archivedSeq >= last && parked === 0) return true
      await Bun.sleep(250)
      return false
    },
    ms,
    'everything in Postgres',
  )
  const caughtUpMs = performance.now() - began
  return ofPostgres(tower, async (sql) => {
    const rows = await archivedLog(sql, region)
    const byLine = Map.groupBy(rows, ({ epoch, seq }) => `${epoch} ${seq}`)
    let [missing, differing, doubled] = [0, 0, 0]
    for (const line of log) {
      const [row, ...more] = byLine.get(`${line.epoch} ${line.seq}`) ?? []
      doubled += more.length
      if (!row) missing++
      else if (row.hash !== line.hash || row.type !== line.type || row.incident !== line.incident) differing++
    }
    const created = log.filter(({ type, incident }) => type === 'created' && incident !== null)
    const [found] =
      await sql`SELECT count(*)::int AS n, count(DISTINCT id)::int AS ids FROM incident WHERE region = ${region}`
    missing += Math.max(0, created.length - Number(found?.ids))
    doubled += Number(found?.n) - Number(found?.ids)
    return { rows: rows.length, missing, differing, doubled, caughtUpMs }
  })
}

/** Vehicles that report over one socket each, a position a second, until `stop`. Gives how many the tower took. */
export async function drive(
  tower: Tower,
  devices: readonly { id: string; token: string }[],
): Promise<{ taken(): number; stop(): Promise<number> }> {
  let [sent, taken] = [0, 0]
  const sockets = await Promise.all(
    devices.map(async ({ token }) => {
      const socket = new WebSocket(`${tower.url.replace('http', 'ws')}/api/drivers/positions`, {
        headers: { authorization: `Bearer ${token}` },
      } as unknown as string[])
      socket.addEventListener('message', ({ data }) => {
        taken += (JSON.parse(String(data)) as { taken?: number }).taken ?? 0
      })
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve)
        socket.addEventListener('error', () => reject(new Error('no socket for positions')))
      })
      return socket
    }),
  )
  const began = Date.now()
  let step = 0
  const timer = setInterval(() => {
    step++
    for (const [n, socket] of sockets.entries()) {
      if (socket.readyState !== WebSocket.OPEN) continue
      socket.send(
        JSON.stringify({ lat: 14.5 + n / 1_000 + step / 100_000, lng: 121, fixedAt: began + step * 1_000 + n }),
      )
      sent++
    }
  }, 250)
  return {
    taken: () => taken,
    stop: async () => {
      clearInterval(timer)
      await until(() => taken >= sent, 20_000, 'all positions acknowledged')
      for (const socket of sockets) socket.close()
      return taken
    },
  }
}

/** Positions of these devices in Postgres: rows, and different ones. */
export async function positionRows(
  tower: Tower,
  devices: readonly { id: string }[],
): Promise<{ rows: number; different: number }> {
  return ofPostgres(tower, async (sql) => {
    const [found] = await sql<{ rows: number; different: number }[]>`
      SELECT count(*)::int AS rows, count(DISTINCT (device_id, at, lat, lng))::int AS different FROM position
      WHERE device_id IN ${sql(devices.map(({ id }) => id))}`
    return found ?? { rows: 0, different: 0 }
  })
}

import { expect, test } from 'bun:test'
import type { OutboxRow } from '../../src/room/contract'
import { archiveLog } from '../../src/room/departures'
import { aPress } from '../support/made-up'
import { openRoom } from '../support/room'

class RowFault extends Error {}
const isRowFault = (error: unknown) => error instanceof RowFault

function full(presses: number) {
  const opened = openRoom()
  opened.send(Array.from({ length: presses }, (_, n) => aPress({ deviceId: `dev-${n}` })))
  return opened
}

test('rows leave in the order of their seq, and are forgotten only when delivered', async () => {
  const { room } = full(1_200)
  const got: number[] = []
  const deliver = async (rows: OutboxRow[]) => void got.push(...rows.map((row) => row.event.seq))
  await archiveLog(room, deliver, isRowFault)
  // The epoch, each press, and the storm that so many are.
  expect(room.log.seq).toBeGreaterThan(1_201)
  expect(got).toEqual(Array.from({ length: room.log.seq }, (_, n) => n + 1))
  expect(room.log.waiting()).toEqual({ outbox: 0, parked: 0 })
})

test('while Postgres is away nothing is lost and nothing is parked', async () => {
  const { room } = full(3)
  const away = async () => Promise.reject(new Error('connection refused'))
  await expect(archiveLog(room, away, isRowFault)).rejects.toThrow('connection refused')
  expect(room.log.waiting()).toEqual({ outbox: 4, parked: 0 })
})

test('the one row that cannot be stored is found and parked, the others flow, and it can be sent again', async () => {
  const { room } = full(60)
  const stored = new Set<number>()
  let poison = 33
  const deliver = async (rows: OutboxRow[]) => {
    if (rows.some((row) => row.event.seq === poison)) throw new RowFault('invalid byte sequence')
    for (const row of rows) stored.add(row.event.seq)
  }
  await archiveLog(room, deliver, isRowFault)
  expect(stored.size).toBe(room.log.seq - 1)
  expect(stored.has(33)).toBe(false)
  expect(room.log.waiting()).toEqual({ outbox: 0, parked: 1 })
  poison = 0
  expect(room.log.unpark()).toBe(1)
  await archiveLog(room, deliver, isRowFault)
  expect(stored.has(33)).toBe(true)
  expect(room.log.waiting()).toEqual({ outbox: 0, parked: 0 })
})

test('a row carries its incident as it is now', async () => {
  const { room } = full(1)
  const rows: OutboxRow[] = []
  await archiveLog(room, async (batch) => void rows.push(...batch), isRowFault)
  expect(rows[0]).toMatchObject({ event: { type: 'epoch' }, incident: null })
  expect(rows[1]).toMatchObject({ event: { type: 'created' }, incident: { code: 'NCR-1' } })
})

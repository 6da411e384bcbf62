import { describe, expect, test } from 'bun:test'
import type { Report } from '../../src/domain/report'
import { tellFleets } from '../../src/room/departures'
import { aPress, NOON } from '../support/made-up'
import { openRoom } from '../support/room'

const report = (deviceId: string, over: Partial<NonNullable<Report['position']>> = {}): Report => ({
  deviceId,
  home: 'NCR',
  protocol: 'own',
  receivedAt: NOON + 60_000,
  position: {
    lat: 14.6,
    lng: 121.05,
    accuracyM: 9,
    headingDeg: 90,
    speedMps: 12,
    fixedAt: NOON + 60_000,
    batteryPct: 40,
    doubts: [],
    ...over,
  },
  event: null,
  charging: null,
  ignition: null,
})

describe('a vehicle with an open incident', () => {
  test('is shown where it is now, without a change of its incident', () => {
    const b = openRoom()
    b.send([aPress({ deviceId: 'NCR-1' })])
    const seq = b.room.log.seq
    const [moved] = b.room.moved([report('NCR-1'), report('NCR-9')])
    expect(moved).toMatchObject({
      id: b.heard[0]?.id,
      position: { lat: 14.6, lng: 121.05, speedMps: 12, fixedAt: new Date(NOON + 60_000).toISOString() },
    })
    expect(b.room.moved([report('NCR-9')])).toEqual([])
    expect(b.room.log.seq).toBe(seq)
  })

  test('does not go back to where it was before its press, or before what was last said', () => {
    const b = openRoom()
    b.send([aPress({ deviceId: 'NCR-1' })])
    expect(b.room.moved([report('NCR-1', { fixedAt: NOON - 60_000 })])).toEqual([])
    expect(b.room.moved([report('NCR-1')])).toHaveLength(1)
    expect(b.room.moved([report('NCR-1', { fixedAt: NOON + 30_000 })])).toEqual([])
    expect(b.room.moved([report('NCR-1')])).toEqual([])
  })

  test('without a place says nothing that a map could show', () => {
    const b = openRoom()
    b.send([aPress({ deviceId: 'NCR-1' })])
    expect(b.room.moved([{ ...report('NCR-1'), position: null }])).toEqual([])
  })

  test('is told to its own fleet shard, and a room that was born anew tells the same', async () => {
    const b = openRoom()
    b.send([aPress({ deviceId: 'NCR-1' }), aPress({ deviceId: 'NCR-2' })])
    const told = async (room: typeof b.room) => {
      const calls: [number, string[]][] = []
      await tellFleets(
        room,
        2,
        (id) => (id === 'NCR-1' ? 0 : 1),
        async (shard, ids) => void calls.push([shard, ids]),
      )
      return calls
    }
    const wanted: [number, string[]][] = [
      [0, ['NCR-1']],
      [1, ['NCR-2']],
    ]
    expect(await told(b.room)).toEqual(wanted)
    expect(await told(b.reborn().room)).toEqual(wanted)
  })

  test('whose incident is over is told no more', async () => {
    const b = openRoom()
    const { statuses: _ } = b.send([aPress({ deviceId: 'NCR-1' })])
    expect(b.room.incidents.liveDevices()).toEqual(['NCR-1'])
    const incident = b.room.incidents.find(b.heard[0]?.id ?? '')
    if (!incident) throw new Error('there is no incident')
    b.room.incidents.save({ ...incident, state: 'closed' }, b.room.log.seq)
    expect(b.room.incidents.liveDevices()).toEqual([])
  })
})

test('revoked tokens are told to the shard of their device', async () => {
  const b = openRoom()
  const body = {
    id: 'NCR-1',
    home: 'NCR' as const,
    driverId: null,
    vehicleId: null,
    minGeneration: 3,
    pinMac: null,
    duressPinMac: null,
  }
  b.room.learn([
    { kind: 'device', id: 'NCR-1', version: 1, body },
    { kind: 'device', id: 'NCR-2', version: 2, body: { ...body, id: 'NCR-2', minGeneration: 1 } },
  ])
  const calls: Record<string, number>[] = []
  await tellFleets(
    b.room,
    1,
    () => 0,
    async (_, __, least) => void calls.push(least),
  )
  expect(calls).toEqual([{ 'NCR-1': 3 }])
})

test('a token that is revoked later is told, too', () => {
  const b = openRoom()
  const body = {
    id: 'NCR-1',
    home: 'NCR' as const,
    driverId: null,
    vehicleId: null,
    minGeneration: 1,
    pinMac: null,
    duressPinMac: null,
  }
  b.room.learn([{ kind: 'device', id: 'NCR-1', version: 1, body }])
  expect(b.room.directory.minGenerations()).toEqual({})
  b.room.learn([{ kind: 'device', id: 'NCR-1', version: 2, body: { ...body, minGeneration: 2 } }])
  expect(b.room.directory.minGenerations()).toEqual({ 'NCR-1': 2 })
})

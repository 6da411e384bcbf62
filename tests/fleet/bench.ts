// A shard over SQLite in memory with a clock that tests turn, and a Postgres of a few lines that can be away.

import type { DotStatus, FromMap, MapFrame, ToMap } from '../../src/domain/map-frame'
import { decodeFrame } from '../../src/domain/map-frame'
import type { Position } from '../../src/domain/position'
import type { Report } from '../../src/domain/report'
import type { PositionRow } from '../../src/domain/track'
import type { Storage } from '../../src/durable/storage'
import { Fleet, type FleetPorts } from '../../src/fleet/fleet'
import type { MapViewers } from '../../src/fleet/map-viewers'
import { ManualClock } from '../durable/manual-clock'
import { inManila } from '../support/made-up'
import { memoryStorage } from '../support/storage'

export type Bench = ReturnType<typeof openFleet>

export function openFleet(options: { storage?: Storage; clock?: ManualClock; ports?: Partial<FleetPorts> } = {}) {
  const storage = options.storage ?? memoryStorage()
  const clock = options.clock ?? new ManualClock()
  const postgres = { rows: [] as PositionRow[], batches: [] as number[], away: false }
  const failures: string[] = []
  let disarm = () => {}
  let alarmAt: number | null = null
  const fleet: Fleet = new Fleet(
    'NCR:0',
    storage,
    {
      save: async (rows) => {
        if (postgres.away) throw new Error('away')
        postgres.batches.push(rows.length)
        postgres.rows.push(...rows)
      },
      onFailure: (failure) => failures.push(failure),
      wakeAt: (at) => {
        disarm()
        alarmAt = at
        disarm = clock.after(at - clock.now(), () => {
          alarmAt = null
          fleet.alarm()
        })
      },
      ...options.ports,
    },
    clock,
  )
  /** A report that comes now, with a fix of now, changed where the test says so. */
  const report = (
    deviceId: string,
    position: Partial<Position> | null = {},
    changes: Partial<Report> = {},
  ): Report => ({
    deviceId,
    home: 'NCR',
    protocol: 'own',
    receivedAt: clock.now(),
    position: position && { ...inManila, fixedAt: clock.now(), ...position },
    event: null,
    charging: null,
    ignition: null,
    ...changes,
  })
  const say = async (...said: Parameters<typeof report>) => {
    await fleet.report([report(...said)])
    return (await fleet.recent(said[0]))[0]?.verdict
  }
  const lastOf = async (deviceId: string) => (await fleet.lastOf([deviceId]))[0]
  return {
    fleet,
    storage,
    clock,
    postgres,
    failures,
    report,
    say,
    lastOf,
    get alarmAt() {
      return alarmAt
    },
    /** The same storage under a new object, as after a crash: what waited in memory is gone. */
    reborn: (awayMs = 0) => {
      clock.jump(awayMs)
      return openFleet({ ...options, storage, clock })
    },
  }
}

/** So many metres north of Makati. */
export const north = (metres: number): Pick<Position, 'lat' | 'lng'> => ({
  lat: inManila.lat + metres / 111_195,
  lng: inManila.lng,
})

/** A map's page: applies what it hears, as the real one does. */
export function openPage(viewers: MapViewers) {
  const frames: MapFrame[] = []
  const said: ToMap[] = []
  const page = {
    dots: new Map<number, { lat: number; lng: number; status: DotStatus; ageS: number }>(),
    frames,
    said,
    closed: null as number | null,
    send(data: string | ArrayBuffer) {
      if (typeof data === 'string') return void said.push(JSON.parse(data) as ToMap)
      const frame = decodeFrame(data)
      if (!frame) throw new Error('not a frame')
      frames.push(frame)
      if (frame.t === 'gone') for (const index of frame.indexes) page.dots.delete(index)
      else {
        if (frame.t === 'snapshot') page.dots.clear()
        for (const { index, lat, lng, status, ageS } of frame.dots) page.dots.set(index, { lat, lng, status, ageS })
      }
    },
    close(code: number) {
      page.closed = code
    },
    say: (message: FromMap) => viewers.hear(page, JSON.stringify(message)),
    leave: () => viewers.leave(page),
  }
  viewers.join(page)
  return page
}

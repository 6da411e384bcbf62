// An intake on a test bench: its storage, its clock, its room, and what it said to whom.

import type { DeviceRow, DirectoryRow } from '../../src/domain/directory'
import type { Page } from '../../src/domain/page'
import type { Press, UnverifiedPress } from '../../src/domain/press'
import { Intake, type IntakePorts } from '../../src/intake/intake'
import { pinMac } from '../../src/intake/pin'
import type { Told } from '../../src/intake/statuses'
import { ManualClock } from '../durable/manual-clock'
import { memoryStorage } from '../support/storage'
import { FakeRoom } from './fake-room'

export const PEPPER = new Uint8Array(32).fill(7)
export const PIN = '4711'
export const DURESS = '9285'
export const macOf = (pin: string, device = 'bus-1') => pinMac(PEPPER, device, pin)

/** `room` where another than the fake one takes the batches. */
export function bench(name = 'NCR:0', given?: IntakePorts['room']) {
  const clock = new ManualClock()
  const storage = memoryStorage()
  const room = new FakeRoom()
  const told: Told[] = []
  const paged: Page[] = []
  let alarmAt: number | null = null
  const ports: IntakePorts = {
    room: given ?? (() => room),
    tell: (each) => told.push(each),
    lifelines: () => 0,
    wakeAt: (at) => {
      if (at <= clock.now()) throw new Error('an alarm in the past never fires')
      alarmAt = at
    },
    page: async (pages) => {
      for (const page of pages) if (!paged.some(({ id }) => id === page.id)) paged.push(page)
      return pages.map(({ id }) => id)
    },
  }
  const open = (away: Partial<IntakePorts> = {}) => new Intake(name, storage, { ...ports, ...away }, clock)
  const self = {
    clock,
    storage,
    room,
    told,
    paged,
    intake: open(),
    alarmAt: () => alarmAt,
    /** The process died and another one opened the same storage. */
    crash: () => {
      clock.jump(0)
      self.intake = open()
    },
    /** Moves on, firing the object's alarm when it is due. */
    pass: async (ms: number) => {
      const end = clock.now() + ms
      while (alarmAt !== null && alarmAt <= end) {
        const at = alarmAt
        await clock.advance(Math.max(0, at - clock.now()))
        // What ran meanwhile may have set it to another time.
        if (alarmAt !== at) continue
        alarmAt = null
        self.intake.alarm()
      }
      await clock.advance(end - clock.now())
    },
    /** Runs `work` to its end with time going on. */
    done: async <T>(work: Promise<T>): Promise<T> => {
      let open = true
      work.then(
        () => {
          open = false
        },
        () => {
          open = false
        },
      )
      for (let step = 0; open && step < 10_000; step++) await clock.advance(1)
      return work
    },
    press: (over: Partial<Press> = {}) => self.done(self.intake.press(pressOf(clock.now(), over))),
    /** Lets the room hand over these rows. */
    learn: async (rows: DirectoryRow[]) => {
      room.directory.push(...rows)
      await self.intake.tick()
      await clock.advance(20)
    },
    rows: (table: string) => storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
  }
  return self
}

let pressNumber = 0
export const nextSosId = () => `01000000-0000-8000-8000-${String(++pressNumber).padStart(12, '0')}`

export const pressOf = (receivedAt: number, over: Partial<Press> = {}): Press => ({
  sosId: nextSosId(),
  deviceId: 'bus-1',
  home: 'NCR',
  tokenGeneration: 1,
  door: 'api',
  reporter: 'driver',
  kind: 'panic',
  position: null,
  safeToTalk: null,
  note: null,
  tripId: null,
  pressedAt: null,
  receivedAt,
  labels: [],
  ...over,
})

export const unverifiedOf = (receivedAt: number, source: string): UnverifiedPress => ({
  source,
  door: 'api',
  kind: 'panic',
  position: null,
  note: null,
  receivedAt,
})

export const placeAt = (lat: number) => ({
  lat,
  lng: 121,
  accuracyM: null,
  headingDeg: null,
  speedMps: null,
  fixedAt: null,
  batteryPct: null,
  doubts: [],
})

let directoryVersion = 0
export function deviceRow(over: Partial<DeviceRow> = {}): DirectoryRow {
  const id = over.id ?? 'bus-1'
  const body: DeviceRow = {
    id,
    home: 'NCR',
    driverId: 'd1',
    vehicleId: 'v1',
    minGeneration: 1,
    pinMac: macOf(PIN, id),
    duressPinMac: macOf(DURESS, id),
    ...over,
  }
  return { kind: 'device', id, version: ++directoryVersion, body }
}

export const cardRows = (): DirectoryRow[] => [
  {
    kind: 'driver',
    id: 'd1',
    version: ++directoryVersion,
    body: { id: 'd1', name: 'Ana Reyes', phone: '+639170000001' },
  },
  {
    kind: 'vehicle',
    id: 'v1',
    version: ++directoryVersion,
    body: { id: 'v1', plate: 'NBC 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'white' },
  },
  {
    kind: 'duty',
    id: 'NCR',
    version: ++directoryVersion,
    body: { id: 'NCR', phones: [{ name: 'Duty', phone: '+639170000009' }] },
  },
]

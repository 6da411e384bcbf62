// What every door makes of what it read: a press with its name and its labels.

import type { Position, PositionDoubt } from '../domain/position'
import type { Door, Kind, Press, PressLabel, Reporter } from '../domain/press'
import type { DeviceIdentity } from './device-token'
import { sosIdOf } from './press-id'

/** A press as its sender wrote it, before it is known whose it is. Times are epoch ms. */
export type PressFields = {
  /** Through `clientIdOf`. */
  clientId: string | null
  kind: Kind
  position: Position | null
  safeToTalk: boolean | null
  note: string | null
  tripId: string | null
  pressedAt: number | null
  /** What the reader found odd; what follows from position and times is added by `toPress`. */
  labels: readonly PressLabel[]
}

export type GenuineDevice = Extract<DeviceIdentity, { genuine: true }>

export type Way = {
  door: Door
  reporter: Reporter
  /** By our clock, epoch ms. */
  receivedAt: number
  /** The bytes it came as: its name, where nothing in it names it. */
  body: string
  /** The app's word for its alarm, where it is not the kind. */
  alarm?: string
}

export function toPress(device: GenuineDevice, fields: PressFields, way: Way): Press {
  const { position, pressedAt } = fields
  const { deviceId, home } = device
  const sosId = sosIdOf({
    home,
    deviceId,
    clientId: fields.clientId,
    alarm: way.alarm ?? fields.kind,
    fixedAt: position?.fixedAt ?? null,
    pressedAt,
    lat: position?.lat ?? null,
    lng: position?.lng ?? null,
    body: way.body,
    receivedAt: way.receivedAt,
  })
  return {
    sosId,
    deviceId,
    home,
    tokenGeneration: device.generation,
    door: way.door,
    reporter: way.reporter,
    kind: fields.kind,
    position,
    safeToTalk: fields.safeToTalk,
    note: fields.note,
    tripId: fields.tripId,
    pressedAt,
    receivedAt: way.receivedAt,
    labels: labelsOf(device, fields, way.receivedAt),
  }
}

/** A phone's clock this far ahead is wrong; a press this much older than its arrival was held up on its way. */
const SKEW_MS = 120_000
/** No phone holds a press back for longer: then it is its clock. */
const LONGEST_DELAY_MS = 30 * 86_400_000

const OF_DOUBT: Record<PositionDoubt, PressLabel> = {
  null_island: 'null_island',
  mocked: 'mocked',
  stale: 'stale_fix',
  future: 'wrong_clock',
  out_of_country: 'out_of_country',
  local_time: 'wrong_clock',
}

function labelsOf(device: GenuineDevice, fields: PressFields, receivedAt: number): readonly PressLabel[] {
  const labels = new Set(fields.labels)
  if (device.expired) labels.add('expired_token')
  if (!fields.position) labels.add('no_fix')
  for (const doubt of fields.position?.doubts ?? []) labels.add(OF_DOUBT[doubt])
  const age = fields.pressedAt === null ? 0 : receivedAt - fields.pressedAt
  if (age < -SKEW_MS || age > LONGEST_DELAY_MS) labels.add('wrong_clock')
  else if (age > SKEW_MS) labels.add('delayed')
  return [...labels]
}

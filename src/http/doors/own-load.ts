// What was read of our own form, on its way to a shard: as reports, or a message of many as the text that it came as. A text
// crosses to another object at a fraction of what its records cost one by one, and is read again there to the same effect.

import type { Report } from '../../domain/report'
import type { ReportText } from '../../fleet/contract'
import { parsed } from '../../ingest/json'
import { type ReadPositions, readPositions } from '../../ingest/own-positions'
import type { GenuineDevice } from '../../ingest/press'
import type { Load } from './collect'

type Device = Pick<GenuineDevice, 'deviceId' | 'home' | 'generation'>

/** Fewer are reports already. */
const MANY = 5
/** Characters per report: one that is stuffed with something else would carry all of that to the shard. */
const DENSE = 400

/** As reports of this device. */
export function loadOf(
  device: Device,
  read: ReadPositions,
  now: number,
  protocol: string,
): Load & { reports: Report[] } {
  return { reports: toReports(device, read, now, protocol), malformed: malformedOf(device, read) }
}

/** The same, as text where that is less work. `read`: what `readPositions` made of `text` at `now`. */
export function textLoadOf(device: Device, read: ReadPositions, text: string, now: number, protocol: string): Load {
  const most = read.reports.length
  if (most < MANY || text.length > most * DENSE) return loadOf(device, read, now, protocol)
  const { deviceId, home, generation } = device
  return {
    reports: [{ deviceId, home, generation, protocol, receivedAt: now, text, most }],
    malformed: malformedOf(device, read),
  }
}

/** The reports of a load again, in their order. */
export const reportsOf = (said: readonly (Report | ReportText)[]): Report[] =>
  said.flatMap((each) => ('text' in each ? reportsIn(each) : each))

function reportsIn({ text, most, protocol, receivedAt, ...device }: ReportText): Report[] {
  const reports = toReports(device, readPositions(parsed(text), receivedAt), receivedAt, protocol)
  return most < reports.length ? reports.slice(0, most) : reports
}

const toReports = (
  { deviceId, home, generation }: Device,
  read: ReadPositions,
  now: number,
  protocol: string,
): Report[] =>
  read.reports.map(({ position, event, charging, ignition }) => ({
    deviceId,
    home,
    generation,
    protocol,
    receivedAt: now,
    position,
    event,
    charging,
    ignition,
  }))

const malformedOf = ({ deviceId }: Device, { malformedCount }: ReadPositions): Load['malformed'] =>
  malformedCount > 0 ? { [deviceId]: malformedCount } : {}

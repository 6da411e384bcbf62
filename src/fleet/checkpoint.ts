// Last known positions on disk, all of them at once and compressed: a restart goes on with the map of half a minute ago.
// A checkpoint that cannot be read is a map that begins empty, never a shard that does not start.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Position, PositionDoubt } from '../domain/position'
import { REGION_IDS, type RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'
import type { Fix, Known } from './known'

/** A device takes some 250 bytes before compression, 600 at the very most: a part stays below 1.5 MB even without it. */
const DEVICES_PER_PART = 2_500
/** Written every half minute: level 1 takes a quarter of the time for a fifth more bytes. */
const LEVEL = 1

/** What outlives a restart: all but the number on maps, and what the room says anew. */
export type Kept = Omit<Known, 'index' | 'watched'>

type FixFields = [
  at: number,
  lat: number,
  lng: number,
  accuracyM: number | null,
  headingDeg: number | null,
  speedMps: number | null,
  fixedAt: number | null,
  batteryPct: number | null,
  doubts: readonly PositionDoubt[],
]

type Fields = [
  deviceId: string,
  home: RegionId,
  lastContactAt: number,
  silent: 0 | 1,
  moving: 0 | 1,
  charging: boolean | null,
  ignition: boolean | null,
  saidAt: number,
  malformed: number,
  shown: FixFields | null,
  jumped: FixFields | null,
]

type Part = { v: 1; devices: Fields[] }

export function writeCheckpoint(storage: Storage, devices: Iterable<Known>, now: number): void {
  const fields = Array.from(devices, toFields)
  const bodies: ArrayBuffer[] = []
  for (let from = 0; from < fields.length; from += DEVICES_PER_PART) {
    const part: Part = { v: 1, devices: fields.slice(from, from + DEVICES_PER_PART) }
    bodies.push(new Uint8Array(deflateRawSync(JSON.stringify(part), { level: LEVEL })).buffer)
  }
  storage.transactionSync(() => {
    storage.sql.exec('DELETE FROM checkpoint')
    bodies.forEach((body, part) => {
      storage.sql.exec('INSERT INTO checkpoint (part, at, body) VALUES (?, ?, ?)', part, now, body)
    })
  })
}

/** What is there and can be read; `unread` says why parts of it could not. */
export function readCheckpoint(storage: Storage): { at: number | null; devices: Kept[]; unread: string[] } {
  const parts = storage.sql
    .exec<{ at: number; body: ArrayBuffer }>('SELECT at, body FROM checkpoint ORDER BY part')
    .toArray()
  const devices: Kept[] = []
  const unread: string[] = []
  for (const { body } of parts) {
    try {
      const part = JSON.parse(new TextDecoder().decode(inflateRawSync(new Uint8Array(body)))) as Part
      if (part.v !== 1) throw new Error(`a checkpoint of version ${part.v}`)
      devices.push(...part.devices.map(toKept).filter(({ home }) => REGION_IDS.includes(home)))
    } catch (error) {
      unread.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { at: parts[0]?.at ?? null, devices, unread }
}

const toFields = (known: Known): Fields => [
  known.deviceId,
  known.home,
  known.lastContactAt,
  known.standing === 'heard' ? 0 : 1,
  known.moving ? 1 : 0,
  known.charging,
  known.ignition,
  // JSON knows no infinity.
  Number.isFinite(known.saidAt) ? known.saidAt : 0,
  known.malformed,
  known.shown && fixFields(known.shown),
  known.jumped && fixFields(known.jumped),
]

const toKept = (fields: Fields): Kept => {
  const [deviceId, home, lastContactAt, silent, moving, charging, ignition, saidAt, malformed, shown, jumped] = fields
  return {
    deviceId,
    home,
    lastContactAt,
    standing: silent === 1 ? 'silent' : 'heard',
    moving: moving === 1,
    charging,
    ignition,
    saidAt,
    malformed,
    shown: shown && fixOf(shown),
    jumped: jumped && fixOf(jumped),
  }
}

const fixFields = ({ at, position: p }: Fix): FixFields => [
  at,
  p.lat,
  p.lng,
  p.accuracyM,
  p.headingDeg,
  p.speedMps,
  p.fixedAt,
  p.batteryPct,
  p.doubts,
]

const fixOf = ([at, lat, lng, accuracyM, headingDeg, speedMps, fixedAt, batteryPct, doubts]: FixFields): Fix => {
  const position: Position = { lat, lng, accuracyM, headingDeg, speedMps, fixedAt, batteryPct, doubts }
  return { at, position }
}

// The binary frames of WS /api/regions/{region}/map, made by a fleet shard and read by the page: dots without identity.
// A dot's index is the shard's own number for a device; it says nothing about whose it is, and is new after each restart.

/** What a dot shows by shape and letter, beside its colour. */
export const DOT_STATUS = ['moving', 'standing', 'silent', 'sos'] as const
export type DotStatus = (typeof DOT_STATUS)[number]

export type Dot = {
  /** 0 .. 2^32-1, of this shard and epoch. */
  index: number
  lat: number
  lng: number
  /** Degrees, whole even numbers; null where unknown. */
  headingDeg: number | null
  /** Whole m/s, at most 254; null where unknown. */
  speedMps: number | null
  status: DotStatus
  /** Seconds between the fix and the frame, at most 65,534. */
  ageS: number
}

/** `snapshot`: all dots in the viewport, forget what you had. `moved`: changes. `gone`: left the viewport or the map. */
export type MapFrame =
  | { t: 'snapshot' | 'moved'; epoch: number; seq: number; dots: readonly Dot[] }
  | { t: 'gone'; epoch: number; seq: number; indexes: readonly number[] }

export const HEADER_BYTES = 12
export const DOT_BYTES = 17

const TYPES = ['snapshot', 'moved', 'gone'] as const
const UNKNOWN_HEADING = 255
const UNKNOWN_SPEED = 255
/** A hundred-thousandth of a degree is about a metre. */
const SCALE = 1e5

/**
 * Little-endian. Header: u8 type, u8 version (1), u16 zero, u32 epoch, u32 seq. Then per dot: u32 index, i32 lat·1e5,
 * i32 lng·1e5, u8 heading/2, u8 speed, u8 status, u16 age; or per index gone: u32.
 */
export function encodeFrame(frame: MapFrame): ArrayBuffer {
  const items = frame.t === 'gone' ? frame.indexes.length * 4 : frame.dots.length * DOT_BYTES
  const bytes = new ArrayBuffer(HEADER_BYTES + items)
  const view = new DataView(bytes)
  view.setUint8(0, TYPES.indexOf(frame.t))
  view.setUint8(1, 1)
  view.setUint32(4, frame.epoch, true)
  view.setUint32(8, frame.seq, true)
  if (frame.t === 'gone') {
    frame.indexes.forEach((index, n) => {
      view.setUint32(HEADER_BYTES + n * 4, index, true)
    })
    return bytes
  }
  frame.dots.forEach((dot, n) => {
    writeDot(view, HEADER_BYTES + n * DOT_BYTES, dot)
  })
  return bytes
}

/** Null for what is no frame of this version. */
export function decodeFrame(bytes: ArrayBuffer): MapFrame | null {
  if (bytes.byteLength < HEADER_BYTES) return null
  const view = new DataView(bytes)
  const t = TYPES[view.getUint8(0)]
  if (!t || view.getUint8(1) !== 1) return null
  const epoch = view.getUint32(4, true)
  const seq = view.getUint32(8, true)
  const size = bytes.byteLength - HEADER_BYTES
  if (t === 'gone') {
    if (size % 4 !== 0) return null
    const indexes = Array.from({ length: size / 4 }, (_, n) => view.getUint32(HEADER_BYTES + n * 4, true))
    return { t, epoch, seq, indexes }
  }
  if (size % DOT_BYTES !== 0) return null
  const dots = Array.from({ length: size / DOT_BYTES }, (_, n) => readDot(view, HEADER_BYTES + n * DOT_BYTES))
  return { t, epoch, seq, dots }
}

function writeDot(view: DataView, at: number, dot: Dot): void {
  view.setUint32(at, dot.index, true)
  view.setInt32(at + 4, Math.round(dot.lat * SCALE), true)
  view.setInt32(at + 8, Math.round(dot.lng * SCALE), true)
  view.setUint8(at + 12, dot.headingDeg === null ? UNKNOWN_HEADING : Math.round(dot.headingDeg / 2) % 180)
  view.setUint8(at + 13, dot.speedMps === null ? UNKNOWN_SPEED : Math.max(0, Math.min(254, Math.round(dot.speedMps))))
  view.setUint8(at + 14, DOT_STATUS.indexOf(dot.status))
  view.setUint16(at + 15, Math.max(0, Math.min(65_534, Math.round(dot.ageS))), true)
}

function readDot(view: DataView, at: number): Dot {
  const heading = view.getUint8(at + 12)
  const speed = view.getUint8(at + 13)
  return {
    index: view.getUint32(at, true),
    lat: view.getInt32(at + 4, true) / SCALE,
    lng: view.getInt32(at + 8, true) / SCALE,
    headingDeg: heading === UNKNOWN_HEADING ? null : heading * 2,
    speedMps: speed === UNKNOWN_SPEED ? null : speed,
    status: DOT_STATUS[view.getUint8(at + 14)] ?? 'silent',
    ageS: view.getUint16(at + 15, true),
  }
}

/** South, west, north, east. */
export type Box = readonly [number, number, number, number]

/** What the page says on the map's socket, as JSON text. Unknown messages are ignored. */
export type FromMap =
  /** The viewport; answered by a snapshot of it. */
  | { t: 'view'; box: Box }
  /** What is known of one dot, without identity; answered by `vehicle`. */
  | { t: 'select'; index: number }
  /** Every ten seconds or so: what was sent until now has been read. One that never says anything is closed in time. */
  | { t: 'seen' }

/** What the shard says in JSON text. Times are ISO 8601. */
export type ToMap =
  | { t: 'hello'; epoch: number; shard: number; devices: number }
  | {
      t: 'vehicle'
      index: number
      status: DotStatus
      lastContactAt: string
      fixedAt: string | null
      batteryPct: number | null
      charging: boolean | null
      accuracyM: number | null
      doubts: readonly string[]
    }
  /** Nobody of that index is here any more. */
  | { t: 'unknown'; index: number }
  /** The region's geofences, as the shard watches them, are of this version now: ask for them. */
  | { t: 'fences'; version: number }
  /** Vehicles of this shard have crossed these borders, newest last; `more` further ones are not named. */
  | { t: 'crossed'; crossings: readonly MapCrossing[]; more: number }

/** A vehicle, whose is not said, went into a geofence or out. */
export type MapCrossing = { fenceId: string; name: string; kind: string; event: 'enter' | 'exit'; at: string }

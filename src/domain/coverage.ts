// Many devices of one area silent at once are one notice, never many alarms: what a fleet's shards count by cell, and which
// cells together make an area. Pure: counts in, notices out.

const S = 1_000
const MIN = 60 * S

/** Rules as data. Source of the first two: operators.md section 3. */
export const COVERAGE = {
  moreThan: 20,
  withinMs: 5 * MIN,
  /** About 1.1 km north to south. */
  cellDeg: 0.01,
  /** Cells this near belong together: a river, a block without a vehicle, do not part an area. */
  apart: 2,
  /** Of the devices of a cell, where not more than 20 of it alone: so many going off shift across a city are no area. */
  share: 0.25,
  /** Of a region's devices: then its areas are one outage. */
  wideShare: 0.5,
  /** Half of what began it: a notice does not flicker at its edge. */
  endsAt: 10,
  /** How exactly the time of a silence is counted. */
  slotMs: 10 * S,
  /** What fell silent before is told only where a notice is open. */
  toldMs: 15 * MIN,
} as const

/** Row and column of a cell: degrees north and east in steps of `cellDeg`. */
export type CellAt = readonly [y: number, x: number]

export const cellOf = (lat: number, lng: number): CellAt => [
  Math.floor(lat / COVERAGE.cellDeg),
  Math.floor(lng / COVERAGE.cellDeg),
]

/** One number for each cell on earth. */
export const cellKey = ([y, x]: CellAt): number => (y + 9_000) * 36_000 + x + 18_000

/** `slot`: when they fell silent, in steps of `slotMs`. */
export type LostAt = readonly [slot: number, devices: number]

/** `lat`, `lng`: where those that are silent were last, on average. */
export type CellReport = { at: CellAt; heard: number; lost: LostAt[]; lat: number; lng: number }

/**
 * `heard`: of all cells of this shard, also those that are not among `cells`. `silentAfterMs`: how long nothing was heard of
 * a device when it counts as silent.
 */
export type CoverageReport = { shard: number; heard: number; silentAfterMs: number; cells: CellReport[] }

/** What the room answers: since when (epoch ms) shards are to tell of silence, and whether a notice is open. */
export type CoverageHeed = { from: number; open: boolean }

/** An area in names of the gazetteer. `municipalities`: the one with the most devices first. */
export type AreaNames = { road: string | null; landmark: string | null; municipalities: readonly string[] }

export type Notice = {
  id: string
  /** When it was noticed, and since when nothing was heard; epoch ms. */
  at: number
  since: number
  /** Silences since this slot belong to it. */
  from: number
  cells: CellAt[]
  /** Silent now, and at most. */
  count: number
  most: number
  /** The whole region, for all that is heard of it. */
  wide: boolean
  lat: number
  lng: number
}

export type Judgement = { open: Notice[]; began: Notice[]; ended: (Notice & { into: string | null })[] }

export type Circumstances = {
  now: number
  newId: () => string
  /** After how long without a word a device is silent: from it follows since when nothing was heard. */
  silentAfterMs: number
  /** False while not every shard has reported: then nothing may end. */
  mayEnd: boolean
}

type Cell = { at: CellAt; heard: number; lost: LostAt[]; lat: number; lng: number }

const slotOf = (at: number): number => Math.floor(at / COVERAGE.slotMs)

/** Notices as they are after these reports, one of each shard. */
export function judge(
  reports: Iterable<CoverageReport>,
  open: readonly Notice[],
  { now, newId, silentAfterMs, mayEnd }: Circumstances,
): Judgement {
  const { cells, heard } = sum(reports)
  const earliest = freshSince(cells.values(), now)
  const holder = new Map(open.flatMap((notice) => notice.cells.map((at) => [cellKey(at), notice] as const)))
  const active = [...cells.values()].filter((cell) => {
    const notice = holder.get(cellKey(cell.at))
    return (notice && lostSince(cell, notice.from) > 0) || isStruck(cell, earliest)
  })
  const parts = together(areasOf(active, holder), heard, earliest, holder)
  const judged: Judgement = { open: [], began: [], ended: [] }
  const gone = new Set(open)
  for (const { area, wide } of parts) {
    const known = [...new Set(area.flatMap((cell) => holder.get(cellKey(cell.at)) ?? []))].sort((a, b) => a.at - b.at)
    const [first, ...others] = known
    const from = Math.min(earliest, ...known.map((notice) => notice.from))
    const count = countOf(area, first ? from : earliest)
    if (!first && count <= COVERAGE.moreThan) continue
    if (first && count <= COVERAGE.endsAt && mayEnd) continue
    const next = noticeOf(first, area, { now, newId, from: first ? from : earliest, count, wide, silentAfterMs })
    judged.open.push(next)
    if (first) gone.delete(first)
    else judged.began.push(next)
    for (const other of others) {
      gone.delete(other)
      judged.ended.push({ ...other, into: next.id })
    }
  }
  for (const notice of gone) {
    // Its cells were not told: by shards that are still to report, perhaps.
    if (mayEnd) judged.ended.push({ ...notice, into: null })
    else judged.open.push(notice)
  }
  return judged
}

/** True where this place is in the area of one of them. */
export function isCovered(notices: readonly Pick<Notice, 'cells'>[], lat: number, lng: number): boolean {
  if (notices.length === 0) return false
  const key = cellKey(cellOf(lat, lng))
  return notices.some(({ cells }) => cells.some((at) => cellKey(at) === key))
}

function sum(reports: Iterable<CoverageReport>): { cells: Map<number, Cell>; heard: number } {
  const cells = new Map<number, Cell>()
  let heard = 0
  for (const report of reports) {
    heard += report.heard
    for (const cell of report.cells) {
      const key = cellKey(cell.at)
      const known = cells.get(key)
      cells.set(key, known ? joined(known, cell) : cell)
    }
  }
  return { cells, heard }
}

function joined(a: Cell, b: Cell): Cell {
  const [inA, inB] = [countOf([a], 0), countOf([b], 0)]
  const mean = (x: number, y: number) => (inA + inB === 0 ? x : (x * inA + y * inB) / (inA + inB))
  return {
    at: a.at,
    heard: a.heard + b.heard,
    lost: [...a.lost, ...b.lost],
    lat: mean(a.lat, b.lat),
    lng: mean(a.lng, b.lng),
  }
}

// The window ends with the latest silence and not now: a report that was held up says the same as one in time.
function freshSince(cells: Iterable<Cell>, now: number): number {
  let latest = Number.NEGATIVE_INFINITY
  for (const { lost } of cells) for (const [slot] of lost) latest = Math.max(latest, slot)
  return Math.max(latest - slotOf(COVERAGE.withinMs) + 1, slotOf(now - COVERAGE.toldMs))
}

const lostSince = ({ lost }: Cell, from: number): number =>
  lost.reduce((total, [slot, devices]) => (slot >= from ? total + devices : total), 0)

const countOf = (area: readonly Cell[], from: number): number =>
  area.reduce((total, cell) => total + lostSince(cell, from), 0)

function isStruck(cell: Cell, earliest: number): boolean {
  const fresh = lostSince(cell, earliest)
  return fresh > COVERAGE.moreThan || (fresh > 0 && fresh / (fresh + cell.heard) >= COVERAGE.share)
}

/** Cells that lie near each other, or belong to one notice already: an area does not fall apart by healing in its middle. */
function areasOf(active: readonly Cell[], holder: ReadonlyMap<number, Notice>): Cell[][] {
  const left = new Map(active.map((cell) => [cellKey(cell.at), cell]))
  const ofNotice = new Map<Notice, Cell[]>()
  for (const cell of active) {
    const notice = holder.get(cellKey(cell.at))
    if (notice) ofNotice.set(notice, [...(ofNotice.get(notice) ?? []), cell])
  }
  const areas: Cell[][] = []
  for (const start of active) {
    if (!left.delete(cellKey(start.at))) continue
    const area = [start]
    for (const cell of area) {
      const notice = holder.get(cellKey(cell.at))
      const kin = notice ? (ofNotice.get(notice) ?? []) : []
      if (notice) ofNotice.delete(notice)
      for (const near of [...kin, ...around(cell, left)]) if (left.delete(cellKey(near.at))) area.push(near)
    }
    areas.push(area)
  }
  return areas
}

function around({ at: [y, x] }: Cell, cells: ReadonlyMap<number, Cell>): Cell[] {
  const found: Cell[] = []
  for (let dy = -COVERAGE.apart; dy <= COVERAGE.apart; dy++)
    for (let dx = -COVERAGE.apart; dx <= COVERAGE.apart; dx++) {
      const cell = cells.get(cellKey([y + dy, x + dx]))
      if (cell) found.push(cell)
    }
  return found
}

/** Half of a region's devices silent in several areas are one outage of the region. */
function together(
  areas: Cell[][],
  heard: number,
  earliest: number,
  holder: ReadonlyMap<number, Notice>,
): { area: Cell[]; wide: boolean }[] {
  const wasWide = (area: Cell[]) => area.some((cell) => holder.get(cellKey(cell.at))?.wide)
  const all = areas.flat()
  const from = Math.min(earliest, ...all.flatMap((cell) => holder.get(cellKey(cell.at))?.from ?? []))
  const lost = countOf(all, from)
  const isWide = areas.length > 1 && lost > COVERAGE.moreThan && lost >= COVERAGE.wideShare * (lost + heard)
  if (isWide) return [{ area: all, wide: true }]
  return areas.map((area) => ({ area, wide: wasWide(area) }))
}

function noticeOf(
  before: Notice | undefined,
  area: readonly Cell[],
  made: { now: number; newId: () => string; from: number; count: number; wide: boolean; silentAfterMs: number },
): Notice {
  const { now, from, count, wide } = made
  let [first, lat, lng] = [Number.POSITIVE_INFINITY, 0, 0]
  for (const cell of area) {
    const lost = lostSince(cell, from)
    lat += cell.lat * lost
    lng += cell.lng * lost
    for (const [slot] of cell.lost) if (slot >= from) first = Math.min(first, slot)
  }
  const since = first * COVERAGE.slotMs - made.silentAfterMs
  return {
    id: before?.id ?? made.newId(),
    at: before?.at ?? now,
    since: before ? Math.min(before.since, since) : since,
    from,
    cells: area.filter((cell) => lostSince(cell, from) > 0).map((cell) => cell.at),
    count,
    most: Math.max(before?.most ?? 0, count),
    wide,
    lat: count > 0 ? lat / count : (before?.lat ?? 0),
    lng: count > 0 ? lng / count : (before?.lng ?? 0),
  }
}

/** As screens have it. Times are ISO 8601, UTC. */
export type ShownNotice = {
  id: string
  since: string
  count: number
  wide: boolean
  area: AreaNames
  cells: readonly CellAt[]
  lat: number
  lng: number
}

export const shownNotice = (notice: Notice, area: AreaNames): ShownNotice => ({
  id: notice.id,
  since: new Date(notice.since).toISOString(),
  count: notice.count,
  wide: notice.wide,
  area,
  cells: notice.cells,
  lat: notice.lat,
  lng: notice.lng,
})

// What a shard knows of one device, and what one more fix makes of it: where it is, by time of fix and not of arrival.

import { haversine } from '../domain/distance'
import type { Position } from '../domain/position'
import type { RegionId } from '../domain/region'
import { type Report, timeOf } from '../domain/report'
import type { LastKnown, ReportVerdict } from './contract'

/** A position with the time that orders it (`timeOf`). */
export type Fix = { position: Position; at: number }

/** How long a device has said nothing: `away` is off shift for all we know, and on no map. */
export type Standing = 'heard' | 'silent' | 'away'

export type Known = {
  readonly deviceId: string
  readonly home: RegionId
  /** Its number on maps: this shard's own, new after each restart. */
  readonly index: number
  /** Where it is, and what maps show. */
  shown: Fix | null
  /** Newer than `shown`, but farther than anything drives: believed when another fix agrees. */
  jumped: Fix | null
  moving: boolean
  charging: boolean | null
  ignition: boolean | null
  /** The time of what said `charging` and `ignition`. */
  saidAt: number
  lastContactAt: number
  standing: Standing
  /** Its incident is open. */
  watched: boolean
  /** Records of its that nobody could read. */
  malformed: number
}

/** 250 km/h: no vehicle of the fleet does that, and no road allows it. */
const FASTEST_MPS = 70
/** Fixes of a phone between houses scatter this far while it stands. */
const SCATTER_M = 300
/** Slower is standing: receivers report up to that at rest. */
const WALKING_MPS = 1

export const newKnown = (deviceId: string, home: RegionId, index: number): Known => ({
  deviceId,
  home,
  index,
  shown: null,
  jumped: null,
  moving: false,
  charging: null,
  ignition: null,
  saidAt: Number.NEGATIVE_INFINITY,
  lastContactAt: Number.NEGATIVE_INFINITY,
  standing: 'heard',
  watched: false,
  malformed: 0,
})

/** What it says of itself and when it was heard; never older over newer. */
export function hear(known: Known, report: Report): void {
  known.lastContactAt = Math.max(known.lastContactAt, report.receivedAt)
  const at = timeOf(report)
  if (at < known.saidAt) return
  known.saidAt = at
  known.charging = report.charging ?? known.charging
  known.ignition = report.ignition ?? known.ignition
}

/** Moves the device where the report says something new and believable of its place. Repeats are not for here. */
export function place(known: Known, report: Report): Exclude<ReportVerdict, 'duplicate'> {
  const { position } = report
  if (!position || isNowhere(position)) return 'no_fix'
  const fix: Fix = { position, at: timeOf(report) }
  const { shown, jumped } = known
  if (shown && !isNewer(fix, shown)) return 'older'
  if (!shown || isReachable(shown, fix)) {
    show(known, fix)
    if (jumped && !isNewer(jumped, fix)) known.jumped = null
    else if (jumped && isReachable(fix, jumped)) show(known, jumped)
  } else if (jumped && isReachable(jumped, fix)) {
    // Two that agree are no outlier: it is the earlier place that is past.
    show(known, isNewer(fix, jumped) ? fix : jumped)
  } else {
    if (!jumped || isNewer(fix, jumped)) known.jumped = fix
    return 'jump'
  }
  return known.shown === fix ? 'taken' : 'older'
}

export const lastOf = (known: Known): LastKnown => ({
  deviceId: known.deviceId,
  position: (known.jumped ?? known.shown)?.position ?? null,
  jumped: known.jumped !== null,
  charging: known.charging,
  ignition: known.ignition,
  lastContactAt: known.lastContactAt,
  silent: known.standing !== 'heard',
  malformed: known.malformed,
})

/** A receiver without a fix, or one whose clock says nothing: neither moves a dot. */
const isNowhere = ({ doubts }: Position): boolean => doubts.includes('null_island') || doubts.includes('future')

// Clocks that run ahead a little give all fixes of a batch the time of its arrival: then their own order counts, and
// among those without any the order in which they came.
function isNewer(fix: Fix, than: Fix): boolean {
  if (fix.at !== than.at) return fix.at > than.at
  return (fix.position.fixedAt ?? fix.at) >= (than.position.fixedAt ?? than.at)
}

function isReachable(a: Fix, b: Fix): boolean {
  const metres = haversine(a.position, b.position)
  return metres <= SCATTER_M || metres <= (FASTEST_MPS * Math.abs(b.at - a.at)) / 1000
}

function show(known: Known, fix: Fix): void {
  known.moving = isMoving(known.shown, fix)
  known.shown = fix
  if (known.jumped === fix || (known.jumped && !isNewer(known.jumped, fix))) known.jumped = null
}

function isMoving(from: Fix | null, { position, at }: Fix): boolean {
  if (position.speedMps !== null) return position.speedMps >= WALKING_MPS
  if (!from || at <= from.at) return false
  return haversine(from.position, position) / ((at - from.at) / 1000) >= WALKING_MPS
}

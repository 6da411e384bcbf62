// What this desk should hear now, from what is queued alone: one sound, the gravest. Pure, so that every rule has its test.
// Source of the patterns: operators.md section 5.

import type { IncidentSummary } from '../../../src/domain/incident'
import { isAlarming, isDrill, isUntaken } from '../../tower/card-view'

export type Alarm = 'silent' | 'p1' | 'p1_loud' | 'p2' | 'storm' | 'link'

export type Heard = {
  incidents: Iterable<IncidentSummary>
  now: number
  /** Epoch ms until which this desk is muted; 0 when it is not. */
  mutedUntil: number
  storm: boolean
  /** The room's ticks are missing, or the canary has not come. */
  watchLost: boolean
}

const LOUD_AFTER_MS = 10_000

/** The sound that goes on until somebody acts. A loop, unlike the single sounds of `ringsOf`. */
export function alarmOf({ incidents, now, mutedUntil, storm, watchLost }: Heard): Alarm {
  let p1: number | null = null
  let p2 = false
  let other = false
  for (const incident of incidents) {
    if (!isAlarming(incident)) continue
    if (incident.priority === 'P1') p1 = Math.min(p1 ?? Number.POSITIVE_INFINITY, Date.parse(incident.alarmedAt))
    else if (incident.priority === 'P2') p2 = true
    else other = true
  }
  if (mutedUntil > now) return 'silent'
  if (storm) return p1 !== null || p2 || other ? 'storm' : watchLost ? 'link' : 'silent'
  if (p1 !== null) return now - p1 > LOUD_AFTER_MS ? 'p1_loud' : 'p1'
  if (p2) return 'p2'
  return watchLost ? 'link' : 'silent'
}

/** Whatever calls here for a hand is only practised: then the desk says so first. */
export function isOnlyDrill(incidents: Iterable<IncidentSummary>): boolean {
  const alarming = [...incidents].filter(isAlarming)
  return alarming.length > 0 && alarming.every(isDrill)
}

/** How often each loop begins again, ms. */
export const REPEAT_MS: Record<Exclude<Alarm, 'silent'>, number> = {
  p1: 5_000,
  p1_loud: 5_000,
  p2: 15_000,
  storm: 30_000,
  link: 20_000,
}

export type Once = 'p3' | 're_press' | 'help' | 'storm_p1'

/**
 * Single sounds that an incident's new ring owes this person. `before` is the ring number that this screen has heard,
 * undefined for an incident that it sees for the first time.
 */
export function onceOf(incident: IncidentSummary, before: number | undefined, me: string, storm: boolean): Once | null {
  const { ring, priority } = incident
  if (before !== undefined && ring.n <= before) return null
  if (ring.to === 'none') return null
  if (ring.to === 'owner') return incident.owner?.uid === me ? 're_press' : null
  if (ring.reason === 'help') return incident.owner?.uid === me ? null : 'help'
  // A taken incident that rings to all: a graver kind, or too many presses in a minute.
  if (!isUntaken(incident)) return 'help'
  if (priority === 'P1') return storm ? 'storm_p1' : null
  return priority === 'P3' ? 'p3' : null
}

/** True where this change is a P1 alarm that was not there before: it ends a mute. */
export function endsMute(incident: IncidentSummary, before: number | undefined): boolean {
  return (
    incident.priority === 'P1' &&
    isAlarming(incident) &&
    incident.ring.to === 'all' &&
    (before === undefined || incident.ring.n > before)
  )
}

export const MUTE_MS = 60_000

// What a shard notices that a person may be asked about: a long stop, and what trackers hint at. Noticed only with a report
// that comes now: a device that has fallen silent is for coverage.ts, and nobody is asked because of it.

import { haversine } from '../domain/distance'
import type { Position } from '../domain/position'
import { type Report, timeOf } from '../domain/report'
import { HINT_OF_EVENT, type Hint, type HintReason, WELFARE, WELFARE_RULES } from '../domain/welfare'
import type { ReportVerdict } from './contract'
import type { Known } from './known'

/** `words`: devices that were heard after their hint. `moved`: those whose long stop is over. */
export type WelfareNews = { hints: Hint[]; words: { deviceId: string; at: number }[]; moved: string[] }

export type WelfarePorts = {
  /** A terminal, a mall, a hospital of the gazetteer: nothing odd about standing there. */
  isKnownPlace(at: Position): boolean
  /** The fleet's own, drawn by hand. */
  isDepotAt(at: Position): boolean
}

type Stop = { since: number; place: Position; judged: 'not_yet' | 'fine' | 'told' }

/** More of them wait for no room: the oldest are no news by then. */
const MOST_WAITING = 1_000

export class Welfare {
  private readonly stops = new Map<Known, Stop>()
  /** By device and reason: when it was last hinted at. */
  private readonly told = new Map<string, number>()
  /** Devices whose next word is news, with the time of their hint. */
  private readonly awaited = new Map<string, number>()
  private news: WelfareNews = none()

  constructor(private readonly ports: WelfarePorts) {}

  /** A report was taken. `known` as it is after it. */
  heard(known: Known, report: Report, verdict: ReportVerdict, now: number): void {
    if (verdict === 'duplicate') return
    this.hearWord(known.deviceId, report.receivedAt)
    const reason = report.event === null ? undefined : HINT_OF_EVENT[report.event]
    if (reason !== undefined) this.hint(known, reason, timeOf(report), report.position, now)
    if (verdict === 'taken') this.place(known)
    const isOld = report.position !== null && verdict !== 'taken'
    if (!isOld) this.judgeStop(known, report, now)
  }

  forget(known: Known): void {
    this.stops.delete(known)
  }

  /** Drops what no longer matters. To be called now and then. */
  prune(now: number): void {
    for (const [key, at] of this.told) if (now - at > WELFARE.againMs) this.told.delete(key)
    for (const [id, at] of this.awaited) if (now - at > WELFARE.wordMs) this.awaited.delete(id)
  }

  get hasNews(): boolean {
    return this.news.hints.length + this.news.words.length + this.news.moved.length > 0
  }

  /** Takes out what the room has to hear. */
  take(): WelfareNews {
    const { news } = this
    this.news = none()
    return news
  }

  /** The room did not hear it: it is told again, before what came meanwhile. */
  putBack(news: WelfareNews): void {
    this.news = {
      hints: [...news.hints, ...this.news.hints].slice(-MOST_WAITING),
      words: [...news.words, ...this.news.words].slice(-MOST_WAITING),
      moved: [...news.moved, ...this.news.moved].slice(-MOST_WAITING),
    }
  }

  private place(known: Known): void {
    const { shown } = known
    const stop = this.stops.get(known)
    if (!shown || known.moving || (stop && haversine(stop.place, shown.position) > WELFARE.stopRadiusM)) this.end(known)
    if (shown && !known.moving && !this.stops.has(known))
      this.stops.set(known, { since: shown.at, place: shown.position, judged: 'not_yet' })
  }

  private judgeStop(known: Known, report: Report, now: number): void {
    const stop = this.stops.get(known)
    // Parked: the stop begins anew with the engine.
    if (known.ignition === false) this.end(known)
    else if (stop?.judged === 'not_yet' && now - stop.since >= WELFARE.longStopMs) {
      if (now - timeOf(report) > WELFARE_RULES.long_stop.freshMs) return
      stop.judged = this.hint(known, 'long_stop', now, stop.place, now) ? 'told' : 'fine'
    }
  }

  private end(known: Known): void {
    if (this.stops.get(known)?.judged === 'told') this.news.moved.push(known.deviceId)
    this.stops.delete(known)
  }

  private hint(known: Known, reason: HintReason, at: number, place: Position | null, now: number): boolean {
    const rule = WELFARE_RULES[reason]
    const key = `${known.deviceId}\n${reason}`
    const position = place ?? known.shown?.position ?? null
    // Who has an open incident is asked about anything by its owner.
    if (known.watched || now - at > rule.freshMs || now - (this.told.get(key) ?? 0) < WELFARE.againMs) return false
    if (rule.notAtKnownPlaces && position && this.ports.isKnownPlace(position)) return false
    if (rule.notAtDepots && position && this.ports.isDepotAt(position)) return false
    this.told.set(key, now)
    this.awaited.set(known.deviceId, now)
    const { deviceId } = known
    this.news.hints.push({ deviceId, reason, at, position, onShift: known.ignition === true })
    if (this.news.hints.length > MOST_WAITING) this.news.hints.shift()
    return true
  }

  private hearWord(deviceId: string, receivedAt: number): void {
    const since = this.awaited.get(deviceId)
    if (since === undefined || receivedAt <= since) return
    this.awaited.delete(deviceId)
    this.news.words.push({ deviceId, at: receivedAt })
  }
}

const none = (): WelfareNews => ({ hints: [], words: [], moved: [] })

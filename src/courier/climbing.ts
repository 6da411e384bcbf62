// Carries out what the ladder of a page says: attempts begun, silences ended, and the page's own end. All inside one
// transaction of whoever asks, and safe to ask again.

import type { Page } from '../domain/page'
import { rank } from '../domain/priority'
import type { Row } from './attempts'
import { tryOf } from './attempts'
import { attemptIdOf } from './contract'
import { type Begin, climb, type Verdict } from './ladder'
import type { KeptPage, PageState } from './pages'
import type { Parts } from './parts'
import { bundleOf } from './queue'

/** A turn begins a group, finds it refused, and begins the next: more than any ladder has. */
const MOST_TURNS = 64

/** P1 of these reasons is told whatever the budget says. */
const BEYOND_BUDGET: readonly Page['reason'][] = ['escalation', 'room_away', 'tower_down', 'storm']

const isOpen = (state: PageState): boolean => state === 'going' || state === 'exhausted'

export class Climbing {
  constructor(private readonly parts: Parts) {}

  climb(pageId: string): void {
    const { pages, timers } = this.parts
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const kept = pages.get(pageId)
      if (!kept || !isOpen(kept.state)) break
      const dueAt = this.turn(kept)
      if (dueAt === 'again') continue
      if (dueAt === null) break
      timers.set('page', pageId, dueAt)
      return
    }
    timers.cancel('page', pageId)
  }

  /** What of it has not left does not leave any more. */
  stopQueued(page: Page, why: string): void {
    const { attempts, reports, timers } = this.parts
    for (const row of attempts.ofPage(page.id)) {
      if (row.state !== 'queued') continue
      timers.cancel('ready', row.id)
      reports.add(page, 'attempt', attempts.change(row, { state: 'stopped', word: 'ours', error: why }))
    }
  }

  /** Queues a new attempt of a way, or notes that it cannot be made. */
  begin(page: Page, { grp, address, pass, provider, refused }: Begin): Row {
    const { attempts, queue, reports, timers, ports } = this.parts
    const bundle = refused ? null : bundleOf(page, address.channel, address.to)
    const heldUntil = bundle === null ? null : queue.heldUntil(bundle, rank(page.priority))
    const row = attempts.add({
      id: attemptIdOf(ports.region, ports.shard, ports.newId()),
      page,
      grp,
      pass,
      address,
      provider,
      state: refused ? 'failed' : 'queued',
      word: refused === 'circuit_open' ? 'open' : refused ? 'ours' : null,
      error: refused,
      rank: rank(page.priority),
      turn: refused ? 0 : queue.turnFor(page.incidentId, page.priority),
      ready: heldUntil === null,
      bundle,
      exempt: page.priority === 'P1' && BEYOND_BUDGET.includes(page.reason),
    })
    if (heldUntil !== null) timers.set('ready', row.id, heldUntil)
    if (refused) reports.add(page, 'attempt', row)
    return row
  }

  /** When to ask again, null where nothing more comes by itself; `again` where this turn has changed what it looked at. */
  private turn(kept: KeptPage): number | null | 'again' {
    const { pages, attempts, queue, reports, ports } = this.parts
    const { page } = kept
    const rows = attempts.ofPage(page.id)
    const next = climb({ ...page, grp: kept.grp }, rows.map(tryOf), ports.now(), (channel) =>
      this.providersOf(channel, page.via),
    )
    if (isEnd(next.verdict)) {
      this.end(kept, next.verdict)
      return null
    }
    for (const row of rows) {
      if (!next.silent.includes(row.id)) continue
      reports.add(page, 'attempt', attempts.change(row, { state: 'failed', word: 'silent', error: 'timeout' }))
      if (row.bundle) queue.release(row.bundle)
    }
    for (const begin of next.begin) this.begin(page, begin)
    if (next.verdict !== kept.state || next.grp !== kept.grp) pages.set(page.id, next.verdict, next.grp)
    if (next.verdict === 'exhausted' && kept.state !== 'exhausted')
      reports.add(page, 'exhausted', attempts.ofPage(page.id).at(-1) ?? null)
    return next.begin.length + next.silent.length > 0 ? 'again' : next.dueAt
  }

  private end({ page, state }: KeptPage, verdict: End): void {
    const { pages, reports } = this.parts
    pages.set(page.id, verdict, page.ladder.length)
    // What was begun beside the way that got through may go: a second message harms nobody.
    if (verdict === 'told') return
    this.stopQueued(page, verdict)
    if (verdict === 'expired' && state === 'going') reports.add(page, 'expired', null)
  }

  private providersOf(channel: Begin['address']['channel'], via: string | undefined) {
    return this.parts.ports.channels
      .filter((way) => way.channel === channel && (via === undefined || way.provider === via))
      .map((way) => ({ name: way.provider, silenceMs: way.silenceMs, opensAt: this.parts.circuits.opensAt(way) }))
  }
}

type End = Exclude<Verdict, 'going' | 'exhausted'>

const isEnd = (verdict: Verdict): verdict is End => verdict !== 'going' && verdict !== 'exhausted'

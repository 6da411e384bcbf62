// Telling those whom a broadcast concerns. First it is said on all open lifelines, some hundreds at a time, and kept in memory whose
// line took it; then each is written down, and whoever has no line gets a text, few at a time, for that is what holds up a press.
// The gate is asked before each of the two. A room that dies in between says it again: its number is the same.

import { areaPage, areaPageId, cancelPage, type Told } from '../domain/area'
import type { Page } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import { hushedNow, isHushed } from './areas-hushed'
import type { Area, Concerned, KeptAreas, Way } from './areas-kept'
import type { Ledger } from './ledger'

/** Said in one go: a few milliseconds for each intake that holds their lines. */
const SAID_AT_ONCE = 400
/** Written down in one go: some 10 ms of the room's thread. */
const AT_ONCE = 40
/** What drivers read first; no record says what they speak. */
const DRIVERS_LANG = 'fil'

type Turn = { n: number; who: Concerned; page: Page }
/** To be written down. `recall`: they were told before, and hear that it is not so. `quiet` have their turn and hear nothing. */
export type Portion = { area: string; recall: boolean; turns: Turn[]; quiet: Turn[]; size: number }
/** To be said: the same words to each, under a number of their own. */
export type Lot = { area: string; page: Page; to: { deviceId: string; id: string }[]; until: number }
export type ToSay = { deviceId: string; page: Page }

/** Everybody of a broadcast that is being told. */
type Ahead = {
  people: readonly Concerned[]
  /** Whoever stands before this one has heard it, if their line took it. */
  said: number
  took: Set<string>
  /** Places of those who were said to, by the number of their page. */
  places: Map<string, number>
}

/** Some attempts of a text in one of these states: somebody may have read it. */
const REACHED = /^(sending|accepted|sent|delivered|answered)/

export class AreasTelling {
  private readonly ahead = new Map<string, Ahead>()

  constructor(
    private readonly ledger: Ledger,
    private readonly kept: KeptAreas,
    /** All have had their turn. Inside the transaction of the last. */
    private readonly toldAll: (area: Area) => void,
  ) {}

  get waits(): boolean {
    return this.kept.inState('sending').length > 0 || this.kept.recalling().length > 0 || this.unwritten() !== null
  }

  /** The next of the oldest broadcast to whom it has not been said; null where nobody is left. */
  nextLot(): Lot | null {
    const [area] = this.kept.inState('sending')
    const ahead = area && this.aheadOf(area)
    if (!ahead || ahead.said >= ahead.people.length) return null
    const until = Math.min(ahead.said + SAID_AT_ONCE, ahead.people.length)
    const hushed = hushedNow(this.ledger)
    const to = ahead.people.slice(ahead.said, until).flatMap((who, at) => {
      if (isHushed(hushed, who)) return []
      const id = areaPageId(area.id, who.person)
      // An answer may be here before the whole lot has been said.
      ahead.places.set(id, ahead.said + at)
      return who.devices.map((deviceId) => ({ deviceId, id }))
    })
    return { area: area.id, page: this.page(area, ahead.people[ahead.said] as Concerned), to, until }
  }

  /** `took`: the devices whose lifelines took it. */
  said({ area, until }: Lot, took: readonly string[]): void {
    const ahead = this.ahead.get(area)
    if (!ahead) return
    for (const deviceId of took) ahead.took.add(deviceId)
    ahead.said = Math.max(ahead.said, until)
  }

  tookOf(areaId: string): ReadonlySet<string> {
    return this.ahead.get(areaId)?.took ?? new Set()
  }

  /** Whoever answers has heard it: they are written down before their turn. */
  hasten(page: string): void {
    for (const [id, { people, places }] of this.ahead) {
      const n = places.get(page)
      const who = n === undefined ? undefined : people[n]
      if (n !== undefined && who) this.kept.told(id, n, page, who, 'lifeline', this.ledger.ports.now())
    }
  }

  /** The next portion, of the oldest that has somebody left; null where nobody is. */
  next(): Portion | null {
    for (const id of this.kept.recalling()) {
      const area = this.kept.find(id)
      if (area) return this.recallOf(area)
    }
    const [area = this.unwritten()] = this.kept.inState('sending')
    return area ? this.turnsOf(area) : null
  }

  /** `took`: the devices whose lifelines took it. */
  done(portion: Portion, took: ReadonlySet<string>): void {
    this.ledger.transact(() => {
      const area = this.kept.find(portion.area)
      if (!area) return
      const hushed = hushedNow(this.ledger)
      if (portion.recall) {
        for (const { who, page } of portion.turns) {
          if (!who.devices.some((id) => took.has(id)) && !isHushed(hushed, who)) this.ledger.pages.send(page)
          this.kept.recallDone(areaPageId(area.id, who.person), true)
        }
        for (const { who } of portion.quiet) this.kept.recallDone(areaPageId(area.id, who.person), true)
        return
      }
      const now = this.ledger.ports.now()
      for (const { n, who, page } of [...portion.quiet, ...portion.turns]) {
        const heard = who.devices.some((id) => took.has(id))
        const way: Way = heard ? 'lifeline' : isHushed(hushed, who) ? 'quiet' : this.text(area, page)
        this.kept.told(area.id, n, page.id, who, way, now)
        // Taken back while it was being said.
        if (area.state === 'cancelled' && way === 'lifeline') this.kept.recallOne(page.id)
      }
      this.went(area, portion.size)
    })
  }

  /** The words of a page to one of them. */
  page(area: Area, who: Told): Page {
    return areaPage(area, who, noFacts(this.ledger.ports), DRIVERS_LANG)
  }

  private went(area: Area, size: number): void {
    const told = area.told + size
    const over = told >= area.counts.people
    const next: Area = { ...area, told, state: area.state === 'sending' && over ? 'open' : area.state }
    this.kept.save(next)
    if (over) this.ahead.delete(area.id)
    if (over && area.state === 'sending') this.toldAll(next)
  }

  private aheadOf(area: Area): Ahead {
    const known = this.ahead.get(area.id)
    if (known) return known
    const made: Ahead = { people: this.kept.people(area.id), said: area.told, took: new Set(), places: new Map() }
    this.ahead.set(area.id, made)
    return made
  }

  /** One that ended while it was being told, and has people who have heard it and are not written down. */
  private unwritten(): Area | null {
    for (const [id, { said }] of this.ahead) {
      const area = this.kept.find(id)
      if (area && area.state !== 'sending' && area.told < said) return area
      if (area?.state !== 'sending') this.ahead.delete(id)
    }
    return null
  }

  private text(area: Area, page: Page): Way {
    if (area.state !== 'sending' || page.ladder.length === 0 || this.ledger.ports.textsLeave?.() === false) return null
    const outcome = this.ledger.pages.send(page)
    return outcome === 'sent' || outcome === 'known' ? 'text' : null
  }

  private turnsOf(area: Area): Portion {
    const { people, said } = this.aheadOf(area)
    const last = Math.min(area.told + AT_ONCE, area.state === 'sending' ? people.length : said)
    const some = people.slice(area.told, last)
    const turns = some.map((who, at) => ({ n: area.told + at, who, page: this.page(area, who) }))
    return { area: area.id, recall: false, ...this.split(turns), size: some.length }
  }

  private recallOf(area: Area): Portion {
    const now = this.ledger.ports.now()
    const facts = noFacts(this.ledger.ports)
    const turns: Turn[] = []
    for (const { page, way, who } of this.kept.recalled(area.id, AT_ONCE)) {
      // A text that never left was called back, and says nothing that would have to be taken back.
      if (way === 'text' && !this.mayHaveBeenRead(page)) this.ledger.transact(() => this.kept.recallDone(page, false))
      else turns.push({ n: 0, who, page: cancelPage(area, who, facts, DRIVERS_LANG, now) })
    }
    return { area: area.id, recall: true, ...this.split(turns), size: turns.length }
  }

  private mayHaveBeenRead(pageId: string): boolean {
    const page = this.ledger.pages.get(pageId)
    return page !== null && Object.values(page.tries).some((state) => REACHED.test(state))
  }

  private split(turns: Turn[]): { turns: Turn[]; quiet: Turn[] } {
    const hushed = hushedNow(this.ledger)
    const quiet = turns.filter(({ who }) => isHushed(hushed, who))
    return { turns: turns.filter((turn) => !quiet.includes(turn)), quiet }
  }
}

/** One lot or portion. `sayAll` and `say` give the devices whose lifelines took it. */
export async function tellAreas(
  telling: AreasTelling,
  sayAll: (lot: Lot) => Promise<readonly string[]>,
  say: (what: ToSay[]) => Promise<readonly string[]>,
): Promise<'idle' | 'said' | 'written'> {
  const lot = telling.nextLot()
  if (lot) {
    telling.said(lot, lot.to.length > 0 ? await sayAll(lot) : [])
    return 'said'
  }
  const portion = telling.next()
  if (!portion) return 'idle'
  if (!portion.recall) {
    telling.done(portion, telling.tookOf(portion.area))
    return 'written'
  }
  const what = portion.turns.flatMap(({ who, page }) => who.devices.map((deviceId) => ({ deviceId, page })))
  telling.done(portion, new Set(what.length > 0 ? await say(what) : []))
  return 'written'
}

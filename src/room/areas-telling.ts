// Telling those whom a broadcast concerns, some at a time, so that whoever presses meanwhile waits for no more than that:
// first by their open lifelines, and whoever has none by a text. The gate is asked before each of the two.

import { areaPage, areaPageId, cancelPage, type Told } from '../domain/area'
import type { Page } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import { hushedNow, isHushed } from './areas-hushed'
import type { Area, Concerned, KeptAreas, Way } from './areas-kept'
import type { Ledger } from './ledger'

/** Some 15 ms of the room's thread. */
const AT_ONCE = 40
/** What drivers read first; no record says what they speak. */
const DRIVERS_LANG = 'fil'

type Turn = { n: number; who: Concerned; page: Page }
/** `recall`: they were told before, and hear that it is not so. `quiet` have their turn and hear nothing. */
export type Portion = { area: string; recall: boolean; turns: Turn[]; quiet: Turn[]; size: number }
export type ToSay = { deviceId: string; page: Page }

/** Some attempts of a text in one of these states: somebody may have read it. */
const REACHED = /^(sending|accepted|sent|delivered|answered)/

export class AreasTelling {
  constructor(
    private readonly ledger: Ledger,
    private readonly kept: KeptAreas,
    /** All have had their turn. Inside the transaction of the last. */
    private readonly toldAll: (area: Area) => void,
  ) {}

  /** The next portion, of the oldest that has somebody left; null where nobody is. */
  next(): Portion | null {
    for (const id of this.kept.recalling()) {
      const area = this.kept.find(id)
      if (area) return this.recallOf(area)
    }
    const [area] = this.kept.inState('sending')
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
      for (const { n, who, page } of portion.quiet) this.kept.told(area.id, n, page.id, who, 'quiet', now)
      for (const { n, who, page } of portion.turns) {
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
    if (over && area.state === 'sending') this.toldAll(next)
  }

  private text(area: Area, page: Page): Way {
    if (area.state !== 'sending' || page.ladder.length === 0 || this.ledger.ports.textsLeave?.() === false) return null
    const outcome = this.ledger.pages.send(page)
    return outcome === 'sent' || outcome === 'known' ? 'text' : null
  }

  private turnsOf(area: Area): Portion {
    const people = this.kept.people(area.id, area.told, AT_ONCE)
    const turns = people.map((who, at) => ({ n: area.told + at, who, page: this.page(area, who) }))
    return { area: area.id, recall: false, ...this.split(turns), size: AT_ONCE }
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

/** One portion. `say` gives the devices whose lifelines took it. */
export async function tellAreas(
  telling: AreasTelling,
  say: (what: ToSay[]) => Promise<readonly string[]>,
): Promise<'idle' | 'more'> {
  const portion = telling.next()
  if (!portion) return 'idle'
  const what = portion.turns.flatMap(({ who, page }) => who.devices.map((deviceId) => ({ deviceId, page })))
  telling.done(portion, new Set(what.length > 0 ? await say(what) : []))
  return 'more'
}

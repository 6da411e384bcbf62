// The panel's position is the freshest that this screen has heard, not that of the press: where the vehicle was said to be on
// the live socket is written into the panel, and what depends on the place is asked for again once it has moved enough.

import { haversine, type Point } from '../../../src/domain/distance'
import type { IncidentSummary, ShownPosition } from '../../../src/domain/incident'
import type { PositionSource } from '../../../src/domain/position-source'
import { fixInWords } from '../../fix'
import { age, coordinates } from '../../format'
import type { Say } from '../../words'
import { roomNow } from '../chrome/clock'
import { write } from '../queue/draw'

/** Words of a place are good to some tens of metres. */
const OTHER_WORDS_M = 60
/** Who is nearest changes slowly, and asking costs. */
const OTHER_NEAREST_M = 500
/** However fast it drives. */
const ASK_EVERY_MS = 8_000

type Heard = { id: string; position: ShownPosition; source?: PositionSource }

const panelOf = (): HTMLElement | null => document.querySelector('#panel[data-id]')

export class FreshFix {
  private heard: Heard | null = null
  private readonly askedAt = new Map<string, number>()

  constructor(
    private readonly say: Say,
    /** The panel has no place to write to: it is to be drawn anew. */
    private readonly redraw: () => void,
  ) {}

  /** What the live socket said. True where it is about the framed incident. */
  moved(moved: readonly Heard[]): boolean {
    const id = panelOf()?.dataset.id
    const found = moved.findLast((each) => each.id === id)
    if (!found) return false
    this.heard = found
    this.draw()
    return true
  }

  /** Also after the panel was drawn anew, perhaps with an older place than was heard meanwhile. */
  draw(): void {
    const panel = panelOf()
    if (!panel) return
    const { heard } = this
    if (heard && heard.id === panel.dataset.id) this.write(panel, heard)
    this.askAgain(panel)
    writeScript(this.say)
  }

  /** Once a second: a fix grows older, and a vehicle that stood still when it was too soon to ask has a place all the same. */
  tick(): void {
    const panel = panelOf()
    if (!panel) return
    this.askAgain(panel)
    writeScript(this.say)
  }

  private write(panel: HTMLElement, { position, source = 'phone' }: Heard): void {
    const fixAge = panel.querySelector<HTMLElement>('[data-fix-age]')
    if (!fixAge) {
      this.redraw()
      return
    }
    const fixedAt = Date.parse(position.fixedAt ?? '')
    if (!(fixedAt > (Number(fixAge.dataset.since) || 0))) return
    fixAge.dataset.since = String(fixedAt)
    write(fixAge, this.say('panel.age', { age: age(roomNow() - fixedAt) }))
    write(panel.querySelector('[data-fix-rest]'), fixInWords(position, source, this.say))
    write(panel.querySelector('[data-fix-coordinates]'), coordinates(position.lat, position.lng))
    panel.dataset.lat = String(position.lat)
    panel.dataset.lng = String(position.lng)
    if (position.accuracyM === null) delete panel.dataset.accuracy
    else panel.dataset.accuracy = String(position.accuracyM)
  }

  private askAgain(panel: HTMLElement): void {
    const at = pointOf(panel)
    if (!at) return
    this.ask(panel.querySelector('#place'), at, OTHER_WORDS_M, 'place-ask')
    this.ask(panel.querySelector('#nearest'), at, OTHER_NEAREST_M, 'nearest-ask')
  }

  private ask(slot: HTMLElement | null, at: Point, beyondM: number, event: string): void {
    const before = slot && pointOf(slot)
    if (!slot || !before || haversine(before, at) <= beyondM) return
    const now = performance.now()
    if (now - (this.askedAt.get(event) ?? Number.NEGATIVE_INFINITY) < ASK_EVERY_MS) return
    this.askedAt.set(event, now)
    slot.dataset.lat = String(at.lat)
    slot.dataset.lng = String(at.lng)
    slot.dispatchEvent(new CustomEvent(event, { bubbles: false }))
  }
}

/** The framed incident is on the map where its panel says: a screen that came later has not heard what the room has. */
export const whereFramed = (
  incidents: readonly IncidentSummary[],
  framedId: string | null,
  place: Point | null,
): IncidentSummary[] =>
  incidents.map((each) =>
    place && each.id === framedId && each.position
      ? { ...each, position: { ...each.position, lat: place.lat, lng: place.lng } }
      : each,
  )

/** What is read aloud to 911 is where it is now. */
export function writeScript(say: Say): void {
  const script = document.querySelector<HTMLElement>('#panel [data-script-where]')
  const place = document.querySelector<HTMLElement>('#panel [data-place]')?.dataset.place
  const since = Number(document.querySelector<HTMLElement>('#panel [data-fix-age]')?.dataset.since)
  if (!script || !place) return
  const words = since > 0 ? say('panel.age', { age: age(roomNow() - since) }) : say('panel.no_time')
  write(script, (script.dataset.scriptWhere ?? '').replace('{place}', () => place).replace('{age}', words))
}

function pointOf({ dataset }: HTMLElement): Point | null {
  const [lat, lng] = [Number.parseFloat(dataset.lat ?? ''), Number.parseFloat(dataset.lng ?? '')]
  return Number.isFinite(lat) && Number.isFinite(lng) ? { lat, lng } : null
}

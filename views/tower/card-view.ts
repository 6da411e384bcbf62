// What a queue card says, decided once: the server renders it, and the browser draws the same from a <template>.

import type { IncidentSummary } from '../../src/domain/incident'
import { ms } from '../format'
import { placeInWords } from '../place'
import { isWord, type Say } from '../words'
import { left } from './ladder-view'

export type Chip = {
  tone: 'alarm' | 'warn' | 'good' | 'held' | 'plain'
  text: string
  /** It counts down to `at`, epoch ms; {left} in `words` is what is left. */
  until?: { at: number; words: string }
}

export type CardView = {
  id: string
  seq: number
  priority: IncidentSummary['priority']
  untaken: boolean
  mine: boolean
  quiet: boolean
  /** The word that stands before all else of what is only practised; empty where it is real. */
  drill: string
  code: string
  kind: string
  /** Epoch ms from which its age runs. */
  since: number
  plate: string
  vehicle: string
  who: string
  place: string
  chips: Chip[]
}

/** Nobody holds it and somebody should. */
export const isUntaken = (incident: Pick<IncidentSummary, 'owner' | 'state' | 'flags'>): boolean =>
  incident.owner === null &&
  (incident.state === 'new' ||
    incident.state === 'help_asked' ||
    (incident.state === 'cancelled' && incident.flags.includes('cancel_verify')))

/** It calls for a hand now: sound, band and a screen that opens by itself. One that its true PIN has cancelled waits quietly. */
export const isAlarming = (incident: Pick<IncidentSummary, 'owner' | 'state' | 'flags'>): boolean =>
  isUntaken(incident) && incident.state !== 'cancelled'

/** Made up: nobody is in danger. */
export const isDrill = ({ flags }: Pick<IncidentSummary, 'flags'>): boolean => flags.includes('drill')

/** When the button was pressed: by the phone's clock where that can be believed, else by ours. Epoch ms. */
export function pressedAt(incident: Pick<IncidentSummary, 'pressedAt' | 'receivedAt' | 'flags'>): number {
  const received = Date.parse(incident.receivedAt)
  const pressed = ms(incident.pressedAt)
  return pressed === null || incident.flags.includes('wrong_clock') || pressed > received ? received : pressed
}

/** `now`: until when a lease of NEXT is said; epoch ms. */
export function cardView(incident: IncidentSummary, say: Say, me: string, now: number = Date.now()): CardView {
  const { vehicle, driver, position } = incident
  return {
    id: incident.id,
    seq: incident.seq,
    priority: incident.priority,
    untaken: isUntaken(incident),
    mine: incident.owner?.uid === me,
    quiet: incident.contactPolicy === 'quiet',
    drill: isDrill(incident) ? say('drill.first') : '',
    code: incident.code,
    kind: say(`kind.${incident.kind}`),
    since: pressedAt(incident),
    plate: vehicle?.plate ?? vehicle?.conduction ?? '',
    vehicle: vehicle ? `${vehicle.colour} ${vehicle.make} ${vehicle.model}` : '',
    who:
      driver?.name ?? (incident.reporter === 'driver' ? say('queue.no_driver') : say(`reporter.${incident.reporter}`)),
    place: placeOf(position, say),
    chips: chips(incident, say, me, now),
  }
}

export function placeOf(position: IncidentSummary['position'], say: Say): string {
  if (!position) return say('panel.no_place')
  return placeInWords(position.lat, position.lng, say) ?? say('place.abroad')
}

const LOUD_FLAGS = [
  'drill_window',
  'duress',
  'pin_guessing',
  'cancel_verify',
  'requeued',
  'needs_second',
  'room_away',
  'unplaced',
  're_pressed',
  'separated',
  'phone_silent',
]

const SAID_TONE: Record<NonNullable<IncidentSummary['said']>, Chip['tone']> = {
  trapped: 'alarm',
  hurt: 'warn',
  stuck: 'plain',
  ok: 'good',
}

function chips(incident: IncidentSummary, say: Say, me: string, now: number): Chip[] {
  const list: Chip[] = [stateChip(incident, say, me)]
  const phone = incident.phoneAck
  if (phone && Date.parse(phone.until) > now) list.push(phoneChip(phone, say, now))
  if (incident.pressCount > 1) list.push({ tone: 'warn', text: say('queue.presses', { n: incident.pressCount }) })
  if (incident.furthestLeg) {
    list.push({ tone: incident.furthestLeg === 'declined' ? 'warn' : 'good', text: say(`leg.${incident.furthestLeg}`) })
  }
  if (incident.said) list.push({ tone: SAID_TONE[incident.said], text: say(`said.${incident.said}`) })
  if (incident.leased && Date.parse(incident.leased.until) > now)
    list.push({ tone: 'plain', text: say('queue.leased', { name: incident.leased.name }) })
  for (const flag of incident.flags) {
    const word = `flag.${flag}`
    // Said already: by the count, by the first word, or by the state itself.
    if (flag === 're_pressed' && incident.pressCount > 1) continue
    if (flag === 'drill') continue
    if (flag === 'cancel_verify' && isUntaken(incident)) continue
    if (isWord(word)) list.push({ tone: LOUD_FLAGS.includes(flag) ? 'warn' : 'plain', text: say(word) })
  }
  if (incident.desk !== incident.region) list.push({ tone: 'plain', text: `${incident.region} → ${incident.desk}` })
  for (const region of incident.alsoIn ?? []) list.push({ tone: 'plain', text: `${incident.desk} + ${region}` })
  return list
}

/** Somebody said by phone that they take it: a desk still has to. */
function phoneChip({ name, until }: { name: string; until: string }, say: Say, now: number): Chip {
  const at = Date.parse(until)
  const words = say('ladder.phone_chip', { name })
  return { tone: 'warn', text: words.replace('{left}', left(at - now)), until: { at, words } }
}

export function stateChip(incident: Pick<IncidentSummary, 'state' | 'owner' | 'flags'>, say: Say, me: string): Chip {
  const { owner, state } = incident
  if (isUntaken(incident)) {
    return { tone: 'alarm', text: say(state === 'cancelled' ? 'flag.cancel_verify' : 'state.new') }
  }
  if (owner?.uid === me) return { tone: 'held', text: `${say('queue.yours')} · ${say(`state.${state}`)}` }
  if (owner && (state === 'taken' || state === 'new')) {
    return { tone: 'held', text: say('state.taken_by', { name: owner.initials }) }
  }
  const text = owner ? `${say(`state.${state}`)} · ${owner.initials}` : say(`state.${state}`)
  return { tone: state === 'safe' || state === 'closed' ? 'good' : 'plain', text }
}

// What an operator says to 911 or an agency: the first ten seconds word by word, what to say when asked, and the fields to
// read off. Pure; nothing here dials.

import type { VehicleCard } from './directory'
import { HANDOFF_KINDS, HANDOFF_WORDS, type HandoffWord } from './handoff-words'
import type { ContactPolicy } from './incident'
import type { Kind } from './press'
import { manilaClock } from './time'
import { vehicleIn } from './vehicle-words'
import type { Wind } from './whereabouts'
import { WINDS } from './whereabouts'

/** Times are epoch ms. */
export type HandoffInput = {
  code: string
  /** The operator's alias, never a name. */
  alias: string
  /** The tower's own number. */
  callback: string | null
  kind: Kind
  /** What the operator found out, in their words: "hold-up in progress". */
  nature: string | null
  contactPolicy: ContactPolicy
  drill: boolean
  vehicle: Pick<VehicleCard, 'plate' | 'conduction' | 'make' | 'model' | 'colour'> | null
  /** In words, by people's names for it: "EDSA northbound, just past Ortigas, Mandaluyong". */
  place: string | null
  position: {
    lat: number
    lng: number
    accuracyM: number | null
    headingDeg: number | null
    speedMps: number | null
    fixedAt: number | null
  } | null
  /** The driver as known to the agency; null where it is not to be told. */
  driver: string | null
  people: number | null
  pressedAt: number | null
  now: number
}

export type ScriptLine = {
  id: 'drill' | 'hello' | 'what' | 'vehicle' | 'where' | 'quiet' | 'stay'
  text: string
  strong: boolean
}
export type ScriptField = { id: string; label: string; value: string }

export type HandoffScript = {
  lang: 'en' | 'fil'
  /** The first ten seconds, in order. */
  lines: ScriptLine[]
  /** The same as one text, for reading aloud or copying. */
  opening: string
  /** What to say or ask after that, in order. */
  next: string[]
  fields: ScriptField[]
}

export function handoffScript(input: HandoffInput, lang: 'en' | 'fil'): HandoffScript {
  const say = (key: HandoffWord, slots: Record<string, string> = {}): string =>
    HANDOFF_WORDS[key][lang === 'fil' ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? '')
  const line = (id: ScriptLine['id'], text: string, strong = false): ScriptLine[] =>
    text ? [{ id, text, strong }] : []
  const quiet = input.contactPolicy !== 'voice_ok'
  const lines = [
    ...line('drill', input.drill ? say('drill') : '', true),
    ...line('hello', say('hello', { alias: input.alias, callback: input.callback ?? say('no_callback') })),
    ...line('what', whatOf(input, lang, say)),
    ...line('vehicle', vehicleOf(input, lang, say)),
    ...line('where', whereOf(input, lang, say)),
    ...line('quiet', quiet ? say('quiet') : '', true),
    ...line('stay', say('stay')),
  ]
  return {
    lang,
    lines,
    opening: lines.map(({ text }) => text).join(' '),
    next: nextOf(input, quiet, say),
    fields: fieldsOf(input, lang, quiet, say),
  }
}

type Say = (key: HandoffWord, slots?: Record<string, string>) => string

const MOVING_MPS = 2
const isMoving = ({ position }: HandoffInput): boolean => (position?.speedMps ?? 0) >= MOVING_MPS

function whatOf({ kind, nature, ...rest }: HandoffInput, lang: 'en' | 'fil', say: Say): string {
  const what = clean(nature) || HANDOFF_KINDS[kind][lang === 'fil' ? 1 : 0]
  const moving = isMoving({ kind, nature, ...rest })
  return ended(moving ? say('in_moving', { what }) : say('what', { what }))
}

function vehicleOf({ vehicle }: HandoffInput, lang: 'en' | 'fil', say: Say): string {
  if (!vehicle) return say('no_vehicle')
  const looks = vehicleIn(lang, [vehicle.colour, vehicle.make, vehicle.model].map(clean).filter(Boolean).join(' '))
  const name = looks ? (looks[0] ?? '').toUpperCase() + looks.slice(1) : say('a_vehicle')
  const plate = clean(vehicle.plate)
  if (plate) return say('vehicle', { name, plate })
  const sticker = clean(vehicle.conduction)
  return sticker ? say('vehicle_sticker', { name, plate: sticker }) : say('vehicle_bare', { name })
}

/** "Now EDSA northbound, just past Ortigas, about 30 kph, 12 seconds ago." Old is said as old. */
function whereOf(input: HandoffInput, lang: 'en' | 'fil', say: Say): string {
  const { position, place, now } = input
  if (!position && !place) return say('no_where')
  const where = clean(place) || say('coordinates', { at: coordinates(position) })
  const age = position?.fixedAt == null ? null : Math.max(0, now - position.fixedAt)
  const parts = [
    say(age !== null && age >= OLD_MS ? 'where_last' : 'where', { where }),
    headingOf(input, lang, say),
    isMoving(input) ? say('speed', { kph: String(roundedKph(position?.speedMps ?? 0)) }) : '',
    position ? (age === null ? say('age_unknown') : say('age', { age: ageWords(age, lang) })) : '',
  ]
  return ended(parts.filter((part) => part !== '').join(', '))
}

/** From here on it is the last known place, not "now". */
const OLD_MS = 60_000

/** Nobody reads a speed off to one. */
const roundedKph = (mps: number): number => {
  const kph = mps * 3.6
  return kph < 20 ? Math.round(kph) : Math.round(kph / 5) * 5
}

/** Left out where the road's name says it already, and where it stands. */
function headingOf(input: HandoffInput, lang: 'en' | 'fil', say: Say): string {
  const { position, place } = input
  if (
    position?.headingDeg == null ||
    !isMoving(input) ||
    /\b(north|south|east|west)bound\b|\b[NSEW]B\b/i.test(place ?? '')
  )
    return ''
  const wind = WINDS[Math.round(position.headingDeg / 45) % 8] as Wind
  return say('heading', { wind: HANDOFF_WORDS[`wind_${wind}`][lang === 'fil' ? 1 : 0] })
}

function ageWords(ms: number, lang: 'en' | 'fil'): string {
  const s = Math.round(ms / 1000)
  const of = (n: number, en: string, fil: string): string =>
    lang === 'fil' ? `${n} ${fil}` : `${n} ${en}${n === 1 ? '' : 's'}`
  if (s < 120) return of(s, 'second', 'segundo')
  return s < 7_200 ? of(Math.round(s / 60), 'minute', 'minuto') : of(Math.round(s / 3_600), 'hour', 'oras')
}

function nextOf({ people, driver, position }: HandoffInput, quiet: boolean, say: Say): string[] {
  return [
    say(quiet ? 'next_quiet' : 'next_call'),
    ...(position ? [say('next_coordinates', { at: coordinates(position) })] : []),
    ...(people === null ? [] : [say('next_people', { n: String(people) })]),
    ...(driver ? [ended(say('next_driver', { driver: clean(driver) }))] : []),
    say('next_update'),
    say('next_ref'),
    say('next_eta'),
    say('next_unknown'),
  ]
}

function fieldsOf(input: HandoffInput, lang: 'en' | 'fil', quiet: boolean, say: Say): ScriptField[] {
  const { vehicle, position, place, now } = input
  const looks = vehicle && [vehicle.colour, vehicle.make, vehicle.model].map(clean).filter(Boolean).join(' ')
  const age = position?.fixedAt == null ? null : ageWords(Math.max(0, now - position.fixedAt), lang)
  const rows: [HandoffWord, string | null][] = [
    ['field_code', input.code],
    ['field_what', clean(input.nature) || HANDOFF_KINDS[input.kind][lang === 'fil' ? 1 : 0]],
    ['field_quiet', quiet ? say('quiet_short') : null],
    ['field_plate', clean(vehicle?.plate ?? '') || clean(vehicle?.conduction ?? '')],
    ['field_vehicle', looks ? vehicleIn(lang, looks) : null],
    ['field_place', clean(place) || null],
    ['field_coordinates', position && coordinates(position)],
    ['field_accuracy', position?.accuracyM == null ? null : `±${Math.round(position.accuracyM)} m`],
    [
      'field_heading',
      position?.headingDeg == null || !isMoving(input) ? null : `${Math.round(position.headingDeg) % 360}°`,
    ],
    ['field_speed', position?.speedMps == null ? null : `${Math.round(position.speedMps * 3.6)} km/h`],
    ['field_age', age],
    ['field_pressed', input.pressedAt === null ? null : manilaClock(input.pressedAt)],
    ['field_people', input.people === null ? null : String(input.people)],
    ['field_driver', clean(input.driver) || null],
    ['field_callback', input.callback],
    ['field_operator', input.alias],
  ]
  return rows
    .filter((row): row is [HandoffWord, string] => row[1] !== null && row[1] !== '')
    .map(([key, value]) => ({ id: key.slice('field_'.length), label: say(key), value }))
}

const coordinates = (position: { lat: number; lng: number } | null): string =>
  position ? `${position.lat.toFixed(5)}, ${position.lng.toFixed(5)}` : ''

/** Empty where not one letter or figure is left. */
function clean(text: string | null): string {
  const line = (text ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return /[\p{L}\p{N}]/u.test(line) ? line : ''
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

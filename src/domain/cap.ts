// An incident as a document of the Common Alerting Protocol 1.2 (OASIS, 1 July 2010): for agencies that a person hands it to.
// Private always, never a warning to the public. What happened first is an Alert, what changed an Update, its end a Cancel.

import { CAP_KINDS, CAP_WORDS, type CapLang, type CapWord } from './cap-words'
import type { VehicleCard } from './directory'
import type { ContactPolicy, Priority } from './incident'
import type { Kind } from './press'
import type { RegionId } from './region'
import { manilaDay } from './time'
import { vehicleIn } from './vehicle-words'
import { manilaStamp, xmlElement, xmlParent, xmlText } from './xml'

export type CapReference = { identifier: string; sentAt: number }

/** Times are epoch ms. */
export type CapInput = {
  /** New for each message of one sender; see `capIdentifier`. */
  identifier: string
  /** As an address: tower@example.ph. */
  sender: string
  sentAt: number
  msgType: 'Alert' | 'Update' | 'Cancel'
  /** What an Update or Cancel stands in the place of: all earlier messages of this incident to these addresses. */
  references: readonly CapReference[]
  /** To whom; it is for nobody else. */
  addresses: readonly string[]
  /** Groups the messages of one incident; see `capIncident`. */
  incident: string
  drill: boolean
  /** Cancel: why. */
  reason: string | null

  code: string
  region: RegionId
  priority: Priority
  kind: Kind
  contactPolicy: ContactPolicy
  /** Seen by whoever pressed; `hinted` where nobody pressed, `unfounded` where it proved false. */
  certainty: 'pressed' | 'hinted' | 'unfounded'
  vehicle: Pick<VehicleCard, 'plate' | 'conduction' | 'make' | 'model' | 'colour'> | null
  /** In words; null where not known. */
  place: string | null
  position: {
    lat: number
    lng: number
    accuracyM: number | null
    headingDeg: number | null
    speedMps: number | null
    fixedAt: number | null
  } | null
  pressedAt: number | null
  towerPhone: string | null
  /** Where its live position can be read; null where nobody granted that. */
  liveLocation: string | null
  /** Further parameters, by name. */
  parameters?: Readonly<Record<string, string>>
}

/** A message of one incident: XOT-NCR-20260824-000123.2 */
export const capIdentifier = (incident: string, n: number): string => `${incident}.${n}`

/** XOT-NCR-20260824-000047-1f2e3d4c: by its code, which is new each day, and the end of its id, which is never used again. */
export function capIncident({ id, code, receivedAt }: { id: string; code: string; receivedAt: number }): string {
  const [, region = 'XX', number = '0'] = /^([A-Z]+)-(.+)$/.exec(code) ?? []
  return word(`XOT-${region}-${manilaDay(receivedAt).replaceAll('-', '')}-${number.padStart(6, '0')}-${id.slice(-8)}`)
}

/** One document. An Update or Cancel that refers to nothing is a mistake of the caller, and throws. */
export function capAlert(input: CapInput): string {
  const { msgType, references, drill } = input
  const addresses = input.addresses.map(quoted).filter((address) => address !== '')
  if (msgType !== 'Alert' && references.length === 0) throw new Error(`CAP: a ${msgType} refers to what came before`)
  if (addresses.length === 0) throw new Error('CAP: a private message is addressed to somebody')
  const sender = word(input.sender)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">',
    xmlElement('identifier', word(input.identifier)),
    xmlElement('sender', sender),
    xmlElement('sent', manilaStamp(input.sentAt)),
    xmlElement('status', drill ? 'Exercise' : 'Actual'),
    xmlElement('msgType', msgType),
    xmlElement('scope', 'Private'),
    xmlElement('addresses', addresses.join(' ')),
    xmlElement('note', noteOf(input)),
    xmlElement(
      'references',
      references.map((each) => `${sender},${word(each.identifier)},${manilaStamp(each.sentAt)}`).join(' '),
    ),
    xmlElement('incidents', word(input.incident)),
    info(input, 'en'),
    info(input, 'fil'),
    '</alert>\n',
  ].join('')
}

/** No spaces, commas, `<` or `&` in an identifier or sender: they are joined by commas and spaces in references. */
const word = (text: string): string => text.replace(/[^\p{L}\p{N}@._:+/-]/gu, '-') || '-'

/** An address with a space in it stands in quotes. */
const quoted = (address: string): string => {
  const clean = address.replace(/["\p{C}]/gu, ' ').trim()
  return /\s/.test(clean) ? `"${clean}"` : clean
}

function noteOf({ drill, reason }: CapInput): string {
  return [drill ? 'DRILL. PAGSASANAY. Not real.' : '', reason ?? ''].filter((part) => part !== '').join(' ')
}

const say = (key: CapWord, lang: CapLang, slots: Record<string, string> = {}): string =>
  CAP_WORDS[key][lang === 'fil' ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? '')

function info(input: CapInput, lang: CapLang): string {
  const { kind, msgType, priority, region, towerPhone } = input
  const of = CAP_KINDS[kind]
  const quiet = input.contactPolicy !== 'voice_ok'
  const over = msgType === 'Cancel'
  return xmlParent('info', [
    xmlElement('language', lang === 'fil' ? 'fil-PH' : 'en-PH'),
    ...of.categories.map((category) => xmlElement('category', category)),
    xmlElement('event', marked(input, of.event[lang === 'fil' ? 1 : 0])),
    over ? xmlElement('responseType', 'AllClear') : '',
    xmlElement('urgency', over ? 'Past' : URGENCY[priority]),
    xmlElement('severity', SEVERITY[priority]),
    xmlElement('certainty', CERTAINTY[input.certainty]),
    xmlElement('senderName', `Xpress Tower ${region}`),
    xmlElement('headline', marked(input, headline(input, lang)).slice(0, 160)),
    xmlElement('description', marked(input, description(input, lang))),
    over ? '' : xmlElement('instruction', say(quiet ? 'do_not_call' : 'call_us', lang)),
    xmlElement('contact', `Xpress Tower ${region}${towerPhone ? ` ${towerPhone}` : ''}`),
    ...parametersOf(input, quiet).map(([name, value]) =>
      xmlParent('parameter', [xmlElement('valueName', name), `<value>${xmlText(value)}</value>`]),
    ),
    area(input, lang),
  ])
}

const URGENCY: Record<Priority, string> = { P1: 'Immediate', P2: 'Immediate', P3: 'Expected', P4: 'Unknown' }
const SEVERITY: Record<Priority, string> = { P1: 'Severe', P2: 'Moderate', P3: 'Minor', P4: 'Unknown' }
const CERTAINTY: Record<CapInput['certainty'], string> = {
  pressed: 'Observed',
  hinted: 'Possible',
  unfounded: 'Unlikely',
}

const marked = ({ drill }: CapInput, text: string): string => (drill ? `DRILL / PAGSASANAY. ${text}` : text)

function headline(input: CapInput, lang: CapLang): string {
  const { kind, msgType, place } = input
  const plate = plateOf(input)
  return [
    msgType === 'Cancel'
      ? `${say('ended', lang)}: ${CAP_KINDS[kind].event[lang === 'fil' ? 1 : 0]}`
      : CAP_KINDS[kind].event[lang === 'fil' ? 1 : 0],
    plate && say('plate', lang, { plate }),
    place,
  ]
    .filter((part) => part)
    .join(', ')
}

function description(input: CapInput, lang: CapLang): string {
  const { position, vehicle, reason, msgType } = input
  const quiet = input.contactPolicy !== 'voice_ok'
  const kmh = position?.speedMps == null ? null : Math.round(position.speedMps * 3.6)
  const heading = position?.headingDeg == null ? null : String(Math.round(position.headingDeg) % 360).padStart(3, '0')
  return [
    quiet ? say('silent', lang) : '',
    msgType === 'Cancel' && reason ? reason : '',
    vehicle ? `${vehicleIn(lang, [vehicle.colour, vehicle.make, vehicle.model].filter(Boolean).join(' '))}.` : '',
    kmh === null
      ? ''
      : kmh < 8
        ? say('standing', lang)
        : heading
          ? say('moving_to', lang, { kmh: String(kmh), heading })
          : say('moving', lang, { kmh: String(kmh) }),
    position ? '' : say('no_position', lang),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function parametersOf(input: CapInput, quiet: boolean): [string, string][] {
  const { vehicle, position } = input
  const known: [string, string | null][] = [
    ['silentCommunication', String(quiet)],
    ['incidentCode', input.code],
    ['priority', input.priority],
    ['vehiclePlate', plateOf(input)],
    ['vehicleColour', vehicle?.colour ?? null],
    ['vehicleMake', vehicle?.make ?? null],
    ['vehicleModel', vehicle?.model ?? null],
    ['pressedAt', input.pressedAt === null ? null : manilaStamp(input.pressedAt)],
    ['positionAt', position?.fixedAt == null ? null : manilaStamp(position.fixedAt)],
    ['positionAccuracyM', position?.accuracyM == null ? null : String(Math.round(position.accuracyM))],
    ['headingDegrees', position?.headingDeg == null ? null : String(Math.round(position.headingDeg) % 360)],
    ['speedKmh', position?.speedMps == null ? null : String(Math.round(position.speedMps * 3.6))],
    ['liveLocation', input.liveLocation],
    ...Object.entries(input.parameters ?? {}),
  ]
  return known.filter((each): each is [string, string] => each[1] !== null && each[1] !== '')
}

const plateOf = ({ vehicle }: CapInput): string | null => vehicle?.plate ?? vehicle?.conduction ?? null

/** A circle of the fix's own accuracy: `lat,lng radius` in degrees and kilometres. Without a fix only words. */
function area({ place, position }: CapInput, lang: CapLang): string {
  const circle =
    position && isOnEarth(position)
      ? `${position.lat.toFixed(6)},${position.lng.toFixed(6)} ${(Math.max(0, position.accuracyM ?? 0) / 1000).toFixed(3)}`
      : null
  const words = place && xmlText(place) !== '' ? place : say(circle ? 'no_place' : 'no_position', lang)
  return xmlParent('area', [xmlElement('areaDesc', words), xmlElement('circle', circle)])
}

const isOnEarth = ({ lat, lng }: { lat: number; lng: number }): boolean => Math.abs(lat) <= 90 && Math.abs(lng) <= 180

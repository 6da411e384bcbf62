// What a Traccar server's older forwarding writes into an address, in the manner of OpenGTS: a status code, an NMEA
// sentence, the attributes as JSON. They say what the names beside them do not.

import { type Json, objectOf, parsed } from './json'
import type { Flat } from './osmand'

const STATUS = ['statusCode', 'statuscode', 'code', 'status'] as const
/** STATUS_PANIC_ON, in either notation. Traccar writes it for any alarm. */
const PANIC_ON = /^(?:0x)?f841$|^63553$/i
const PANIC_NUMBER = 0xf841
// hhmmss, A or V, ddmm.mmmm, N or S, dddmm.mmmm, E or W, knots, degrees, ddmmyy
const SENTENCE =
  /^\$?G[PN]RMC,(\d{2})(\d{2})(\d{2})(?:\.\d{0,9})?,([AV]),(\d{2})(\d{2}\.?\d{0,9}),([NS]),(\d{3})(\d{2}\.?\d{0,9}),([EW]),(\d{0,4}\.?\d{0,6}),(\d{0,3}\.?\d{0,6}),(\d{2})(\d{2})(\d{2})/i

/** True where the status says panic, and no name says which other alarm was meant by it. */
export function statesPanic(flat: Flat): boolean {
  const panics = STATUS.some((name) =>
    flat(name).some((value) => (typeof value === 'string' ? PANIC_ON.test(value.trim()) : value === PANIC_NUMBER)),
  )
  return panics && flat('alarm').every((alarm) => alarm === null || alarm === '')
}

/** The record with the names that its sentence and attributes stand for; its own names go before them. */
export function unfolded(flat: Flat): Flat {
  const attributes = textIn(flat, 'attributes')
  const sentence = textIn(flat, 'gprmc')
  if (attributes === null && sentence === null) return flat
  const folded: Json = { ...objectOf(parsed(attributes ?? '')), ...readSentence(sentence ?? '') }
  return (name) => {
    const own = flat(name)
    // An attribute of the name `battery` is volts; percent are `batteryLevel`.
    if (own.length > 0 || name === 'battery' || !Object.hasOwn(folded, name)) return own
    return [folded[name]].flat()
  }
}

const textIn = (flat: Flat, name: string): string | null => {
  const [value] = flat(name)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Under the names of OsmAnd. None where it is no sentence of the kind. */
function readSentence(text: string): Json {
  const found = SENTENCE.exec(text.trim())
  if (!found) return {}
  const [
    ,
    hour,
    minute,
    second,
    valid,
    lat,
    latMinutes,
    north,
    lng,
    lngMinutes,
    east,
    knots,
    course,
    day,
    month,
    year,
  ] = found
  return {
    lat: degrees(lat, latMinutes, north),
    lon: degrees(lng, lngMinutes, east),
    timestamp: `20${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    speed: knots,
    bearing: course,
    valid: valid?.toUpperCase() === 'A',
  }
}

function degrees(whole = '', minutes = '', side = ''): number {
  const value = Number(whole) + Number(minutes) / 60
  return /[SW]/i.test(side) ? -value : value
}

// The GPS string that Philippine law (LTFRB MC 2015-013) asks of public utility vehicles, as a relay passes it on by HTTP:
// `ID#abc1234+TM#14:12:12+DT#2014-10-03+LT#10.6667+LN#122.9500+AT#10+SP#12+CO#10`, one a line. The circular names neither
// zone nor unit: Manila's time and km/h.

import { readClock } from './clock'
import { itemOf, malformedItem } from './item'
import { KMH_TO_MPS, readNumber, toPosition } from './position'
import { claimOf, EMPTY_REPLY, type Item, type Protocol } from './protocol'
import { findCry } from './salvage'

export const ltfrb: Protocol = {
  name: 'ltfrb',
  read({ body, json, now }) {
    if (json !== undefined || !BEGINS.test(body)) return null
    const lines = body.split(/[\r\n]+/).filter((line) => line.trim() !== '')
    return lines.map((line) => (BEGINS.test(line) ? readLine(line, now) : malformedItem(line, now)))
  },
  reply: EMPTY_REPLY,
}

const BEGINS = /^\s*ID#[^+\r\n]{1,64}\+/

function readLine(line: string, now: number): Item {
  const said = new Map(
    line
      .trim()
      .split('+')
      .map((part) => [part.slice(0, 2).toUpperCase(), part.slice(3).trim()] as const),
  )
  const [day, time] = [said.get('DT'), said.get('TM')]
  const at = readClock(`${day}T${time}+08:00`)
  const kmh = readNumber(said.get('SP'))
  const position = toPosition(
    {
      lat: readNumber(said.get('LT')),
      lng: readNumber(said.get('LN')),
      headingDeg: readNumber(said.get('CO')),
      speedMps: kmh === null ? null : kmh * KMH_TO_MPS,
      fixedAt: at,
    },
    now,
  )
  return itemOf({
    // The format has no word for it; a relay that adds one is heard.
    sos: findCry(line) !== null,
    claimedId: claimOf(said.get('ID')),
    clientId: null,
    position,
    at,
    placeLost: position === null,
    timeLost: (day !== undefined || time !== undefined) && !at,
  })
}

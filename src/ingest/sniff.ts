// Which client speaks at /i/<device token>, and what it says. A further protocol is a file and a row here.

import type { PressLabel } from '../domain/press'
import { parsed } from './json'
import { ownJson } from './own-json'
import { toPosition } from './position'
import { APP_KIND, EMPTY_REPLY, type Item, type Message, type Protocol, type Reply } from './protocol'
import { findCry, findPlace } from './salvage'
import { flatJson, osmandQuery, traccarForm } from './traccar'
import { transistorsoft } from './transistorsoft'

/** For bodies, most specific first: the first that knows the message reads it. OwnTracks, Overland and a Traccar server belong before `flatJson`. */
export const PROTOCOLS: readonly Protocol[] = [transistorsoft, ownJson, flatJson, traccarForm]

export type Heard = { protocol: string; items: Item[]; reply: Reply }

export type Request = Omit<Message, 'json' | 'query'> & {
  /** As it stands in the address, with or without its question mark. */
  query: string
  /** A cry was found in that part of the body which was too long to keep. */
  criesBeyond?: boolean
}

/** Reads any message whatever. `protocol` is `unknown` where nobody knew it: still answered 2xx, or it would come again. */
export function sniff({ query: text, criesBeyond = false, ...request }: Request): Heard {
  const { body, now } = request
  const looksLikeJson = /^\s*[[{]/.test(body)
  const message: Message = {
    ...request,
    query: new URLSearchParams(text),
    json: looksLikeJson ? parsed(body) : undefined,
  }
  const address = osmandQuery.read(message) ?? []
  if (body.trim() === '') return heard(osmandQuery, address)

  for (const protocol of PROTOCOLS) {
    const items = protocol.read(message)
    if (!items) continue
    // Both the address and the body may speak: whichever cries is heard.
    const all = [...items, ...address.filter((item) => item.sos || items.length === 0)]
    return heard(protocol, criesBeyond ? [...all, garbledCry('', 0, now)] : all)
  }
  const cry = findCry(body)
  const saved = cry !== null ? [garbledCry(body, cry, now)] : criesBeyond ? [garbledCry('', 0, now)] : []
  return {
    protocol: address.length > 0 ? osmandQuery.name : 'unknown',
    items: [...saved, ...address],
    reply: EMPTY_REPLY,
  }
}

const heard = (protocol: Protocol, items: Item[]): Heard => ({ protocol: protocol.name, items, reply: protocol.reply })

const GARBLED: readonly PressLabel[] = ['garbled']

/** Of a message that nobody could read, or not to its end. */
const garbledCry = (text: string, at: number, now: number): Item => ({
  sos: true,
  claimedId: null,
  fields: {
    clientId: null,
    kind: APP_KIND,
    position: toPosition(findPlace(text, at), now),
    safeToTalk: null,
    note: null,
    tripId: null,
    pressedAt: null,
    labels: GARBLED,
  },
})

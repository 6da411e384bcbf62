// Which client speaks at /i/<device token>, and what it says. A further protocol is a file and a row here.

import { garbledCry, MALFORMED } from './item'
import { parsed } from './json'
import { ltfrb } from './ltfrb'
import { overland } from './overland'
import { ownJson } from './own-json'
import { owntracks } from './owntracks'
import { EMPTY_REPLY, type Item, type Message, type Protocol, type Reply } from './protocol'
import { findCry } from './salvage'
import { flatJson, osmandQuery, traccarForm } from './traccar'
import { traccarServer } from './traccar-server'
import { transistorsoft } from './transistorsoft'

/** For bodies, most specific first: the first that knows the message reads it. */
export const PROTOCOLS: readonly Protocol[] = [
  owntracks,
  overland,
  transistorsoft,
  // Before a Traccar server's: both have a `position`, and only ours says what kind of danger it is.
  ownJson,
  traccarServer,
  flatJson,
  ltfrb,
  traccarForm,
]

export type Heard = { protocol: string; items: Item[]; reply: Reply; paced?: Protocol['paced'] }

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
    // Both the address and the body may speak: whichever cries is heard, and a place is taken from where there is one.
    const placed = items.some(({ fields }) => fields.position !== null)
    const all = [...items, ...address.filter((item) => item.sos || !placed)]
    return heard(protocol, criesBeyond ? [...all, garbledCry('', 0, now)] : all)
  }
  const cry = findCry(body)
  const saved = cry !== null ? [garbledCry(body, cry, now)] : criesBeyond ? [garbledCry('', 0, now)] : []
  const broken = PROTOCOLS.find(({ begins }) => begins?.test(body))
  if (broken) return heard(broken, [...(saved.length > 0 ? saved : [MALFORMED]), ...address])
  return {
    protocol: address.length > 0 ? osmandQuery.name : 'unknown',
    items: [...saved, ...address],
    reply: EMPTY_REPLY,
  }
}

const heard = ({ name, reply, paced }: Protocol, items: Item[]): Heard => ({ protocol: name, items, reply, paced })

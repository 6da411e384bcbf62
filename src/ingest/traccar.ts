// Traccar Client 8 (query string, empty body), 10 (form) and its forks (flat JSON objects, one or several).

import { malformedItem } from './item'
import { isObject, type Json } from './json'
import { flatOf, readFlat } from './osmand'
import { EMPTY_REPLY, type Item, type Protocol } from './protocol'

/** GET or POST, everything in the address. Also what a form client sends through a proxy that moves its fields there. */
export const osmandQuery: Protocol = {
  name: 'osmand-query',
  read: ({ query, now }) => (query.size === 0 ? null : one(readFlat(flatOf(query), now))),
  reply: EMPTY_REPLY,
}

/** A body of names and values, whatever its content type says. A push token alone is understood, and is no position. */
export const traccarForm: Protocol = {
  name: 'traccar-form',
  read({ body, json, now }) {
    if (json !== undefined || !LIKE_A_FORM.test(body)) return null
    const form = new URLSearchParams(body.trim())
    const item = readFlat(flatOf(form), now)
    return item || form.has('notificationToken') ? one(item) : null
  },
  reply: EMPTY_REPLY,
}

/** Of an array one record must be read at least: else it is of a kind that nobody knows. */
export const flatJson: Protocol = {
  name: 'flat-json',
  read({ json, now }) {
    const records: unknown[] = Array.isArray(json) ? json : [json]
    let known = false
    const items = records.map((record) => {
      const item = isObject(record) ? readFlat(fieldsOf(record), now) : null
      known ||= item !== null
      return item ?? malformedItem(record, now)
    })
    return known ? items : null
  },
  reply: EMPTY_REPLY,
}

const LIKE_A_FORM = /^\s*[A-Za-z_][\w.]{0,40}=/

const fieldsOf = (record: Json) => (name: string) => (Object.hasOwn(record, name) ? [record[name]].flat() : [])

const one = (item: Item | null): Item[] => (item ? [item] : [])

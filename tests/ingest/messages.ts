// Messages as phones send them, at a moment when none of the fixtures' fixes is stale.

import { expect } from 'bun:test'
import type { Item } from '../../src/ingest/protocol'
import { type Heard, type Request, sniff } from '../../src/ingest/sniff'

export const FIX = 1_755_930_000_000
export const NOW = FIX + 5_000
export const ISO = '2025-08-23T06:20:00Z'

export const ask = (query: string, over: Partial<Request> = {}): Heard =>
  sniff({ method: 'POST', contentType: '', body: '', now: NOW, query, ...over })

export const post = (body: unknown, contentType = 'application/json'): Heard =>
  ask('', { body: typeof body === 'string' ? body : JSON.stringify(body), contentType })

export function only(heard: Heard): Item {
  expect(heard.items).toHaveLength(1)
  return heard.items[0] as Item
}

/** The same place everywhere, so that a test says only what it is about. */
export const PLACE = { lat: 14.5547, lng: 121.0244 }

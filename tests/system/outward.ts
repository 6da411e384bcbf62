// What a phone can read of an answer, whole, for tests that compare what two phones can: bytes and headers.

import { answered } from './people'

/** But for what differs with every press: times, ids and the date. */
export type Seen = { status: number; body: string; headers: Record<string, string> }

/** Says again what a tower that is behind has passed over: that it was behind for one of two phones is no difference of theirs. */
export async function see(url: string, init: RequestInit = {}): Promise<Seen> {
  const { status, text, headers } = await answered(url, init)
  const seen = Object.fromEntries([...headers].filter(([name]) => name !== 'date'))
  return { status, body: blank(text), headers: seen }
}

/** The same length stays: a difference in length is a difference. */
export const blank = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<a time>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<an id>')

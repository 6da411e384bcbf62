// What a phone can read of an answer, whole, for tests that compare what two phones can: bytes and headers.

/** But for what differs with every press: times, ids and the date. */
export type Seen = { status: number; body: string; headers: Record<string, string> }

export async function see(url: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(url, init)
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'))
  return { status: response.status, body: blank(await response.text()), headers }
}

/** The same length stays: a difference in length is a difference. */
export const blank = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<a time>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<an id>')

// Reads as much of a body as a press needs, of any length and at any pace: nobody in danger waits for the rest of it,
// and no sender fills our memory.

import { CRY_OVERLAP, findCry } from '../../ingest/salvage'
import { decodeUtf8 } from '../../ingest/text'

export type Body = {
  text: string
  /** More came than was kept, or it broke off, or did not come in time. */
  cut: boolean
  /** Throws the rest away piece by piece, so that the sender gets to hear our answer. True if it listened and heard a cry. */
  drain(listens: boolean): Promise<boolean>
}

type Pieces = { read(): Promise<{ done: boolean; value?: Uint8Array }>; cancel(): Promise<void> }

/** A body that has not come by then is taken as far as it came. */
const PATIENCE_MS = 4_000
/** How much, and how long, of a body too long is still listened to. */
const DRAIN_BYTES = 32 * 1024 * 1024
const DRAIN_MS = 4_000

/** Never throws, and keeps at most `keep` bytes. */
export async function readBody(request: Request, keep: number): Promise<Body> {
  const { body } = request
  if (!body) return whole('')
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (length <= keep) {
    // The runtime's own reader: several times quicker than piece by piece, and this is the way of almost every press.
    const text = await inTime(request.text(), PATIENCE_MS)
    return text === null ? { ...whole(''), cut: true } : whole(text)
  }
  return readPieces(body.getReader(), keep)
}

const whole = (text: string): Body => ({
  // A byte order mark is no part of a JSON text.
  text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text,
  cut: false,
  drain: async () => false,
})

async function readPieces(reader: Pieces, keep: number): Promise<Body> {
  const until = Date.now() + PATIENCE_MS
  const pieces: Uint8Array[] = []
  let size = 0
  while (size <= keep) {
    const piece = await inTime(reader.read(), until - Date.now())
    if (piece === null) {
      await hangUp(reader)
      return { ...whole(decodeUtf8(joined(pieces, keep))), cut: true }
    }
    if (!piece.value) return whole(decodeUtf8(joined(pieces, keep)))
    pieces.push(piece.value)
    size += piece.value.byteLength
  }
  const all = joined(pieces, size)
  const beyond = decodeUtf8(all.subarray(Math.max(0, keep - CRY_OVERLAP)))
  return { ...whole(decodeUtf8(all.subarray(0, keep))), cut: true, drain: (listens) => drain(reader, beyond, listens) }
}

async function drain(reader: Pieces, from: string, listens: boolean): Promise<boolean> {
  const until = Date.now() + DRAIN_MS
  let cried = listens && findCry(from) !== null
  let tail = from.slice(-CRY_OVERLAP)
  for (let size = 0; size < DRAIN_BYTES; ) {
    const piece = await inTime(reader.read(), until - Date.now())
    if (!piece?.value) break
    size += piece.value.byteLength
    if (cried || !listens) continue
    const text = tail + decodeUtf8(piece.value)
    cried = findCry(text) !== null
    tail = text.slice(-CRY_OVERLAP)
  }
  await hangUp(reader)
  return cried
}

/** Null where it failed or did not come within `ms`. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, ms))
  })
  try {
    return await Promise.race([work, late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** A stream that is broken already cannot be told so. */
const hangUp = (reader: Pieces): Promise<void> =>
  Promise.race([reader.cancel().catch(() => {}), new Promise<void>((resolve) => setTimeout(resolve, 100))])

function joined(pieces: readonly Uint8Array[], max: number): Uint8Array {
  const [only] = pieces
  if (pieces.length === 1 && only) return only.subarray(0, max)
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  const all = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.byteLength
  }
  return all.subarray(0, max)
}

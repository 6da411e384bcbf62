// Reads HTTP/1.1 answers off a byte stream: as much as the bench needs, as fast as it needs.

export type Parsed = { status: number; body: string; rest: string }

/** Null while the answer is not complete. `buffer` is latin1 text, one character per byte. Throws on what is no HTTP. */
export function parseAnswer(buffer: string): Parsed | null {
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return null
  if (!buffer.startsWith('HTTP/1.1 ')) throw new Error(`not an HTTP answer: ${buffer.slice(0, 40)}`)
  const status = Number(buffer.slice(9, 12))
  const head = buffer.slice(0, end).toLowerCase()
  const length = head.indexOf('\r\ncontent-length:')
  if (length >= 0) {
    const stop = end + 4 + Number.parseInt(head.slice(length + 17), 10)
    return buffer.length < stop ? null : { status, body: buffer.slice(end + 4, stop), rest: buffer.slice(stop) }
  }
  if (head.includes('\r\ntransfer-encoding: chunked')) return parseChunks(buffer, end + 4, status)
  if (status === 204 || status === 304) return { status, body: '', rest: buffer.slice(end + 4) }
  throw new Error('an answer without a length')
}

function parseChunks(buffer: string, start: number, status: number): Parsed | null {
  let body = ''
  for (let at = start; ; ) {
    const line = buffer.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(buffer.slice(at, line), 16)
    const next = line + 2 + size + 2
    if (buffer.length < next) return null
    if (size === 0) return { status, body, rest: buffer.slice(next) }
    body += buffer.slice(line + 2, line + 2 + size)
    at = next
  }
}

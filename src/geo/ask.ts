// One question to a provider over HTTP, whose every way to go wrong is a value. It cannot take longer than its deadline.

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** `stopped`: the caller no longer wants it. `refused`: our key or our quota (401, 403, 429). No text of the provider's. */
export type NoAnswer = 'late' | 'stopped' | 'unreachable' | 'refused' | 'status' | 'too_large' | 'garbage'
export type Asked = { ok: true; body: unknown } | { ok: false; why: NoAnswer }

export type AskOptions = { fetch: Fetch; deadlineMs: number; signal?: AbortSignal | undefined }

/** A matrix of 25 has 5 kB, an address 30 kB: more is not an answer to what we ask. */
export const MAX_ANSWER_BYTES = 512 * 1024

/** Reads JSON. Never rejects, also where `fetch` itself disregards its signal. */
export async function askJson(
  url: string,
  init: RequestInit,
  { fetch, deadlineMs, signal }: AskOptions,
): Promise<Asked> {
  if (signal?.aborted) return { ok: false, why: 'stopped' }
  const abort = new AbortController()
  let over: (asked: Asked) => void = () => {}
  const end = new Promise<Asked>((resolve) => {
    over = resolve
  })
  const timer = setTimeout(() => over({ ok: false, why: 'late' }), deadlineMs)
  const stop = () => over({ ok: false, why: 'stopped' })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([end, read(fetch, url, { ...init, redirect: 'manual', signal: abort.signal })])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    // Lets go of the connection of an answer that nobody waits for any more.
    abort.abort()
  }
}

async function read(fetch: Fetch, url: string, init: RequestInit): Promise<Asked> {
  let text: string | null
  try {
    const response = await fetch(url, init)
    if (!response.ok) {
      await response.body?.cancel()
      return { ok: false, why: [401, 403, 429].includes(response.status) ? 'refused' : 'status' }
    }
    text = await textWithin(response, MAX_ANSWER_BYTES)
  } catch {
    return { ok: false, why: 'unreachable' }
  }
  if (text === null) return { ok: false, why: 'too_large' }
  try {
    return { ok: true, body: JSON.parse(text) }
  } catch {
    return { ok: false, why: 'garbage' }
  }
}

/** Null where there is more of it than `maxBytes`: what comes after is not read. */
async function textWithin(response: Response, maxBytes: number): Promise<string | null> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      return null
    }
    text += decoder.decode(value, { stream: true })
  }
}

// One request to a provider, whose every way to go wrong is a value: so that no channel throws for what a provider does.

import type { Sent } from '../channel'
import type { Fetch } from './env'

/**
 * `lost`: our patience ended after the request was begun, so it may have gone through. `unreachable`: no connection, no TLS, or
 * one that broke; workerd says the same of all of them. `body`: JSON where it is some, else null.
 */
export type Heard =
  | { is: 'answer'; status: number; headers: Headers; body: unknown }
  | { is: 'unreachable' }
  | { is: 'lost' }
  | { is: 'not_begun' }

/** Providers answer with a few kB; what comes after is not read. */
const MAX_ANSWER_BYTES = 128 * 1024

/** Never rejects. Redirects are answers, not followed: they would carry our key elsewhere. */
export async function ask(fetch: Fetch, url: string, init: RequestInit, signal: AbortSignal): Promise<Heard> {
  if (signal.aborted) return { is: 'not_begun' }
  const aborted = new Promise<Heard>((resolve) =>
    signal.addEventListener('abort', () => resolve({ is: 'lost' }), { once: true }),
  )
  // Raced as well: no fetch is trusted to heed its signal while a body stalls.
  return Promise.race([aborted, asked(fetch, url, { ...init, redirect: 'manual', signal }, signal)])
}

async function asked(fetch: Fetch, url: string, init: RequestInit, signal: AbortSignal): Promise<Heard> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch {
    return { is: signal.aborted ? 'lost' : 'unreachable' }
  }
  const { status, headers } = response
  try {
    return { is: 'answer', status, headers, body: jsonOf(await textWithin(response)) }
  } catch {
    // The status stands, whatever became of the rest of it.
    return { is: 'answer', status, headers, body: null }
  }
}

async function textWithin(response: Response): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel()
      return ''
    }
    text += decoder.decode(value, { stream: true })
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What no answer means for an attempt. */
export function unanswered(heard: Exclude<Heard, { is: 'answer' }>): Sent {
  if (heard.is === 'lost') return { is: 'unknown', error: 'timeout' }
  return { is: 'failed', error: heard.is === 'unreachable' ? 'unreachable' : 'timeout' }
}

export const isOk = (status: number): boolean => status >= 200 && status < 300

const RETRY = { unsaidMs: 2_000, leastMs: 500, mostMs: 60_000 } as const

/** From Retry-After, in seconds or as a date; within bounds, for nobody in danger waits an hour for a header. */
export function retryAfterMs(headers: Headers, now: number): number {
  const said = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d{1,9}$/.test(said) ? Number(said) * 1000 : Date.parse(said) - now
  return Number.isNaN(ms) ? RETRY.unsaidMs : Math.min(RETRY.mostMs, Math.max(RETRY.leastMs, ms))
}

export const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined

export const textField = (body: unknown, name: string): string | null => {
  const value = fieldOf(body, name)
  return typeof value === 'string' && value !== '' ? value : null
}

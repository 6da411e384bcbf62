// A turn of a call as TwiML. How often the choice is said is its words' business; a key ends the saying at once, and comes back by
// POST alone.

import type { VoiceTurn } from '../../courier/contract'

/**
 * Twilio has no voice of English as in the Philippines (`en-PH` would end the call with an error), and Filipino only by name.
 */
const VOICES = {
  en: { language: 'en-US', voice: 'Polly.Joanna' },
  fil: { language: 'fil-PH', voice: 'Google.fil-PH-Standard-A' },
} as const

/** After the last saying, before the call ends. */
const WAIT_S = 10

/** `url`: where the key goes. */
export function twiml(turn: VoiceTurn, url: string): string {
  const said = turn.say.map((line) => say(line, turn.lang)).join('<Pause length="1"/>')
  // An empty finishOnKey: by default # would end the choice, and * could not be one.
  const open = `<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="${WAIT_S}" action="${escaped(url)}" method="POST">`
  const body = turn.gather ? `${open}${said}</Gather>` : said
  return documentOf(`${body}<Hangup/>`)
}

/** The shard of this call does not answer now: the call is held, and asks again. */
export const tryAgain = (url: string): string =>
  documentOf(`<Pause length="2"/><Redirect method="POST">${escaped(url)}</Redirect>`)

export const hangUp = (): string => documentOf('<Hangup/>')

const documentOf = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?><Response>${body}</Response>`

function say(line: string, lang: VoiceTurn['lang']): string {
  const { language, voice } = VOICES[lang]
  return `<Say language="${language}" voice="${voice}">${escaped(line)}</Say>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Also without characters that no XML may hold: one of them would silence the whole call. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replace(/[&<>"']/g, (each) => ENTITIES[each] ?? each)

// What a driver, a contact of theirs or a phone in an area reads where a text may be long: mail, the lifeline.

import type { Page, PageAnswer, PageLang } from '../../domain/page'
import { answersOffered } from './answers'
import { written } from './clean'
import { bit, isDrill, pick } from './facts'
import { fill } from './fit'
import { MAIL } from './mail-words'
import { smsText } from './sms'

/** On a lifeline. `answers` in order, each with its button; empty where there is nothing to answer. */
export type MessageFrame = {
  t: 'message'
  id: string
  reason: Page['reason']
  text: string
  answers: { answer: PageAnswer; text: string }[]
  /** ISO 8601; null where it does not end. */
  until: string | null
  drill: boolean
}

export const messageFrame = (page: Page): MessageFrame => ({
  t: 'message',
  id: page.id,
  reason: page.reason,
  text: marked(page, messageText(page, page.contact.lang)),
  answers: answersOffered(page).map((answer) => ({ answer, text: answerWord(answer, page.contact.lang) })),
  until: page.until === null ? null : new Date(page.until).toISOString(),
  drill: isDrill(page),
})

/** Without the mark of a drill: whoever sends it puts that first. */
export function messageText(page: Page, lang: PageLang): string {
  const own = written(page.facts.text, 1_000)
  if (page.reason === 'queue_question') return fill(pick(MAIL.ask_queue, lang), () => '')
  if (page.reason === 'driver') return own || bit(page.step.startsWith('help') ? 'help_coming' : 'has_it', lang)
  if (page.reason === 'drill') return own || bit('button_works', lang)
  // The rest is as short as its text, for the same people read it; here each language has a text of its own.
  const { texts, ...facts } = page.facts
  return smsText({
    ...page,
    drill: false,
    contact: { ...page.contact, lang },
    facts: { ...facts, text: texts?.[lang] ?? facts.text },
  })
}

const marked = (page: Page, text: string): string =>
  isDrill(page) ? `${bit('drill_mark', page.contact.lang)} ${text}` : text

function answerWord(answer: PageAnswer, lang: PageLang): string {
  const word = `answer_${answer}`
  return word in MAIL ? pick(MAIL[word as keyof typeof MAIL], lang) : answer
}

// What a page says on each channel, in English and Filipino. Pure: the same page, the same words.

import type { Channel, Page } from '../../domain/page'
import { mail } from './mail'
import { messageFrame } from './message'
import { smsText } from './sms'
import { voiceTurn } from './voice'
import { webhookBody } from './webhook'

export { answerOfKey, answerOfText } from './answers'
export { mayTellTogether } from './facts'
export { type MessageFrame, messageFrame } from './message'
export { type PageEvent, pageEvent } from './webhook'
export { voiceTurn }

/** `text` is there for every channel; `subject` and `html` for mail; `data` is the body of a webhook or the lifeline's frame. */
export type Rendered = { text: string; subject?: string; html?: string; data?: unknown }

/** `joined`: pages to the same contact that this one message tells of too. */
export function renderPage(page: Page, channel: Channel, joined: readonly Page[] = []): Rendered {
  switch (channel) {
    case 'sms':
      return { text: smsText(page, joined) }
    case 'email':
      return mail(page, joined)
    case 'webhook':
      return { text: smsText(page, joined), data: webhookBody(page, joined) }
    case 'lifeline': {
      const frame = messageFrame(page)
      return { text: frame.text, data: frame }
    }
    case 'voice':
      return { text: voiceTurn(page, null, joined).say[0] ?? '' }
  }
}

// What channels ask of whoever writes the words. A text for SMS is one GSM-7 segment; that is the words' promise.

import type { Channel, Page } from '../../domain/page'

/** `html` and `subject` for mail, `data` for webhooks and lifelines: JSON as it goes out. */
export type Rendered = { text: string; subject?: string; html?: string; data?: unknown }

export type Words = {
  /** `joined`: further pages to the same person that this text also tells of. */
  render(page: Page, channel: Channel, joined: Page[]): Rendered
}

// Texts by Twilio, from a registered alphanumeric sender. Receipts come to /hooks/twilio/sms/<attempt id>.

import type { ChannelPort } from '../channel'
import { fieldOf } from './ask'
import { createAtTwilio, readAtTwilio, type TwilioAccount } from './twilio'
import { messageTold } from './twilio-status'
import type { Words } from './words-port'

/** Networks here report within seconds, or never. */
const SILENCE_MS = 20_000
/** A text that has waited for so long in a provider's queue tells of something that others know by then. */
const VALID_S = 300

export function twilioSms(account: TwilioAccount, from: string, words: Words): ChannelPort {
  return {
    provider: 'twilio',
    channel: 'sms',
    silenceMs: SILENCE_MS,
    send: async ({ attemptId, page, to, with: joined }, signal) => {
      // An alphanumeric sender hears no answer: what asks for one goes by a SIM.
      if (page.reason === 'queue_question') return { is: 'refused', error: 'no_replies' }
      const { text } = words.render(page, 'sms', joined)
      return createAtTwilio(
        account,
        'Messages',
        [
          ['To', to],
          ['From', from],
          ['Body', text],
          ['StatusCallback', `${account.publicUrl}/hooks/twilio/sms/${attemptId}`],
          ['ValidityPeriod', String(validSeconds(page.until, account.now()))],
          // A typographic quote alone would make it two segments of another alphabet.
          ['SmartEncoded', 'true'],
        ],
        signal,
      )
    },
    poll: async (providerId, signal) => {
      const found = await readAtTwilio(account, 'Messages', providerId, signal)
      return found && messageTold(found.status, fieldOf(found.body, 'error_code'))
    },
  }
}

/** Seconds that a text may wait: to the end of its use, at most `VALID_S`. */
export const validSeconds = (until: number | null, now: number): number =>
  until === null ? VALID_S : Math.min(VALID_S, Math.max(1, Math.ceil((until - now) / 1000)))

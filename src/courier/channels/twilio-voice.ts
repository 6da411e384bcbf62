// Calls by Twilio. What the call says is asked for when it is picked up (/hooks/twilio/voice/<attempt id>), so that nothing of an
// incident stands with the provider before a key is pressed. Its states come to /hooks/twilio/call/<attempt id>.

import type { ChannelPort } from '../channel'
import { createAtTwilio, readAtTwilio, type TwilioAccount } from './twilio'
import { callTold } from './twilio-status'

/** Rings for so long: about five times, before most voice mailboxes pick up. */
export const RING_S = 25
/** Ringing, picking up, and hearing the choice three times; each state that is told begins it anew. */
const SILENCE_MS = 45_000
/** No call of ours lasts longer, whatever a loop of keys does. */
const LONGEST_S = 240

const EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const

export function twilioVoice(account: TwilioAccount, from: string): ChannelPort {
  return {
    provider: 'twilio',
    channel: 'voice',
    silenceMs: SILENCE_MS,
    send: ({ attemptId, to }, signal) =>
      createAtTwilio(
        account,
        'Calls',
        [
          ['To', to],
          ['From', from],
          ['Url', `${account.publicUrl}/hooks/twilio/voice/${attemptId}`],
          ['Method', 'POST'],
          ['StatusCallback', `${account.publicUrl}/hooks/twilio/call/${attemptId}`],
          ['StatusCallbackMethod', 'POST'],
          ...EVENTS.map((event) => ['StatusCallbackEvent', event] as const),
          ['Timeout', String(RING_S)],
          ['TimeLimit', String(LONGEST_S)],
          // RA 4200: a recording needs everybody's consent.
          ['Record', 'false'],
        ],
        signal,
      ),
    poll: async (providerId, signal) => {
      const found = await readAtTwilio(account, 'Calls', providerId, signal)
      return found && callTold(found.status)
    },
  }
}

// The socket that a driver's phone holds open. Whether anything may reach that phone was decided before the page was made.

import type { ChannelPort } from '../channel'
import type { ChannelPorts } from './env'
import type { Words } from './words-port'

const SILENCE_MS = 10_000

export function lifeline(words: Words, ports: ChannelPorts): ChannelPort {
  return {
    provider: 'lifeline',
    channel: 'lifeline',
    silenceMs: SILENCE_MS,
    send: async ({ page, to, with: joined }, signal) => {
      const { text, data } = words.render(page, 'lifeline', joined)
      const frame = data ?? { t: 'message', id: page.id, text }
      const late = new Promise<'late'>((resolve) => {
        if (signal.aborted) resolve('late')
        signal.addEventListener('abort', () => resolve('late'), { once: true })
      })
      try {
        const took = await Promise.race([ports.lifeline(to, frame), late])
        if (took === 'late') return { is: 'unknown', error: 'timeout' }
        // It may be back in a moment: the next way begins now, and this one is tried again beside it.
        return took ? { is: 'delivered', providerId: null } : { is: 'failed', error: 'no_lifeline' }
      } catch {
        return { is: 'failed', error: 'unreachable' }
      }
    },
  }
}

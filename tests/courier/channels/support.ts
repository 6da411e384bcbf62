// A page, and words that a test can recognise.

import type { Outgoing, Sent } from '../../../src/courier/channel'
import { type CourierEnv, channelsOf, type Words } from '../../../src/courier/channels'
import type { ChannelPorts } from '../../../src/courier/channels/env'
import type { Channel, Page } from '../../../src/domain/page'

export const LEAD = '+639175550101'

export const page = (over: Partial<Page> = {}): Page => ({
  id: 'page-1',
  region: 'NCR',
  incidentId: null,
  reason: 'escalation',
  step: 'lead',
  contact: { id: 'c1', name: 'Ana', lang: 'en' },
  ladder: [],
  priority: 'P1',
  facts: {
    code: 'NCR-47',
    region: 'NCR',
    priority: 'P1',
    kind: 'panic',
    contactPolicy: 'quiet',
    plate: 'NAB 1234',
    vehicle: null,
    place: null,
    moving: false,
    silentS: null,
    driver: null,
    pressedAt: null,
    towerPhone: null,
    counts: null,
    text: null,
    ref: null,
    until: null,
    stage: null,
  },
  decidedAt: 0,
  until: null,
  drill: false,
  ...over,
})

export const words: Words = {
  render: (each, channel, joined) => ({
    text: `${each.facts.code} & ${joined.length} by ${channel}`,
    ...(channel === 'email' ? { subject: 'SOS NCR-47', html: '<p>NCR-47</p>' } : {}),
    ...(channel === 'webhook' ? { data: { type: 'page', version: 1 } } : {}),
  }),
}

export const attemptId = (): string => `NCR.0.${crypto.randomUUID()}`

export function way(env: Partial<CourierEnv>, channel: Channel, provider: string, ports: Partial<ChannelPorts> = {}) {
  const all = channelsOf({ PUBLIC_URL: 'https://tower.example', ...env }, words, {
    lifeline: async () => false,
    now: Date.now,
    ...ports,
  })
  const found = all.find((each) => each.channel === channel && each.provider === provider)
  if (!found) throw new Error(`${provider} ${channel} is not configured`)
  return {
    port: found,
    send: (over: Partial<Outgoing> = {}, ms = 2_000): Promise<Sent> =>
      found.send(
        { attemptId: attemptId(), page: page(), channel, to: LEAD, with: [], ...over },
        AbortSignal.timeout(ms),
      ),
    poll: (id: string) => found.poll?.(id, AbortSignal.timeout(2_000)) ?? Promise.reject(new Error('cannot be polled')),
  }
}

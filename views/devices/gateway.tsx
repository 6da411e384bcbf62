// What a Traccar server needs to forward its whole fleet, and the trackers behind it.

import type { EnrolledDevice } from '../../src/domain/enrolment'
import { gatewayOf } from '../../src/domain/gateway'
import type { Lang, Say } from '../words'
import { t } from '../words'
import { addressOf } from './list'

/** Entries of its traccar.xml. Positions are sent again when we were away, events once: an alarm comes as both. */
export function TraccarServer({ ingestUrl, lang }: { ingestUrl: string; lang: Lang }) {
  const say = t(lang)
  const entries = [
    ['forward.type', 'json'],
    ['forward.url', ingestUrl],
    ['forward.retry.enable', 'true'],
    ['event.forward.url', ingestUrl],
  ] as const
  return (
    <section class="office-part" aria-labelledby="server-title">
      <h2 id="server-title">{say('gateway.server')}</h2>
      <p class="muted">{say('gateway.server_how')}</p>
      <pre class="whole" data-traccar-config tabindex={0}>
        <code>{entries.map(([key, value]) => `<entry key='${key}'>${value}</entry>`).join('\n')}</code>
      </pre>
    </section>
  )
}

/** Those that are enrolled, and one more. */
export function Trackers({ device, mayManage, say }: { device: EnrolledDevice; mayManage: boolean; say: Say }) {
  const of = (path: string, name: string, value: string) =>
    `${path}?${new URLSearchParams({ region: device.home, [name]: value })}`
  return (
    <section class="office-part" aria-labelledby="trackers-title" data-trackers>
      <h2 id="trackers-title">{say('gateway.trackers')}</h2>
      <p class="muted">{say('gateway.trackers_lead')}</p>
      <div class="office-acts">
        {mayManage && (
          <a class="button" data-look="primary" href={of('/devices/new', 'gateway', device.id)}>
            {say('gateway.add')}
          </a>
        )}
        <a class="button" href={of('/devices', 'q', `${device.id}.`)}>
          {say('gateway.list')}
        </a>
      </div>
    </section>
  )
}

/** A tracker has no token: whose it speaks with. */
export function Behind({ device, say }: { device: EnrolledDevice; say: Say }) {
  const gateway = gatewayOf(device.id)
  if (gateway === null) return null
  return (
    <p class="notice" data-behind>
      {say('gateway.behind')} <a href={addressOf(gateway)}>{gateway}</a>
    </p>
  )
}

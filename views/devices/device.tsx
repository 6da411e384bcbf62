// One device: what is known of it, its tokens, and its last reports. And the page that shows a new token, once.

import { type EnrolledDevice, hasOlderTokens, isRevoked } from '../../src/domain/enrolment'
import { gatewayOf, isGateway } from '../../src/domain/gateway'
import { kinAddress } from '../kin/form'
import type { Lang, Say } from '../words'
import { t } from '../words'
import { Behind, TraccarServer, Trackers } from './gateway'
import { addressOf, TokenWords, VehicleWords } from './list'
import { BackToList, intoPage, nameOf } from './office'
import { QrCode } from './qr-code'
import { Reports, type ShownReport } from './reports'

export type DeviceProps = {
  lang: Lang
  nonce: string
  device: EnrolledDevice
  reports: readonly ShownReport[] | null
  now: number
  mayManage: boolean
  /** May write down whom its driver wants told. */
  mayWriteKin?: boolean
  /** What has just been done. */
  done?: string | null
}

export function DevicePage({
  lang,
  nonce,
  device,
  reports,
  now,
  mayManage,
  mayWriteKin = false,
  done = null,
}: DeviceProps) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToList lang={lang} region={device.home} />
      <h1 class="mono" tabindex={-1} autofocus={done !== null}>
        {device.id}
      </h1>
      {done && (
        <p class="notice" role="status">
          {done}
        </p>
      )}
      {isRevoked(device) && (
        <p class="notice" data-tone="alarm">
          {say('device.revoked_all')}
        </p>
      )}
      <Behind device={device} say={say} />
      <Facts device={device} lang={lang} say={say} mayWriteKin={mayWriteKin} />
      {isGateway(device.id) && <Trackers device={device} mayManage={mayManage} say={say} />}
      {mayManage && gatewayOf(device.id) === null && <Tokens device={device} nonce={nonce} say={say} />}
      <Reports lang={lang} nonce={nonce} deviceId={device.id} reports={reports} now={now} />
    </main>
  )
}

type FactsProps = { device: EnrolledDevice; lang: Lang; say: Say; mayWriteKin: boolean }

function Facts({ device, lang, say, mayWriteKin }: FactsProps) {
  const { driver, home, minGeneration } = device
  return (
    <section class="office-part" aria-labelledby="facts-title">
      <h2 id="facts-title">{say('device.facts')}</h2>
      <dl class="office-facts">
        <dt>{say('device.home')}</dt>
        <dd>{nameOf(home, lang)}</dd>
        <dt>{say('device.driver')}</dt>
        <dd>{driver ? [driver.name, driver.phone].filter(Boolean).join(', ') : say('device.none_of')}</dd>
        {mayWriteKin && driver && (
          <>
            <dt>{say('kins.of')}</dt>
            <dd>
              <a class="office-link" href={kinAddress(driver.id)}>
                {say('kins.edit')}
              </a>
            </dd>
          </>
        )}
        <dt>{say('device.vehicle')}</dt>
        <dd>
          <VehicleWords device={device} say={say} />
        </dd>
        <dt>{say('device.token')}</dt>
        <dd>
          <TokenWords device={device} say={say} />
          {minGeneration > 1 && !isRevoked(device) && (
            <span class="muted"> {say('device.revoked_below', { n: minGeneration })}</span>
          )}
        </dd>
      </dl>
    </section>
  )
}

function Tokens({ device, nonce, say }: { device: EnrolledDevice; nonce: string; say: Say }) {
  const address = addressOf(device.id)
  return (
    <section class="office-part" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{say('device.manage')}</h2>
      <form hx-post={`${address}/token`} {...intoPage(nonce)}>
        <p class="muted" id="token-lead">
          {say('device.new_token_lead')}
        </p>
        <button class="button" data-look="primary" type="submit" aria-describedby="token-lead">
          {say('device.new_token')}
        </button>
      </form>
      {!isRevoked(device) && (
        <>
          <p class="muted" id="revoke-lead">
            {say('device.revoke_lead')}
          </p>
          <div class="office-acts">
            {hasOlderTokens(device) && <Revoke address={address} keep="newest" nonce={nonce} say={say} />}
            <Revoke address={address} keep="none" nonce={nonce} say={say} />
          </div>
        </>
      )}
    </section>
  )
}

/** Two steps, without script: it cannot be undone. */
function Revoke({ address, keep, nonce, say }: { address: string; keep: 'newest' | 'none'; nonce: string; say: Say }) {
  return (
    <details class="sure" data-revoke={keep}>
      <summary class="button" aria-describedby="revoke-lead">
        {say(keep === 'newest' ? 'device.revoke_older' : 'device.revoke_all')}
      </summary>
      <form hx-post={`${address}/revoke`} {...intoPage(nonce)}>
        <input type="hidden" name="keep" value={keep} />
        <button class="button" data-look="alarm" type="submit">
          {say('device.revoke_sure')}
        </button>
      </form>
    </details>
  )
}

export type IssuedProps = {
  lang: Lang
  nonce: string
  device: EnrolledDevice
  token: string
  ingestUrl: string
  traccarLink: string
  ownTracksLink: string
  /** The tower's own address where it is one of this machine alone, which no phone can reach; else null. */
  loopback: string | null
  reports: readonly ShownReport[] | null
  now: number
}

export function Issued(props: IssuedProps) {
  const { lang, nonce, device, token, ingestUrl, traccarLink, ownTracksLink, loopback, reports, now } = props
  const say = t(lang)
  const apps = [
    { app: 'traccar', link: traccarLink },
    { app: 'owntracks', link: ownTracksLink },
  ] as const
  return (
    <main class="office-main" id="page" tabindex={-1} data-address={addressOf(device.id)}>
      <BackToList lang={lang} region={device.home} />
      <h1 tabindex={-1} autofocus>
        {say('issued.title', { n: device.generation, id: device.id })}
      </h1>
      <p class="notice" role="status">
        {say('issued.once')}
      </p>
      {loopback && (
        <p class="notice" data-tone="alarm" data-loopback>
          {say('issued.loopback', { url: loopback })}
        </p>
      )}
      {isGateway(device.id) && <TraccarServer ingestUrl={ingestUrl} lang={lang} />}
      {isGateway(device.id) && <Trackers device={device} mayManage say={say} />}
      <div class="codes">
        {(isGateway(device.id) ? [] : apps).map(({ app, link }) => (
          <figure class="code" data-app={app}>
            <figcaption>
              <h2>{say(`issued.${app}`)}</h2>
              <p class="muted">{say(`issued.${app}_how`)}</p>
              {app === 'owntracks' && <p class="muted">{say('issued.owntracks_twice')}</p>}
            </figcaption>
            <QrCode text={link} label={say('issued.code_of', { app: say(`issued.${app}`), id: device.id })} />
          </figure>
        ))}
      </div>
      <dl class="office-facts">
        <dt>{say('issued.address')}</dt>
        <dd>
          <code class="whole" data-ingest-url>
            {ingestUrl}
          </code>
        </dd>
        <dt>{say('issued.bearer')}</dt>
        <dd>
          <code class="whole" data-token>
            {token}
          </code>
        </dd>
      </dl>
      <Reports lang={lang} nonce={nonce} deviceId={device.id} reports={reports} now={now} />
      <p>
        <a class="button" href={addressOf(device.id)}>
          {say('issued.done')}
        </a>
      </p>
    </main>
  )
}

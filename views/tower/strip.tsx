// The top strip (A): regions and counts, the clock, my state, the lamps, and how many are watching.

import { may, type Viewer } from '../../src/domain/access'
import { REGIONS, type RegionId, regionById } from '../../src/domain/region'
import { WaysLamp } from '../delivery/lamp'
import { clock } from '../format'
import { type Frame, Switches } from '../layout'
import { StormSwitch } from '../storm/offer'
import { TakeOverButton } from '../takeover/band'
import { t } from '../words'

export type RegionCount = { id: RegionId; open: number | null }

export function Strip({
  frame,
  viewer,
  region,
  counts,
  now,
  demo = false,
}: {
  frame: Frame
  viewer: Viewer
  region: RegionId
  counts: readonly RegionCount[]
  now: number
  /** Made-up data: nothing is asked. */
  demo?: boolean
}) {
  const say = t(frame.lang)
  return (
    <header class="strip">
      <h1 class="visually-hidden">
        {say('app.name')}, {regionById(region).name[frame.lang]}
      </h1>
      <a class="strip-sign" href={`/r/${region}`}>
        <svg class="wordmark-sign" viewBox="0 0 24 24" aria-hidden="true">
          <use href="#sign" />
        </svg>
        <span class="visually-hidden">{say('app.name')}</span>
      </a>
      <Regions lang={frame.lang} nonce={frame.nonce} region={region} counts={counts} />
      <time class="strip-clock figures" data-clock>
        {clock(now)}
      </time>
      <p class="strip-watching" data-watching>
        –
      </p>
      {may(viewer, 'rota:manage', [region]) && (
        <p
          class="strip-rota"
          hx-get={`/rota/gap?region=${region}`}
          hx-trigger="load, every 300s"
          hx-target="this"
          hx-swap="innerHTML"
          hx-nonce={frame.nonce}
        />
      )}
      <div class="strip-lamps" role="status">
        <button type="button" class="lamp" data-lamp="sound" data-state="warn">
          <span class="drill-word" data-sound-drill />
          {say('lamp.sound')}: <span data-lamp-words>{say('lamp.sound.locked')}</span>
        </button>
        <span class="lamp" data-lamp="link" data-state="warn">
          {say('lamp.link')}: <span data-lamp-words>{say('lamp.link.connecting')}</span>
        </span>
        <span class="lamp" data-lamp="canary">
          {say('lamp.canary')}: <span data-lamp-words>{say('lamp.canary.none')}</span>
        </span>
        {!demo && may(viewer, 'page:see', [region]) && (
          <WaysLamp region={region} lamp={null} say={say} nonce={frame.nonce} />
        )}
        <button type="button" class="lamp" data-lamp="keys" data-state="warn" hidden>
          {say('lamp.keys_off')}
        </button>
      </div>
      <div class="strip-me">
        <button
          type="button"
          class="button"
          data-size="small"
          data-on-call
          aria-pressed="false"
          title={say('strip.state.toggle')}
        >
          <span data-words-off>{say('strip.state.ready')}</span>
          <span data-words-on hidden>
            {say('strip.state.on_call')}
          </span>
        </button>
        <details class="menu">
          <summary class="button" data-look="plain" data-size="small">
            {viewer.alias}
          </summary>
          <div class="menu-body">
            <p>
              <strong>{viewer.name}</strong>
              <br />
              <span class="muted">{say(`role.${viewer.role}`)}</span>
            </p>
            <Switches lang={frame.lang} theme={frame.theme} path={frame.path} />
            {may(viewer, 'device:see', [region]) && (
              <a class="button" data-size="small" href={`/devices?region=${region}`}>
                {say('device.title')}
              </a>
            )}
            {may(viewer, 'geofence:see', [region]) && (
              <a class="button" data-size="small" href={`/geofences?region=${region}`}>
                {say('fence.title')}
              </a>
            )}
            <a class="button" data-size="small" href={`/areas?region=${region}`}>
              {say('area.title')}
            </a>
            {may(viewer, 'broadcast:send', [region]) && (
              <a
                class="button"
                data-size="small"
                href={`/areas/new?region=${region}`}
                target="_blank"
                data-broadcast
                rel="noopener"
              >
                {say('act.broadcast')}
              </a>
            )}
            {may(viewer, 'rota:see', [region]) && (
              <a class="button" data-size="small" href={`/rota?region=${region}`}>
                {say('rota.title')}
              </a>
            )}
            {may(viewer, 'drill:see', [region]) && (
              <a class="button" data-size="small" href={`/drills?region=${region}`}>
                {say('drill.title')}
              </a>
            )}
            {may(viewer, 'agency:see', [region]) && (
              <a class="button" data-size="small" href={`/agencies?region=${region}`}>
                {say('agencies.title')}
              </a>
            )}
            {may(viewer, 'page:see', [region]) && (
              <a class="button" data-size="small" href={`/delivery?region=${region}`}>
                {say('delivery.title')}
              </a>
            )}
            {may(viewer, 'log:read', [region]) && (
              <a class="button" data-size="small" href={`/disclosures?region=${region}`}>
                {say('disclosed.title')}
              </a>
            )}
            {may(viewer, 'storm:manage', [region]) && <StormSwitch say={say} />}
            {may(viewer, 'region:take-over', [region]) && <TakeOverButton say={say} />}
            <button type="button" class="button" data-size="small" data-listen>
              {say('act.listen')}
            </button>
            <button type="button" class="button" data-size="small" data-notify hidden>
              {say('act.notify')}
            </button>
            <form method="post" action="/logout">
              <button type="submit" class="button" data-size="small">
                {say('act.log_out')}
              </button>
            </form>
          </div>
        </details>
      </div>
    </header>
  )
}

type RegionsProps = { lang: Frame['lang']; nonce: string; region: RegionId; counts: readonly RegionCount[] }

/** Asked for again every 20 s: the counts of the regions that this screen does not listen to. */
export function Regions({ lang, nonce, region, counts }: RegionsProps) {
  const say = t(lang)
  return (
    <nav
      id="regions"
      class="strip-regions"
      aria-label={say('strip.regions')}
      hx-get={`/desk/regions?region=${region}`}
      hx-trigger="every 20s"
      hx-target="this"
      hx-swap="outerMorph"
      hx-nonce={nonce}
    >
      {counts.map(({ id, open }) => {
        const here = id === region
        const name = REGIONS.find((each) => each.id === id)?.name[lang]
        return (
          <a class="region" href={`/r/${id}`} aria-current={here ? 'page' : undefined} title={name}>
            {id}
            <span class="region-count mono" data-count={here ? 'open' : undefined} data-any={open ? 'yes' : undefined}>
              {open ?? ''}
            </span>
          </a>
        )
      })}
    </nav>
  )
}

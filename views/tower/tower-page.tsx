// The tower's screen: strip, band, queue, map, panel, hints, and the templates from which the browser draws what arrives.

import { may, type Viewer } from '../../src/domain/access'
import type { ShownNotice } from '../../src/domain/coverage'
import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import { type Region, regionById } from '../../src/domain/region'
import type { ShownCheck } from '../../src/domain/welfare'
import type { TakenOver } from '../../src/room/paging-contract'
import { type Frame, Page } from '../layout'
import { Icon, type IconName } from '../marks'
import { StormOffer } from '../storm/offer'
import { Situations, type SituationsProps } from '../storm/situations'
import { TakeOverBand, TakeOverForm } from '../takeover/band'
import { t, type Word } from '../words'
import { BandItem, Card } from './card'
import { HINTED, KEYS } from './keys'
import { KeysSheet } from './keys-sheet'
import { MapFences } from './map-fences'
import { Notices } from './notices'
import { AwayPanel, NoPanel, Panel } from './panel'
import { Band, Queue, Storm } from './queue'
import { Replay, Who } from './replay'
import { type RegionCount, Strip } from './strip'
import { VehicleCard, VehiclesList } from './vehicles-list'

export type TowerProps = {
  frame: Frame
  viewer: Viewer
  region: Region['id']
  incidents: readonly IncidentSummary[]
  counts: readonly RegionCount[]
  unverified: number
  now: number
  tiles: { url: string; attribution: string } | null
  /** Fleet shards of the region: the map opens a socket to each. None: a map without vehicles. */
  mapShards?: number
  framed?: { incident: IncidentSummary; events: readonly LogEvent[] } | null
  storm?: boolean
  /** Situations, where they are known: the socket brings them. */
  seen?: Pick<SituationsProps, 'situations' | 'suggestions'>
  /** What stands beside the queue, where it is known: the socket brings it. */
  beside?: { notices: readonly ShownNotice[]; checks: readonly ShownCheck[] }
  /** Regions that are looked after, where it is known: the socket brings it. */
  takenOver?: readonly TakenOver[]
  /** Made-up data: nothing is asked of any room. */
  demo?: boolean
}

export function TowerPage(props: TowerProps) {
  const {
    frame,
    viewer,
    region,
    incidents,
    counts,
    unverified,
    now,
    tiles,
    mapShards = 0,
    framed = null,
    storm = false,
    seen = {},
    beside = { notices: [], checks: [] },
    takenOver = [],
    demo = false,
  } = props
  const say = t(frame.lang)
  const place = regionById(region)
  const list = { incidents, say, now, me: viewer.uid, framedId: framed?.incident.id ?? null }
  return (
    <Page
      {...frame}
      title={say('title.rest', { region })}
      styles={[
        'queue',
        'tower',
        'panel',
        'handoff',
        'ladder',
        'nearest',
        'leaflet',
        'map',
        'notices',
        'storm',
        'takeover',
        'vehicles',
        'geofences',
        'replay',
      ]}
      scripts={['tower', 'map', 'notices', 'storm', 'takeover']}
      htmx
      body={{
        class: 'tower',
        'data-region': region,
        'data-me': viewer.uid,
        'data-now': String(now),
        'data-storm': storm ? 'on' : 'off',
        'data-framed': framed?.incident.id ?? '',
        'data-sound': 'silent',
        'data-link': 'connecting',
        'data-demo': demo ? 'yes' : undefined,
      }}
    >
      <a class="skip" href="#queue">
        {say('app.skip')}
      </a>
      <Strip frame={frame} viewer={viewer} region={region} counts={counts} now={now} demo={demo} />
      <div class="above">
        <p class="notice link-lost" data-tone="alarm" data-link-lost hidden role="alert">
          {say('link.lost')}
        </p>
        <StormOffer say={say} mayManage={may(viewer, 'storm:manage', [region])} />
        <Band {...list} region={region} storm={storm} />
        <TakeOverBand {...{ say, region, viewer }} lang={frame.lang} rows={takenOver} />
        <Notices say={say} region={region} {...beside} mayAct={may(viewer, 'incident:act', [region])} />
      </div>
      <main class="tower-main" data-open={framed ? 'yes' : undefined} data-rows={JSON.stringify(incidents)}>
        <Queue {...list} unverified={unverified} />
        <Storm {...list} on={storm}>
          <Situations
            say={say}
            {...seen}
            mayAct={may(viewer, 'incident:act', [region])}
            mayManage={may(viewer, 'storm:manage', [region])}
          />
        </Storm>
        <MapArea frame={frame} viewer={viewer} place={place} tiles={tiles} mapShards={mapShards} />
        {framed ? <Panel {...framed} {...{ viewer, now, demo }} lang={frame.lang} nonce={frame.nonce} /> : <NoPanel />}
        <section class="drawer" id="drawer" tabindex={-1} hidden />
      </main>
      <Hints frame={frame} />
      <KeysSheet say={say} />
      <TakeOverForm {...{ say, region, viewer }} lang={frame.lang} />
      <div class="toast" data-toast role="status" hidden>
        <span data-toast-words />
        <button type="button" class="button" data-size="small" data-press="undo">
          {say('act.undo')} <kbd>Z</kbd>
        </button>
      </div>
      <template id="card-template">
        <li>
          <Card view={null} say={say} now={now} />
        </li>
      </template>
      <template id="away-template">
        <AwayPanel say={say} />
      </template>
      <template id="band-template">
        <li>
          <BandItem view={null} now={now} />
        </li>
      </template>
    </Page>
  )
}

const MAP_BUTTONS = [
  ['north', 'up'],
  ['west', 'left'],
  ['home', 'home'],
  ['east', 'right'],
  ['south', 'down'],
  ['in', 'plus'],
  ['out', 'minus'],
] as const satisfies readonly (readonly [string, IconName])[]

type MapAreaProps = { frame: Frame; viewer: Viewer; place: Region; tiles: TowerProps['tiles']; mapShards: number }

function MapArea({ frame, viewer, place, tiles, mapShards }: MapAreaProps) {
  const say = t(frame.lang)
  return (
    <section class="map-area" aria-label={say('map.title')}>
      <div
        id="map"
        class="map"
        hx-morph-skip
        data-lat={place.centre.lat}
        data-lng={place.centre.lng}
        data-zoom={place.zoom}
        data-tiles={tiles?.url}
        data-attribution={tiles?.attribution}
        data-map-shards={mapShards > 0 ? mapShards : undefined}
      />
      <div id="inset" class="inset" aria-hidden="true" hidden />
      <div class="map-buttons">
        {MAP_BUTTONS.map(([what, icon]) => (
          <button type="button" class="button" data-map={what} title={say(`map.${what}` satisfies Word)}>
            <Icon name={icon} />
            <span class="visually-hidden">{say(`map.${what}` satisfies Word)}</span>
          </button>
        ))}
      </div>
      <VehicleCard say={say}>{may(viewer, 'identity:read', [place.id]) && <Who say={say} />}</VehicleCard>
      <VehiclesList say={say} />
      <MapFences say={say} region={place.id} />
      <p class="visually-hidden">{say('map.note')}</p>
      <Replay say={say} />
    </section>
  )
}

function Hints({ frame }: { frame: Frame }) {
  const say = t(frame.lang)
  return (
    <footer class="hints">
      {KEYS.filter(({ act }) => HINTED.includes(act)).map(({ key, act, word }) => (
        <button type="button" class="hint" data-press={act}>
          <kbd>{key.toUpperCase()}</kbd> {say(word)}
        </button>
      ))}
    </footer>
  )
}

// The incident panel (D): who, where, which vehicle, since when, and the next step as the one big button.
// The server renders it, whole, after every act; what it must never lose while somebody types is marked data-keep by the browser.

import { may, type Viewer } from '../../src/domain/access'
import type { LogEvent } from '../../src/domain/event'
import { type IncidentSummary, regionsOf } from '../../src/domain/incident'
import type { PositionSource } from '../../src/domain/position-source'
import type { AgencyAhead, Whereabouts } from '../../src/domain/whereabouts'
import { clock, elapsed, ms } from '../format'
import { TellAgain } from '../handoff/tell-again'
import { Icon, PriorityMark } from '../marks'
import type { ShownSource } from '../sources'
import { isWord, type Lang, type Say, t } from '../words'
import { isDrill, pressedAt, stateChip } from './card-view'
import { DrillBand } from './drill-band'
import { LadderSlot } from './panel-ladder'
import { Facts, Legs, Timeline } from './panel-log'
import { NearestSlot } from './panel-nearest'
import { placeInWords, Where } from './panel-place'
import { Sheets } from './panel-sheets'
import { Sources } from './panel-sources'
import { NextStep } from './panel-step'
import { QuietBand } from './quiet-band'
import { ReplayOpener } from './replay'

export type PanelProps = {
  /** Its position is the freshest that is known, not only that of the press. */
  incident: IncidentSummary
  /** Whose word that position is. */
  source?: PositionSource
  /** Its devices, the one that pressed first; drawn where there are several. */
  sources?: readonly ShownSource[]
  /** Somebody outside is asked for the words of the place, once the panel is there. */
  asksProvider?: boolean
  /** Made-up data: nobody is asked who is near. */
  demo?: boolean
  events: readonly LogEvent[]
  viewer: Viewer
  lang: Lang
  nonce: string
  now: number
  /** Its place by landmark and road, where the server has looked it up; else the nearest city says where. */
  where?: Whereabouts | null
  /** The agency's area that it is driving into. */
  ahead?: AgencyAhead | null
  /** The tower's own number, for calling back. */
  towerPhone?: string | null
  /** Why the last act was not done, in words. */
  refusal?: string | null
}

export function Panel(props: PanelProps) {
  const {
    incident,
    events,
    viewer,
    lang,
    nonce,
    now,
    where = null,
    ahead = null,
    refusal,
    source = 'press',
    sources = [],
    asksProvider = false,
    demo = false,
  } = props
  const say = t(lang)
  const on = { incidentId: incident.id, nonce }
  const mayAct = may(viewer, 'incident:act', regionsOf(incident))
  const { position } = incident
  const place = placeInWords(position, where, say)
  return (
    <section
      id="panel"
      class="panel"
      aria-labelledby="panel-code"
      tabindex={-1}
      data-id={incident.id}
      data-seq={incident.seq}
      data-region={incident.region}
      data-priority={incident.priority}
      data-lat={position?.lat}
      data-lng={position?.lng}
      data-accuracy={position?.accuracyM}
    >
      {isDrill(incident) && <DrillBand say={say} />}
      {incident.contactPolicy === 'quiet' && <QuietBand say={say} />}
      <div class="panel-top">
        <Head incident={incident} say={say} me={viewer.uid} now={now} />
        <Who incident={incident} say={say} />
        <Where incidentId={incident.id} {...{ position, source, where, ahead, asksProvider, say, nonce, now }} />
        {may(viewer, 'track:read', regionsOf(incident)) && <ReplayOpener incident={incident} say={say} />}
        <Sources {...{ sources, say, now }} separated={incident.flags.includes('separated')} />
        {refusal && (
          <p class="notice" data-tone="alarm" role="alert">
            <strong>{say('refused')}.</strong> {refusal}
          </p>
        )}
        <TellAgain {...{ incident, events, say, now, mayAct }} />
        <NextStep incident={incident} events={events} viewer={viewer} say={say} on={on} now={now} />
        {mayAct && <Sheets {...props} place={place} say={say} on={on} />}
      </div>
      <div class="panel-low">
        <div class="panel-left">
          {!demo && <LadderSlot incident={incident} viewer={viewer} say={say} nonce={nonce} />}
          <Legs incident={incident} say={say} on={on} mayAct={mayAct} />
          {!demo && <NearestSlot incident={incident} viewer={viewer} say={say} nonce={nonce} />}
          <Facts incident={incident} events={events} say={say} on={on} mayAct={mayAct} />
        </div>
        <Timeline events={events} say={say} />
      </div>
    </section>
  )
}

/** A press that only an intake knows, while its room is away: what there is, as text. client/desk/panel.ts fills it. */
export function AwayPanel({ say }: { say: Say }) {
  return (
    <section id="panel" class="panel" aria-labelledby="panel-code" data-away="yes">
      <QuietBand say={say} />
      <div class="panel-top">
        <header class="panel-head">
          <div class="panel-title">
            <PriorityMark of="P1" />
            <h2 id="panel-code" data-slot="code">
              SOS
            </h2>
            <span class="panel-kind" data-slot="kind" />
            <span class="chip" data-tone="warn">
              {say('flag.unplaced')}
            </span>
          </div>
          <div class="panel-elapsed">
            <time class="elapsed figures" data-slot="age" data-as="elapsed" />
            <span class="label">{say('panel.since_received')}</span>
          </div>
        </header>
        <div class="panel-who">
          <span class="plate" data-kind="plate" data-slot="plate" />
          <p class="panel-driver">
            <Icon name="person" />
            <span data-slot="who" />
          </p>
        </div>
        <div class="panel-where">
          <p class="panel-place" data-slot="place" />
          <p class="label mono" data-slot="coordinates" />
        </div>
        <p class="notice" data-tone="alarm">
          {say('link.lost')}
        </p>
      </div>
    </section>
  )
}

/** What stands in the panel's place while nothing is framed. */
export const NoPanel = () => <section id="panel" class="panel" hidden />

function Head({ incident, say, me, now }: { incident: IncidentSummary; say: Say; me: string; now: number }) {
  const since = pressedAt(incident)
  const received = Date.parse(incident.receivedAt)
  const chip = stateChip(incident, say, me)
  const ended = ms(incident.closedAt ?? incident.safeAt)
  return (
    <header class="panel-head">
      <div class="panel-title">
        <PriorityMark
          of={isDrill(incident) ? 'drill' : incident.priority}
          label={`${incident.priority}, ${say(`priority.${incident.priority}`)}`}
        />
        <h2 id="panel-code">{isDrill(incident) ? `${say('drill.first')} ${incident.code}` : incident.code}</h2>
        <span class="panel-kind">{say(`kind.${incident.kind}`)}</span>
        <span class="chip" data-tone={chip.tone}>
          {chip.text}
        </span>
        {incident.owner && incident.owner.uid !== me && (
          <span class="muted">
            {say('panel.owner')} {incident.owner.name} ({incident.owner.alias})
          </span>
        )}
        {incident.flags.map((flag) => {
          if (flag === 'drill') return null
          const word = `flag.${flag}`
          return isWord(word) ? (
            <span class="chip" data-tone="warn">
              {say(word)}
            </span>
          ) : null
        })}
      </div>
      <button
        type="button"
        class="button panel-close"
        data-look="plain"
        data-size="small"
        data-closes-panel
        title={say('act.dismiss')}
      >
        <Icon name="close" />
        <span class="visually-hidden">{say('act.dismiss')}</span>
      </button>
      <div class="panel-elapsed">
        {ended === null ? (
          <time class="elapsed figures" data-since={since} data-as="elapsed">
            {elapsed(now - since)}
          </time>
        ) : (
          <time class="elapsed figures">{elapsed(ended - since)}</time>
        )}
        <span class="label">
          {since === received
            ? `${say('panel.since_received')} ${clock(received)}`
            : `${say('panel.since')} · ${arrival(incident, since, received, say)}`}
        </span>
      </div>
    </header>
  )
}

const arrival = ({ flags }: IncidentSummary, since: number, received: number, say: Say): string =>
  flags.includes('delayed')
    ? say('panel.delayed', { pressed: clock(since), received: clock(received) })
    : say('panel.received', { time: clock(received) })

function Who({ incident, say }: { incident: IncidentSummary; say: Say }) {
  const { vehicle, driver } = incident
  const plate = vehicle?.plate ?? vehicle?.conduction
  const quiet = incident.contactPolicy === 'quiet'
  return (
    <div class="panel-who">
      {plate ? (
        <span class="plate" data-kind={vehicle?.plate ? 'plate' : 'conduction'}>
          <span class="visually-hidden">{say(vehicle?.plate ? 'panel.plate' : 'panel.conduction')}: </span>
          {plate}
        </span>
      ) : (
        <span class="plate" data-kind="conduction">
          ?
        </span>
      )}
      <div class="panel-vehicle">
        <p class="panel-model">
          {vehicle ? `${vehicle.colour} ${vehicle.make} ${vehicle.model}` : say('panel.no_vehicle')}
          {vehicle && !vehicle.plate && <span class="chip">{say('panel.conduction')}</span>}
        </p>
        <p class="panel-driver">
          <Icon name="person" />
          <span>{driver?.name ?? say(`reporter.${incident.reporter}`)}</span>
          <Phone number={driver?.phone ?? null} quiet={quiet} say={say} />
        </p>
      </div>
    </div>
  )
}

/** A number that must not be called is not a link. */
function Phone({ number, quiet, say }: { number: string | null; quiet: boolean; say: Say }) {
  if (!number) return <span class="muted">{say('panel.no_phone')}</span>
  if (quiet) {
    return (
      <span class="phone-quiet">
        <Icon name="phone-off" />
        <s class="mono">{number}</s> {say('panel.phone_quiet')}
      </span>
    )
  }
  return (
    <a class="phone mono" href={`tel:${number.replace(/[^+\d]/g, '')}`}>
      {number}
    </a>
  )
}

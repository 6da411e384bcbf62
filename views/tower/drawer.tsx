// What opens beside the queue without covering the band: new incident by phone, find, unverified presses, others to link to.

import type { Child } from 'hono/jsx'
import type { IncidentSummary } from '../../src/domain/incident'
import { KINDS, REPORTERS, type UnverifiedPress } from '../../src/domain/press'
import { REGIONS, type RegionId } from '../../src/domain/region'
import { clock, coordinates } from '../format'
import { PriorityMark } from '../marks'
import { type Lang, type Say, t } from '../words'
import { ActButton } from './act-button'
import { Card } from './card'
import { cardView, isDrill, placeOf } from './card-view'
import { CloseButton } from './close-button'
import { inOrder } from './order'

type DrawerProps = { lang: Lang; nonce: string }

function Drawer({ title, say, children }: { title: string; say: Say; children?: Child }) {
  return (
    <section class="drawer" id="drawer" aria-labelledby="drawer-title" tabindex={-1}>
      <div class="sheet-head">
        <h2 id="drawer-title">{title}</h2>
        <CloseButton closes="drawer" say={say} />
      </div>
      {children}
    </section>
  )
}

// A refusal comes with the drawer that shows it.
const into = (nonce: string) => ({
  'hx-target': '#drawer',
  'hx-swap': 'outerHTML',
  'hx-status:409': 'swap:outerHTML',
  'hx-status:422': 'swap:outerHTML',
  'hx-nonce': nonce,
})

export type NewFields = Partial<
  Record<'reporter' | 'kind' | 'note' | 'phone' | 'plate' | 'where' | 'safeToTalk', string>
>
type NewFormProps = DrawerProps & {
  region: RegionId
  regions: readonly RegionId[]
  requestId: string
  /** What was typed before, and which field was wrong. */
  typed?: NewFields
  wrong?: string | null
}

export function NewForm({ lang, nonce, region, regions, requestId, typed = {}, wrong = null }: NewFormProps) {
  const say = t(lang)
  return (
    <Drawer title={say('new.title')} say={say}>
      {wrong && (
        <p class="notice" data-tone="alarm" role="alert">
          {wrong}
        </p>
      )}
      <form class="sheet-form" hx-post="/desk/new" {...into(nonce)}>
        <input type="hidden" name="requestId" value={requestId} />
        <div class="two">
          <Select
            name="region"
            label={say('new.region')}
            value={region}
            options={regions.map((id) => [id, nameOf(id, lang)])}
          />
          <Select
            name="reporter"
            label={say('new.reporter')}
            value={typed.reporter ?? 'driver'}
            options={REPORTERS.filter((each) => each !== 'device').map((each) => [each, say(`reporter.${each}`)])}
          />
        </div>
        <Select
          name="kind"
          label={say('new.kind')}
          value={typed.kind ?? 'panic'}
          options={KINDS.map((each) => [each, say(`kind.${each}`)])}
        />
        <label class="field">
          <span class="label">{say('new.note')}</span>
          <textarea class="input" name="note" maxlength={500} rows={3} data-first>
            {typed.note ?? ''}
          </textarea>
        </label>
        <div class="two">
          <Text name="phone" label={say('new.phone')} value={typed.phone} max={30} />
          <Text name="plate" label={say('new.plate')} value={typed.plate} max={16} />
        </div>
        <Text name="where" label={say('new.where')} value={typed.where} max={60} placeholder="14.5995, 120.9842" />
        <Select
          name="safeToTalk"
          label={say('new.safe_to_talk')}
          value={typed.safeToTalk ?? ''}
          options={[
            ['', say('new.unknown')],
            ['yes', say('new.yes')],
            ['no', say('new.no')],
          ]}
        />
        <button type="submit" class="button" data-look="primary">
          {say('new.create')}
        </button>
      </form>
    </Drawer>
  )
}

export function Find({
  lang,
  nonce,
  region,
  q,
  found,
  me,
  now,
}: DrawerProps & { region: RegionId; q: string; found: readonly IncidentSummary[] | null; me: string; now: number }) {
  const say = t(lang)
  return (
    <Drawer title={say('find.title')} say={say}>
      <label class="field">
        <span class="label">{say('find.hint')}</span>
        <input
          class="input"
          type="search"
          name="q"
          value={q}
          maxlength={60}
          autocomplete="off"
          data-first
          hx-get={`/desk/search?region=${region}`}
          hx-trigger="input changed delay:250ms, search"
          hx-target="#found"
          hx-swap="outerHTML"
          hx-nonce={nonce}
        />
      </label>
      <Found lang={lang} q={q} found={found} me={me} now={now} />
    </Drawer>
  )
}

export function Found({
  lang,
  q,
  found,
  me,
  now,
}: {
  lang: Lang
  q: string
  found: readonly IncidentSummary[] | null
  me: string
  now: number
}) {
  const say = t(lang)
  return (
    <div id="found" aria-live="polite">
      {found?.length === 0 && <p class="muted">{say('find.none', { q })}</p>}
      <ul class="queue-list">
        {found?.map((incident) => (
          <li>
            <Card view={cardView(incident, say, me)} say={say} now={now} />
          </li>
        ))}
      </ul>
    </div>
  )
}

export function Unverified({
  lang,
  nonce,
  region,
  count,
  latest,
}: DrawerProps & { region: RegionId; count: number; latest: readonly UnverifiedPress[] }) {
  const say = t(lang)
  return (
    <Drawer title={`${say('unverified.title')} (${count})`} say={say}>
      <p class="muted">{say('unverified.lead')}</p>
      <ul class="unverified-list">
        {latest.map(({ source, receivedAt, kind, door, position, note }) => (
          <li>
            <p>
              <time class="figures">{clock(receivedAt)}</time> <strong>{say(`kind.${kind}`)}</strong>{' '}
              {say(`door.${door}`)}
            </p>
            <p class="muted mono source">
              {say('unverified.source')}: {source}
            </p>
            {position && (
              <p>
                {placeOf({ ...position, fixedAt: null }, say)}{' '}
                <span class="mono muted">{coordinates(position.lat, position.lng)}</span>
              </p>
            )}
            {note && <p class="said">{note}</p>}
            <form hx-post="/desk/unverified/promote" {...into(nonce)}>
              <input type="hidden" name="region" value={region} />
              <input type="hidden" name="source" value={source} />
              <input type="hidden" name="receivedAt" value={String(receivedAt)} />
              <button type="submit" class="button" data-size="small">
                {say('act.promote')}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </Drawer>
  )
}

/** After something opened an incident: the drawer goes, and the browser frames it. */
export const OpenedDrawer = ({ id }: { id: string }) => (
  <section class="drawer" id="drawer" tabindex={-1} data-frames={id} hidden />
)

export const ClosedDrawer = () => <section class="drawer" id="drawer" tabindex={-1} hidden />

/** Inside the link sheet: other incidents of the region, to link or, for the same person, to merge. */
export function Others({
  lang,
  nonce,
  incident,
  others,
}: DrawerProps & { incident: IncidentSummary; others: readonly IncidentSummary[] }) {
  const say = t(lang)
  const on = { incidentId: incident.id, nonce }
  const choices = inOrder(others).filter(({ id }) => id !== incident.id && !incident.links.includes(id))
  if (choices.length === 0) return <p class="muted">{say('sheet.link.none')}</p>
  const samePerson = (other: IncidentSummary) =>
    incident.driver
      ? other.driver?.id === incident.driver.id
      : incident.deviceId !== null && other.deviceId === incident.deviceId
  return (
    <ul class="others">
      {choices.slice(0, 9).map((other, at) => (
        <li>
          <PriorityMark of={other.priority} />
          <span>
            <strong>{isDrill(other) ? `${say('drill.first')} ${other.code}` : other.code}</strong>{' '}
            {say(`kind.${other.kind}`)} <span class="figures">{other.vehicle?.plate ?? ''}</span>{' '}
            <span class="muted">{placeOf(other.position, say)}</span>
          </span>
          <ActButton on={on} act="link" with={{ otherId: other.id }} digit={at + 1} size="small">
            {say('act.link')}
          </ActButton>
          {samePerson(other) && (
            <ActButton on={on} act="merge" with={{ intoId: other.id }} size="small">
              {say('act.merge')} {other.code}
            </ActButton>
          )}
        </li>
      ))}
    </ul>
  )
}

const nameOf = (id: RegionId, lang: Lang) => REGIONS.find((each) => each.id === id)?.name[lang] ?? id

type Options = readonly (readonly [value: string, label: string])[]
const Select = ({ name, label, value, options }: { name: string; label: string; value: string; options: Options }) => (
  <label class="field">
    <span class="label">{label}</span>
    <select class="input" name={name}>
      {options.map(([each, words]) => (
        <option value={each} selected={each === value}>
          {words}
        </option>
      ))}
    </select>
  </label>
)

const Text = (props: { name: string; label: string; value: string | undefined; max: number; placeholder?: string }) => (
  <label class="field">
    <span class="label">{props.label}</span>
    <input
      class="input"
      name={props.name}
      value={props.value}
      maxlength={props.max}
      placeholder={props.placeholder}
      autocomplete="off"
    />
  </label>
)

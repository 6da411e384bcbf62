// The page of disclosures: a form that narrows the list, the list, and the same as a file. Plain HTML: it works without a script.

import type { Disclosure } from '../../src/domain/outward-record'
import type { RegionId } from '../../src/domain/region'
import { nameOf, RegionLinks } from '../devices/office'
import { clock, day } from '../format'
import { isWord, type Lang, type Say, t } from '../words'

/** As it was typed. `to`: everybody, one kind of recipient, or `agency:<id>`. */
export type DisclosuresTyped = { day: string; to: string; incident: string }

export type DisclosuresProps = {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  agencies: readonly { id: string; name: string }[]
  typed: DisclosuresTyped
  /** Null without Postgres. */
  disclosures: readonly (Disclosure & { code: string | null })[] | null
  /** The address of the same list as CSV. */
  file: string
  /** Of the next page. */
  more: string | null
}

const KINDS = ['agency', 'kin', 'share'] as const

export function DisclosuresPage(props: DisclosuresProps) {
  const { lang, region, regions, disclosures, file, more } = props
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('disclosed.title')}</h1>
          <p class="muted">{say('disclosed.lead', { region: nameOf(region, lang) })}</p>
        </div>
        {disclosures !== null && disclosures.length > 0 && (
          <a class="button" href={file} download>
            {say('disclosed.csv')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/disclosures?region=${id}`} />
      <Narrow {...props} say={say} />
      {disclosures === null ? (
        <p class="notice" data-tone="alarm" role="alert">
          {say('disclosed.away')}
        </p>
      ) : disclosures.length === 0 ? (
        <p role="status">{say('disclosed.none')}</p>
      ) : (
        <List disclosures={disclosures} say={say} />
      )}
      {more && (
        <p>
          <a class="button" href={more} data-more>
            {say('disclosed.more')}
          </a>
        </p>
      )}
      <p class="muted">{say('disclosed.looked')}</p>
    </main>
  )
}

function Narrow({ region, agencies, typed, say }: DisclosuresProps & { say: Say }) {
  return (
    <search>
      <form class="office-search disclosed-narrow" method="get" action="/disclosures">
        <input type="hidden" name="region" value={region} />
        <div class="field">
          <label for="day">{say('disclosed.day')}</label>
          <input class="input" id="day" name="day" type="date" value={typed.day} aria-describedby="day-hint" />
        </div>
        <div class="field">
          <label for="to">{say('disclosed.to')}</label>
          <select class="input" id="to" name="to">
            <option value="">{say('disclosed.everybody')}</option>
            {KINDS.map((kind) => (
              <option value={kind} selected={kind === typed.to}>
                {say(`disclosed.kinds.${kind}`)}
              </option>
            ))}
            {agencies.length > 0 && (
              <optgroup label={say('disclosed.kinds.agency')}>
                {agencies.map(({ id, name }) => (
                  <option value={`agency:${id}`} selected={`agency:${id}` === typed.to}>
                    {name}
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </div>
        <div class="field">
          <label for="incident">{say('disclosed.incident')}</label>
          <input
            class="input mono"
            id="incident"
            name="incident"
            value={typed.incident}
            maxlength={60}
            autocomplete="off"
            spellcheck={false}
          />
        </div>
        <button class="button" data-look="primary" type="submit">
          {say('disclosed.show')}
        </button>
        <p class="muted" id="day-hint">
          {say('disclosed.day_hint')}
        </p>
      </form>
    </search>
  )
}

function List({ disclosures, say }: { disclosures: NonNullable<DisclosuresProps['disclosures']>; say: Say }) {
  return (
    <section class="table-scroll" tabindex={0} aria-label={say('disclosed.title')}>
      <table class="table disclosed">
        <thead>
          <tr>
            <th scope="col">{say('disclosed.when')}</th>
            <th scope="col">{say('disclosed.whom')}</th>
            <th scope="col">{say('disclosed.incident')}</th>
            <th scope="col">{say('disclosed.what')}</th>
            <th scope="col">{say('disclosed.by')}</th>
          </tr>
        </thead>
        <tbody>
          {disclosures.map(({ id, at, recipient, way, code, incidentId, sent, by }) => (
            <tr data-disclosure={id}>
              <td class="figures">
                {day(at)} {clock(at)}
              </td>
              <th scope="row">
                {recipient.name}{' '}
                <span class="muted">
                  {say(`disclosed.kind.${recipient.kind}`)}, {wayWords(way, say)}
                </span>
              </th>
              <td class="mono">{code ?? incidentId.slice(0, 8)}</td>
              <td>
                <Sent sent={sent} say={say} />
              </td>
              <td>{by.name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Every field and value, as it was told. */
function Sent({ sent, say }: { sent: Disclosure['sent']; say: Say }) {
  const fields = Object.entries(sent)
  if (fields.length === 0) return <span class="muted">{say('disclosed.nothing')}</span>
  return (
    <dl class="disclosed-sent">
      {fields.map(([name, value]) => (
        <div>
          <dt class="label">{fieldWords(name, say)}</dt>
          <dd>{valueWords(value, say)}</dd>
        </div>
      ))}
    </dl>
  )
}

const fieldWords = (name: string, say: Say): string => {
  const word = `disclosed.field.${name}`
  return isWord(word) ? say(word) : name
}

const wayWords = (way: string, say: Say): string => {
  const word = `disclosed.way.${way}`
  return isWord(word) ? say(word) : way
}

function valueWords(value: unknown, say: Say): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return say(value ? 'vehicle.yes' : 'vehicle.no')
  if (Array.isArray(value)) return value.map((each) => valueWords(each, say)).join(', ')
  if (typeof value !== 'object' || value === null) return '–'
  return Object.entries(value)
    .map(([name, each]) => `${name} ${valueWords(each, say)}`)
    .join(', ')
}

// One agency: entered, changed, verified, taken out. Without the right to change it, its fields can be read.

import { AGENCY_KINDS, type Agency } from '../../src/domain/agency'
import type { KeptAgency } from '../../src/domain/duty-record'
import type { RegionId } from '../../src/domain/region'
import { intoPage, nameOf } from '../devices/office'
import { Icon } from '../marks'
import { type Lang, type Say, t } from '../words'
import { verifiedWords } from './list'

/** As it was typed, or is kept. Numbers are a row each. */
export type TypedAgency = {
  kind: string
  name: string
  numbers: { label: string; number: string; confidence: string }[]
  covers: string
  languages: string
  source: string
  reverifyDays: string
  machineUrl: string
  note: string
  active: boolean
}

export const NO_AGENCY: TypedAgency = {
  kind: 'police',
  name: '',
  numbers: [],
  covers: '',
  languages: 'en, fil',
  source: '',
  reverifyDays: '90',
  machineUrl: '',
  note: '',
  active: true,
}

export const typedFrom = (agency: Agency): TypedAgency => ({
  kind: agency.kind,
  name: agency.name,
  numbers: agency.numbers,
  covers: agency.covers,
  languages: agency.languages.join(', '),
  source: agency.source,
  reverifyDays: String(agency.reverifyDays),
  machineUrl: agency.machine?.url ?? '',
  note: agency.note ?? '',
  active: agency.active,
})

/** Rows for numbers: those that are there, and two more. */
export const NUMBER_ROWS = 6
const CONFIDENCE = ['high', 'medium', 'low'] as const

type AgencyPageProps = {
  lang: Lang
  nonce: string
  region: RegionId
  /** Null: a new one. */
  agency: KeptAgency | null
  typed: TypedAgency
  mayManage: boolean
  wrong: string | null
  done: string | null
}

export function AgencyPage({ lang, nonce, region, agency, typed, mayManage, wrong, done }: AgencyPageProps) {
  const say = t(lang)
  const address = agency ? `/agencies/${encodeURIComponent(agency.id)}` : '/agencies'
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <a class="office-back" href={`/agencies?region=${region}`}>
        <Icon name="left" /> {say('agencies.list', { region: nameOf(region, lang) })}
      </a>
      <h1>{agency?.name ?? say('agencies.new')}</h1>
      {done && (
        <p class="notice" data-tone="good" role="status">
          {done}
        </p>
      )}
      {wrong && (
        <p class="notice" data-tone="alarm" role="alert">
          {wrong}
        </p>
      )}
      <form class="fence-form" action={address} hx-post={address} {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        {agency && <input type="hidden" name="version" value={agency.version} />}
        <fieldset class="agency-fields" disabled={!mayManage}>
          <Fields typed={typed} say={say} />
          {mayManage && (
            <button class="button" data-look="primary" type="submit">
              {say('agencies.save')}
            </button>
          )}
        </fieldset>
      </form>
      {agency && (
        <section class="agency-verify">
          <h2>{say('agencies.verified')}</h2>
          <p>{verifiedWords(agency, say)}</p>
          {mayManage && (
            <>
              <p class="label">{say('agencies.verify_hint')}</p>
              <div class="sheet-row">
                <Post to={`${address}/verify`} region={region} nonce={nonce} look="primary">
                  {say('agencies.verify')}
                </Post>
                <Post to={`${address}/away`} region={region} nonce={nonce}>
                  {say('agencies.away_button')}
                </Post>
              </div>
            </>
          )}
        </section>
      )}
    </main>
  )
}

function Post(props: { to: string; region: RegionId; nonce: string; look?: 'primary'; children?: string }) {
  const { to, region, nonce, look, children } = props
  return (
    <form action={to} hx-post={to} {...intoPage(nonce)}>
      <input type="hidden" name="region" value={region} />
      <button class="button" type="submit" data-look={look}>
        {children}
      </button>
    </form>
  )
}

function Fields({ typed, say }: { typed: TypedAgency; say: Say }) {
  const rows = Array.from(
    { length: Math.min(NUMBER_ROWS, typed.numbers.length + 2) },
    (_, at) => typed.numbers[at] ?? { label: '', number: '', confidence: 'low' },
  )
  return (
    <>
      <div class="fence-words">
        <Field name="name" label={say('agencies.name')} value={typed.name} max={120} required />
        <label class="field">
          <span class="label">{say('agencies.kind')}</span>
          <select class="input" name="kind">
            {AGENCY_KINDS.map((kind) => (
              <option value={kind} selected={kind === typed.kind}>
                {say(`agency.kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset class="agency-numbers">
        <legend class="label">{say('agencies.numbers')}</legend>
        {rows.map(({ label, number, confidence }, at) => (
          <div class="agency-number-row">
            <input
              class="input"
              name={`label_${at}`}
              value={label}
              maxlength={60}
              aria-label={`${say('agencies.label')} ${at + 1}`}
              placeholder={say('agencies.label')}
            />
            <input
              class="input mono"
              name={`number_${at}`}
              value={number}
              maxlength={30}
              inputmode="tel"
              aria-label={`${say('agencies.number')} ${at + 1}`}
              placeholder={say('agencies.number')}
            />
            <select class="input" name={`confidence_${at}`} aria-label={`${say('agencies.confidence')} ${at + 1}`}>
              {CONFIDENCE.map((each) => (
                <option value={each} selected={each === confidence}>
                  {say(`agencies.confidence.${each}`)}
                </option>
              ))}
            </select>
          </div>
        ))}
      </fieldset>
      <Field name="covers" label={say('agencies.covers')} value={typed.covers} max={500} />
      <Field name="source" label={say('agencies.source')} value={typed.source} max={500} required />
      <div class="fence-words">
        <Field name="languages" label={say('agencies.languages')} value={typed.languages} max={200} />
        <Field name="reverifyDays" label={say('agencies.again')} value={typed.reverifyDays} max={3} required />
      </div>
      <Field name="machineUrl" label={say('agencies.machine')} value={typed.machineUrl} max={500} />
      <Field name="note" label={say('agencies.note')} value={typed.note} max={1_000} />
      <label class="choice">
        <input type="checkbox" name="active" value="yes" checked={typed.active} />
        <span>{say('agencies.active')}</span>
      </label>
    </>
  )
}

function Field(props: { name: string; label: string; value: string; max: number; required?: boolean }) {
  const { name, label, value, max, required = false } = props
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input class="input" name={name} value={value} maxlength={max} required={required} autocomplete="off" />
    </label>
  )
}

/** Why there is nothing to see. */
export function AgencyRefusal({ lang, why }: { lang: Lang; why: 'away' | 'foreign' | 'gone' }) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <h1>{say('agencies.title')}</h1>
      <p class="notice" data-tone="alarm" role="alert">
        {say(`agencies.${why}`)}
      </p>
    </main>
  )
}

// A region's agencies: numbers with how sure they are, where they are from, and who has checked them when.

import type { KeptAgency } from '../../src/domain/duty-record'
import type { RegionId } from '../../src/domain/region'
import { dueAgain } from '../../src/domain/verified'
import { nameOf, RegionLinks } from '../devices/office'
import { day } from '../format'
import { Numbers } from '../handoff/agencies'
import { type Lang, type Say, t } from '../words'

export type AgencyListProps = {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  agencies: readonly KeptAgency[]
  mayManage: boolean
  now: number
}

export function AgencyList({ lang, region, regions, agencies, mayManage, now }: AgencyListProps) {
  const say = t(lang)
  const due = agencies.filter((agency) => agency.active && dueAgain(agency, now)).length
  const label = say('agencies.list', { region: nameOf(region, lang) })
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('agencies.title')}</h1>
          <p class="muted">{say('agencies.lead', { region: nameOf(region, lang) })}</p>
        </div>
        {mayManage && (
          <a class="button" data-look="primary" href={`/agencies/new?region=${region}`}>
            {say('agencies.new')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/agencies?region=${id}`} />
      {due > 0 && (
        <p class="notice" data-tone="warn" role="status">
          {say('agencies.due', { n: due })}
        </p>
      )}
      {agencies.length === 0 ? (
        <p role="status">{say('agencies.none')}</p>
      ) : (
        <section class="table-scroll" tabindex={0} aria-label={label}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say('agencies.name')}</th>
                <th scope="col">{say('agencies.numbers')}</th>
                <th scope="col">{say('agencies.covers')}</th>
                <th scope="col">{say('agencies.verified')}</th>
              </tr>
            </thead>
            <tbody>
              {agencies.map((agency) => (
                <Row {...{ agency, region, now, say }} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </main>
  )
}

type RowProps = { agency: KeptAgency; region: RegionId; now: number; say: Say }

function Row({ agency, region, now, say }: RowProps) {
  const { id, name, kind, covers, source, languages, machine, active } = agency
  return (
    <tr data-agency={id}>
      <th scope="row">
        <a href={`/agencies/${encodeURIComponent(id)}?region=${region}`}>{name}</a>{' '}
        <span class="muted">{say(`agency.kind.${kind}`)}</span>{' '}
        {!active && <span class="chip">{say('agencies.idle')}</span>}
        {machine && <span class="chip">{say('agencies.takes_machine')}</span>}
      </th>
      <td>
        <Numbers agency={agency} now={now} say={say} />
      </td>
      <td>
        {covers} {languages.length > 0 && <span class="muted">{languages.join(', ')}</span>}
        <p class="label">{source}</p>
      </td>
      <td class="figures">{verifiedWords(agency, say)}</td>
    </tr>
  )
}

export const verifiedWords = ({ verifiedAt, verifiedBy }: KeptAgency, say: Say): string =>
  verifiedAt === null
    ? say('agencies.never')
    : say('agencies.verified_at', { day: day(verifiedAt), by: verifiedBy ?? '?' })

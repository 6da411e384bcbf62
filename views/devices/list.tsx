// The list of a region's devices, and the search in it. Plain links and a GET form: it works without script.

import { type EnrolledDevice, isRevoked } from '../../src/domain/enrolment'
import type { RegionId } from '../../src/domain/region'
import { age } from '../format'
import type { Lang, Say } from '../words'
import { t } from '../words'
import { nameOf, RegionLinks } from './office'

/** When anything last came from a device, epoch ms. `never`: nothing yet; `unknown`: whoever knows does not answer. */
export type Heard = { at: number; silent: boolean } | 'never' | 'unknown'

export type ListProps = {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  q: string
  after: string | null
  more: boolean
  devices: readonly { device: EnrolledDevice; heard: Heard }[]
  mayManage: boolean
  now: number
}

export function DeviceList({ lang, region, regions, q, after, more, devices, mayManage, now }: ListProps) {
  const say = t(lang)
  const last = devices.at(-1)?.device.id
  const to = (changes: Record<string, string>) =>
    `/devices?${new URLSearchParams({ region, ...(q && { q }), ...changes })}`
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <div>
          <h1>{say('device.title')}</h1>
          <p class="muted">{say('device.lead', { region: nameOf(region, lang) })}</p>
        </div>
        {mayManage && (
          <a class="button" data-look="primary" href={`/devices/new?region=${region}`}>
            {say('device.new')}
          </a>
        )}
      </div>
      <RegionLinks lang={lang} regions={regions} here={region} to={(id) => `/devices?region=${id}`} />
      <search>
        <form class="office-search" method="get" action="/devices">
          <input type="hidden" name="region" value={region} />
          <div class="field">
            <label for="q">{say('device.search')}</label>
            <input class="input" id="q" name="q" type="search" value={q} maxlength={60} autocomplete="off" />
          </div>
          <button class="button" type="submit">
            {say('act.find')}
          </button>
        </form>
      </search>
      {devices.length === 0 ? (
        <p role="status">{q ? say('device.none_found', { q }) : say('device.none')}</p>
      ) : (
        <section class="table-scroll" tabindex={0} aria-label={say('device.list', { region: nameOf(region, lang) })}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say('device.id')}</th>
                <th scope="col">{say('device.driver')}</th>
                <th scope="col">{say('device.vehicle')}</th>
                <th scope="col">{say('device.token')}</th>
                <th scope="col">{say('device.heard')}</th>
              </tr>
            </thead>
            <tbody>
              {devices.map(({ device, heard }) => (
                <tr>
                  <th scope="row">
                    <a href={addressOf(device.id)}>{device.id}</a>
                  </th>
                  <td>{device.driver?.name ?? <span class="muted">{say('device.none_of')}</span>}</td>
                  <td>
                    <VehicleWords device={device} say={say} />
                  </td>
                  <td>
                    <TokenWords device={device} say={say} />
                  </td>
                  <td class="figures">
                    <HeardWords heard={heard} say={say} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {(after !== null || more) && (
        <nav class="office-pages" aria-label={say('device.list', { region: nameOf(region, lang) })}>
          {after !== null && (
            <a class="button" href={to({})}>
              {say('device.first')}
            </a>
          )}
          {more && last !== undefined && (
            <a class="button" href={to({ after: last })} rel="next">
              {say('device.more')}
            </a>
          )}
        </nav>
      )}
    </main>
  )
}

export const addressOf = (id: string): string => `/devices/${encodeURIComponent(id)}`

export function VehicleWords({ device: { vehicle }, say }: { device: EnrolledDevice; say: Say }) {
  if (!vehicle) return <span class="muted">{say('device.none_of')}</span>
  return (
    <>
      <span class="mono">{vehicle.plate ?? vehicle.conduction}</span>{' '}
      <span class="muted">{[vehicle.colour, vehicle.make, vehicle.model].join(' ')}</span>
    </>
  )
}

export function TokenWords({ device, say }: { device: EnrolledDevice; say: Say }) {
  return (
    <>
      {say('device.generation', { n: device.generation })}
      {isRevoked(device) && (
        <>
          {' '}
          <span class="chip" data-tone="warn">
            {say('device.revoked')}
          </span>
        </>
      )}
    </>
  )
}

export function HeardWords({ heard, say, now }: { heard: Heard; say: Say; now: number }) {
  if (heard === 'never') return <span class="muted">{say('device.heard_never')}</span>
  if (heard === 'unknown') return <span class="muted">{say('device.heard_unknown')}</span>
  return (
    <>
      {say('device.heard_ago', { age: age(now - heard.at) })}
      {heard.silent && (
        <>
          {' '}
          <span class="chip" data-tone="warn">
            {say('device.silent')}
          </span>
        </>
      )}
    </>
  )
}

// The page of disclosures of a region: who told what to whom on whose decision, by day, recipient and incident, for those who
// answer for it.

import { type Context, Hono } from 'hono'
import { nameOf, Office } from '../../../views/devices/office'
import { DisclosuresPage, type DisclosuresTyped } from '../../../views/disclosures/page'
import { may } from '../../domain/access'
import type { RegionId } from '../../domain/region'
import { manilaDay } from '../../domain/time'
import { TooLate } from '../../durable/deadline'
import { cleanText } from '../../ingest/text'
import { agenciesOf } from '../agencies'
import {
  type DisclosureList,
  type DisclosuresWish,
  RECIPIENTS,
  readCursor,
  readDisclosures,
  writeCursor,
} from '../disclosures'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { frameOf, regionOf, sayOf } from './frame'

type Ctx = Context<AppEnv>

const DAY_MS = 86_400_000
const SHOWN = 100
/** Without a day. */
const USUAL_DAYS = 30
const CSV_ROWS = 5_000

export const disclosures = new Hono<AppEnv>().get('/disclosures', async (c) => {
  const region = regionOf(c, c.req.query('region'))
  if (!region || !may(c.var.viewer, 'log:read', [region])) return answer(c, 404)
  const typed = typedOf(c)
  const wish = wishOf(region, typed)
  const after = readCursor(c.req.query('after') ?? '') ?? undefined
  const [found, agencies] = await Promise.all([
    readDisclosures(c.env, c.var.viewer, { ...wish, after }, SHOWN, 'list').catch(withoutPostgres),
    agenciesOf(c.env, region).catch(withoutPostgres),
  ])
  const { lang } = frameOf(c)
  const say = sayOf(c)
  const main = (
    <DisclosuresPage
      {...{ lang, region, typed }}
      regions={c.var.viewer.regions.filter((each) => may(c.var.viewer, 'log:read', [each]))}
      agencies={(agencies ?? []).map(({ id, name }) => ({ id, name }))}
      disclosures={found?.disclosures ?? null}
      {...links(region, typed, wish, found)}
    />
  )
  return c.html(
    <Office
      frame={frameOf(c)}
      title={say('disclosed.of', { region: nameOf(region, lang) })}
      section={{ href: `/disclosures?region=${region}`, words: say('disclosed.title') }}
      styles={['disclosures']}
    >
      {main}
    </Office>,
  )
})

/** What nobody could have meant is as if it had not been typed. */
function typedOf(c: Ctx): DisclosuresTyped {
  const word = (name: string, most: number) => cleanText(c.req.query(name) ?? '', most).trim()
  const day = word('day', 10)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && manilaDay(midnight(day)) === day
  return { day: isDay ? day : '', to: word('to', 140), incident: word('incident', 60) }
}

const midnight = (day: string): number => {
  const at = Date.parse(`${day}T00:00:00+08:00`)
  return Number.isNaN(at) ? 0 : at
}

function wishOf(region: RegionId, { day, to, incident }: DisclosuresTyped): DisclosuresWish {
  const until = day === '' ? Date.now() : midnight(day) + DAY_MS
  const from = day === '' ? midnight(manilaDay(until - (USUAL_DAYS - 1) * DAY_MS)) : midnight(day)
  const agency = to.startsWith('agency:') ? to.slice('agency:'.length) : undefined
  const kind = RECIPIENTS.find((each) => each === to)
  return { region, from, until, kind, agency, incident: incident === '' ? undefined : incident }
}

/** The same list as a file, and its next page. */
function links(region: RegionId, typed: DisclosuresTyped, wish: DisclosuresWish, found: DisclosureList | null) {
  const { from, until, kind, agency, incident } = wish
  const file = new URLSearchParams({ format: 'csv', limit: String(CSV_ROWS), from: iso(from), until: iso(until) })
  for (const [name, value] of Object.entries({ kind, agency, incident })) if (value) file.set(name, value)
  const more = new URLSearchParams({ region, ...typed })
  if (found?.next) more.set('after', writeCursor(found.next))
  return {
    file: `/api/regions/${region}/disclosures?${file}`,
    more: found?.next ? `/disclosures?${more}` : null,
  }
}

const iso = (at: number): string => new Date(at).toISOString()

function withoutPostgres(cause: unknown): null {
  if (cause instanceof TooLate) return null
  throw cause
}

// What pages and API ask of disclosures: who told what to whom on whose decision, from Postgres. Whoever reads them stands in the
// log of accesses, for they say where people were.

import type { Viewer } from '../domain/access'
import { csv } from '../domain/csv'
import type { Disclosure } from '../domain/outward-record'
import type { RegionId } from '../domain/region'
import { manilaClock, manilaDay } from '../domain/time'
import { noteAccess } from '../store/access-log'
import { type DisclosuresAsked, type ListedDisclosure, listDisclosures } from '../store/disclosures'
import type { Env } from './env'
import { withFences } from './fences'

export const RECIPIENTS = [
  'agency',
  'kin',
  'share',
  'neighbour',
  'other',
] as const satisfies readonly Disclosure['recipient']['kind'][]
type Kind = (typeof RECIPIENTS)[number]

/** `incident`: as a person types it, its code or its long id. Times are epoch ms. */
export type DisclosuresWish = {
  region: RegionId
  from: number
  until: number
  kind?: Kind | undefined
  agency?: string | undefined
  incident?: string | undefined
  after?: DisclosuresAsked['after'] | undefined
}

export type DisclosureList = {
  disclosures: ListedDisclosure[]
  /** There are more: those after this one. */
  next: DisclosuresAsked['after'] | null
}

/** Throws `TooLate` without Postgres: what cannot be noted is not shown. */
export async function readDisclosures(
  env: Env,
  viewer: Viewer,
  wish: DisclosuresWish,
  limit: number,
  as: 'list' | 'csv',
): Promise<DisclosureList> {
  const { region, from, until, kind, agency, incident, after } = wish
  const found = await withFences(env, async (db) => {
    const about = [kind && `to ${kind}`, agency && `agency ${agency}`, incident && `incident ${incident}`]
    const span = `disclosures of ${manilaDay(from)} to ${manilaDay(until - 1)}`
    const purpose = [span, ...about, as === 'csv' && 'as csv'].filter(Boolean).join('; ')
    await noteAccess(db, { region, actorUid: viewer.uid, action: 'log:read', subject: 'disclosures', purpose })
    const asked: DisclosuresAsked = { region, from, until }
    if (agency) Object.assign(asked, { kind: 'agency', recipientId: agency })
    else if (kind) asked.kind = kind
    if (incident) asked.incident = named(incident)
    if (after) asked.after = after
    return listDisclosures(db, asked, limit + 1)
  })
  const disclosures = found.slice(0, limit)
  const last = disclosures.at(-1)
  return { disclosures, next: found.length > limit && last ? { at: last.at, id: last.id } : null }
}

const LONG_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const named = (incident: string): { id: string } | { code: string } =>
  LONG_ID.test(incident) ? { id: incident.toLowerCase() } : { code: incident.toUpperCase() }

/** A place in the list, as it stands in addresses. */
export const writeCursor = ({ at, id }: NonNullable<DisclosuresAsked['after']>): string => `${at}_${id}`
export function readCursor(text: string): DisclosuresAsked['after'] | null {
  const [, at, id] = /^(\d{1,15}(?:\.\d{1,6})?)_([0-9a-f-]{36})$/.exec(text) ?? []
  return at !== undefined && id !== undefined && LONG_ID.test(id) ? { at: Number(at), id } : null
}

const HEAD = [
  'day (Manila)',
  'time (Manila)',
  'region',
  'incident',
  'incident id',
  'recipient kind',
  'recipient',
  'recipient id',
  'way',
  'decided by',
  'decided by (user)',
  'sent',
]

/** For auditors: one line each, what was sent as JSON. */
export const disclosuresCsv = (disclosures: readonly ListedDisclosure[]): string =>
  csv([
    HEAD,
    ...disclosures.map(({ at, region, code, incidentId, recipient, way, by, sent }) => [
      manilaDay(at),
      manilaClock(at),
      region,
      code,
      incidentId,
      recipient.kind,
      recipient.name,
      recipient.id,
      way,
      by.name,
      by.uid,
      JSON.stringify(sent),
    ]),
  ])

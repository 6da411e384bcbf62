// What the card and the replay ask of the tower. A purpose goes in a body: browsers and proxies remember addresses.

import type { VehicleCard } from '../../../../src/domain/directory'
import type { RegionId } from '../../../../src/domain/region'
import type { FileFormat } from '../../../tower/replay-choices'
import type { Span } from './span'
import type { TrackAnswer } from './track'

export type Identity = {
  deviceId: string
  region: RegionId
  driver: { id: string; name: string } | null
  vehicle: VehicleCard | null
  incident: { id: string; code: string } | null
}

/** Why a device's track is opened: one of both is there. */
export type Reason = { purpose?: string; incident?: string }
export type Tracked = { region: string; deviceId: string } & Reason

/** `code` as the API has it, or `no_answer` where nobody answered. */
export type Asked<T> = { ok: true; value: T } | { ok: false; code: string }

const PATIENCE_MS = 15_000
/** Of 20,000 points each: a month of one fix every 15 s, after which a page has said enough. */
const PAGES_MAX = 10

async function post(path: string, body: object): Promise<Asked<Response>> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      // Own pages say so: a foreign one cannot add this header.
      headers: { 'Content-Type': 'application/json', 'HX-Request': 'true' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (answer.ok) return { ok: true, value: answer }
    const { error } = (await answer.json()) as { error?: { code?: string } }
    return { ok: false, code: error?.code ?? 'no_answer' }
  } catch {
    return { ok: false, code: 'no_answer' }
  }
}

export async function askIdentity(
  region: string,
  dot: { shard: number; epoch: number; index: number },
  purpose: string | null,
): Promise<Asked<Identity>> {
  const asked = await post(`/api/regions/${region}/map/identity`, purpose === null ? dot : { ...dot, purpose })
  return asked.ok ? { ok: true, value: (await asked.value.json()) as Identity } : asked
}

const trackPath = ({ region, deviceId }: Tracked) =>
  `/api/regions/${encodeURIComponent(region)}/devices/${encodeURIComponent(deviceId)}/track`

const iso = (at: number): string => new Date(at).toISOString()

const fieldsOf = ({ purpose, incident }: Reason, { from, to }: Span) => ({
  from: iso(from),
  to: iso(to),
  ...(purpose === undefined ? {} : { purpose }),
  ...(incident === undefined ? {} : { incident }),
})

/** All pages of that time. `more`: there would have been further ones. */
export async function askTrack(tracked: Tracked, span: Span): Promise<Asked<{ pages: TrackAnswer[]; more: boolean }>> {
  const pages: TrackAnswer[] = []
  let { from } = span
  while (pages.length < PAGES_MAX) {
    const asked = await post(trackPath(tracked), fieldsOf(tracked, { from, to: span.to }))
    if (!asked.ok) return asked
    const page = (await asked.value.json()) as TrackAnswer
    pages.push(page)
    if (page.next === null) return { ok: true, value: { pages, more: false } }
    from = Date.parse(page.next)
  }
  return { ok: true, value: { pages, more: true } }
}

/** One file per page: a long time comes in parts. */
export async function askFiles(
  tracked: Tracked,
  span: Span,
  format: FileFormat,
): Promise<Asked<{ name: string; blob: Blob }[]>> {
  const files: { name: string; blob: Blob }[] = []
  let from: number | null = span.from
  while (from !== null && files.length < PAGES_MAX) {
    const asked = await post(trackPath(tracked), { ...fieldsOf(tracked, { from, to: span.to }), format })
    if (!asked.ok) return asked
    const blob = await asked.value.blob()
    const next: string | null =
      format === 'json' ? (JSON.parse(await blob.text()) as TrackAnswer).next : asked.value.headers.get('x-next')
    const part = next === null && files.length === 0 ? '' : `-${files.length + 1}`
    files.push({ name: `track-${safe(tracked.deviceId)}-${iso(from).slice(0, 10)}${part}.${format}`, blob })
    from = next === null ? null : Date.parse(next)
  }
  return { ok: true, value: files }
}

const safe = (name: string): string => name.replaceAll(/[^\w.-]+/g, '_')

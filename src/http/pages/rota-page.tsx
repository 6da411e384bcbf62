// What the rota's pages share: in which region, for whom, how what is wrong is said, and what stands there without Postgres.

import type { Context } from 'hono'
import { Office } from '../../../views/devices/office'
import { RotaRefusal, type Wrongs } from '../../../views/rota/office'
import { isWord, type Say } from '../../../views/words'
import { type Action, may } from '../../domain/access'
import { findRegion, type RegionId } from '../../domain/region'
import { TooLate } from '../../durable/deadline'
import { cleanText } from '../../ingest/text'
import type { AppEnv } from '../env'
import { answer } from '../failure'
import { filled } from './act-forms'
import { frameOf, regionOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'

export type Ctx = Context<AppEnv>
export type Status = 200 | 403 | 404 | 409 | 422 | 503
const FIELD_MAX = 2_000

/** The region of the query, where this person may do this. */
export async function inRegion(c: Ctx, action: Action, show: (region: RegionId) => Promise<Response>) {
  const region = regionOf(c, c.req.query('region'))
  if (!region) return answer(c, 404)
  return allowed(c, action, region, () => show(region))
}

/** The region and the other fields of a form, where this person may do this. */
export async function onForm(
  c: Ctx,
  action: Action,
  act: (region: RegionId, fields: Readonly<Record<string, string>>) => Promise<Response>,
) {
  const fields = Object.fromEntries(
    Object.entries(filled(await c.req.parseBody().catch(() => ({})))).map(([name, value]) => [
      name,
      cleanText(String(value), FIELD_MAX).trim(),
    ]),
  )
  const region = findRegion(fields.region ?? '')?.id
  return region ? allowed(c, action, region, () => act(region, fields)) : refuse(c, 'gone')
}

async function allowed(c: Ctx, action: Action, region: RegionId, run: () => Promise<Response>): Promise<Response> {
  if (!may(c.var.viewer, action, [region])) return refuse(c, 'foreign')
  try {
    return await run()
  } catch (error) {
    if (error instanceof TooLate) return refuse(c, 'away')
    throw error
  }
}

/** Whole for a browser, its middle alone for a form of these pages. */
export function page(c: Ctx, title: string, main: ReturnType<typeof RotaRefusal>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  const section = { href: '/rota', words: sayOf(c)('rota.title') }
  return c.html(
    <Office frame={frameOf(c)} title={title} section={section} styles={['rota']}>
      {main}
    </Office>,
    status,
  )
}

export const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('rota.away'), (status) =>
    page(c, sayOf(c)('rota.title'), <RotaRefusal lang={c.var.lang} why={why} />, status),
  )

type Fault = { field: string; code: string; message: string }

/** In the reader's language, by field; the first of each. */
export function wrongsOf(faults: readonly Fault[], say: Say, fieldOf = (field: string) => field): Wrongs {
  const wrongs: Record<string, string> = {}
  for (const { field, code, message } of faults) {
    const word = `rota.wrong.${code}`
    const n = /\d+/.exec(message)?.[0] ?? ''
    wrongs[fieldOf(field)] ??= isWord(word) ? say(word, { n }) : say('rota.wrong.other', { message })
  }
  return wrongs
}

/** The version that a form was made from; null where it names none. */
export const versionOf = (fields: Readonly<Record<string, string>>): number | null =>
  /^\d{1,15}$/.test(fields.version ?? '') ? Number(fields.version) : null

// The page on which an admin writes down whom a driver wants told. It is reached from the driver's device.

import { type Context, Hono } from 'hono'
import { nameOf, Office, Refusal } from '../../../views/devices/office'
import { KinForm, type KinTyped } from '../../../views/kin/form'
import type { Wrongs } from '../../../views/rota/office'
import type { Word } from '../../../views/words'
import { may } from '../../domain/access'
import { KIN_MOST, type KinFault } from '../../domain/kin-check'
import { TooLate } from '../../durable/deadline'
import { cleanText } from '../../ingest/text'
import type { AppEnv } from '../env'
import { type KinRead, keepKin, readKin } from '../kin'
import { filled } from './act-forms'
import { frameOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'
import { versionOf } from './rota-page'

type Ctx = Context<AppEnv>
type Status = 200 | 403 | 404 | 409 | 422 | 503

export const kin = new Hono<AppEnv>()
  .get('/drivers/:id/kin', (c) => ofDriver(c, async (found) => form(c, found, {})))
  .post('/drivers/:id/kin', (c) =>
    ofDriver(c, async (found) => {
      const fields = fieldsOf(filled(await c.req.parseBody().catch(() => ({}))))
      const rows = rowsOf(fields)
      const kept = rows.filter(({ name, relation, phone }) => name !== '' || relation !== '' || phone !== '')
      const written = kept.map(({ row: _, id, ...each }) => (id === '' ? each : { ...each, id }))
      const done = await keepKin(c.env, c.var.viewer, found, written, versionOf(fields) ?? found.kin?.version ?? 0)
      const say = sayOf(c)
      if (done.ok) {
        const { id: driverId, region } = found.driver
        const by = { by: c.var.viewer.uid, driverId, region, requestId: c.var.requestId }
        console.log(JSON.stringify({ level: 'info', message: 'a driver’s contacts were changed', ...by }))
        const words = say('kins.saved', { region: nameOf(region, frameOf(c).lang) })
        return form(c, { ...found, kin: done.saved }, { done: words })
      }
      if (done.why === 'gone') return refuse(c, 'gone')
      // What somebody else has saved is shown instead; what was only wrong stays to be mended.
      if (done.why === 'changed') {
        const now = (await readKin(c.env, found.driver.id)) ?? found
        return form(c, now, { wrongs: { form: say('kins.changed') }, status: 409 })
      }
      const wrongs = wrongsOf(c, done.why, (n) => kept[n]?.row ?? n)
      return form(c, found, { rows, wrongs, status: 422 })
    }),
  )

/** Finds the driver of the address, asks whether this person may, and only then does what was asked. */
async function ofDriver(c: Ctx, act: (found: KinRead) => Promise<Response>): Promise<Response> {
  try {
    const found = await readKin(c.env, c.req.param('id') ?? '')
    if (!found) return refuse(c, 'gone')
    return may(c.var.viewer, 'directory:write', [found.driver.region]) ? await act(found) : refuse(c, 'foreign')
  } catch (error) {
    if (error instanceof TooLate) return refuse(c, 'away')
    throw error
  }
}

type Showing = { rows?: readonly KinTyped[]; wrongs?: Wrongs; done?: string; status?: Status }

function form(c: Ctx, { driver, kin }: KinRead, { rows, wrongs = {}, done, status = 200 }: Showing) {
  const { lang, nonce } = frameOf(c)
  const given = { rows: rows ?? kin?.contacts ?? [], version: kin?.version ?? 0, most: KIN_MOST }
  const main = <KinForm {...{ lang, nonce, driver, wrongs }} {...given} done={done ?? null} />
  return page(c, sayOf(c)('kins.title', { name: driver.name }), main, status)
}

type Row = KinTyped & { row: number }

const rowsOf = (fields: Readonly<Record<string, string>>): Row[] =>
  Array.from({ length: KIN_MOST }, (_, row) => ({
    row,
    id: fields[`id${row}`] ?? '',
    name: (fields[`name${row}`] ?? '').slice(0, 80),
    relation: (fields[`relation${row}`] ?? '').slice(0, 40),
    phone: (fields[`phone${row}`] ?? '').slice(0, 20),
    lang: fields[`lang${row}`] === 'en' ? 'en' : 'fil',
  }))

const fieldsOf = (form: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [name, cleanText(String(value), 200).trim()]))

/** By the name of its input, the first of each. */
function wrongsOf(c: Ctx, faults: readonly KinFault[], rowOf: (n: number) => number): Wrongs {
  const wrongs: Record<string, string> = {}
  for (const { field, code } of faults) {
    const [, n, name] = /^contacts\.(\d+)\.(\w+)$/.exec(field) ?? []
    wrongs[n === undefined ? 'form' : `${name}${rowOf(Number(n))}`] ??= sayOf(c)(`kins.wrong.${code}` satisfies Word)
  }
  return wrongs
}

function page(c: Ctx, title: string, main: ReturnType<typeof KinForm>, status: Status) {
  if (c.req.header('hx-request')) return c.html(main, status)
  return c.html(
    <Office frame={frameOf(c)} title={title} styles={['rota']}>
      {main}
    </Office>,
    status,
  )
}

const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('device.away'), (status) =>
    page(c, sayOf(c)('kins.of'), <Refusal lang={c.var.lang} why={why} />, status),
  )

// A region's policy: whom it tells in which order, read by everybody at a desk; seconds and ways changed by those who look after it.

import { Hono } from 'hono'
import { nameOf } from '../../../views/devices/office'
import type { Wrongs } from '../../../views/rota/office'
import { PolicyPage } from '../../../views/rota/policy'
import { FIGURES, type Figure, figureOf, WAYS } from '../../../views/rota/policy-form'
import type { Word } from '../../../views/words'
import { may } from '../../domain/access'
import { defaultPolicy, type EscalationPolicy, type EscalationStep } from '../../domain/escalation-policy'
import { PRIORITIES } from '../../domain/incident'
import type { Channel } from '../../domain/page'
import { findRegion, type RegionId } from '../../domain/region'
import { listContacts, policyOf } from '../../store/duty'
import type { AppEnv } from '../env'
import { keepPolicy, withRota } from '../rota'
import { frameOf, sayOf } from './frame'
import { type Ctx, inRegion, onForm, page, type Status, versionOf, wrongsOf } from './rota-page'

type Fields = Readonly<Record<string, string>>

export const rotaPolicy = new Hono<AppEnv>()
  .get('/rota/policy', (c) => inRegion(c, 'rota:see', (region) => show(c, region, {})))
  .post('/rota/policy', (c) =>
    onForm(c, 'rota:manage', async (region, fields) => {
      const kept = await withRota(c.env, (db) => policyOf(db, region))
      const version = versionOf(fields) ?? 0
      // Steps are told apart by their place: what was typed for other steps cannot be laid over these.
      if (version !== (kept?.version ?? 0)) return show(c, region, { changed: true })
      const before = kept?.policy ?? defaultPolicy(region)
      const policy = fields.builtin === 'yes' ? defaultPolicy(region) : laidOver(before, fields)
      const done = await keepPolicy(c.env, c.var.viewer, policy, version)
      if (done.ok) return show(c, region, { done: 'rota.saved' })
      if (done.why === 'changed') return show(c, region, { changed: true })
      // What is wrong with the groups of a step stands beside all of its ways.
      const fieldOf = (field: string) => field.replace(/\.by\.\d+$/, '.by')
      return show(c, region, { typed: fields, wrongs: wrongsOf(done.why, sayOf(c), fieldOf), status: 422 })
    }),
  )

type Showing = { typed?: Fields; wrongs?: Wrongs; done?: Word; changed?: true; status?: Status }

async function show(c: Ctx, region: RegionId, showing: Showing): Promise<Response> {
  const say = sayOf(c)
  const { kept, contacts } = await withRota(c.env, async (db) => ({
    kept: await policyOf(db, region),
    contacts: await listContacts(db, region),
  }))
  const { lang, nonce } = frameOf(c)
  const view = (
    <PolicyPage
      {...{ lang, nonce, region, contacts }}
      regions={c.var.viewer.regions}
      policy={kept?.policy ?? defaultPolicy(region)}
      version={kept?.version ?? 0}
      changedAt={kept?.changedAt ?? null}
      mayManage={may(c.var.viewer, 'rota:manage', [region])}
      typed={showing.typed ?? null}
      wrongs={showing.changed ? { form: say('rota.wrong.changed') } : (showing.wrongs ?? {})}
      done={showing.done ? say(showing.done) : null}
    />
  )
  const status = showing.changed ? 409 : (showing.status ?? 200)
  return page(c, say('rota.policy_of', { region: nameOf(region, lang) }), view, status)
}

/** The policy with the seconds, ways and figures of a form; whatever is not in it stays. */
function laidOver(before: EscalationPolicy, fields: Fields): EscalationPolicy {
  const figure = (name: Figure, kept: number) => (fields[name] === undefined ? kept : whole(fields[name]))
  const kept = Object.fromEntries(FIGURES.map((name) => [name, figure(name, figureOf(before, name))])) as Record<
    Figure,
    number
  >
  const steps = Object.fromEntries(
    PRIORITIES.map((priority) => [
      priority,
      before.steps[priority].map((step, n) => stepOver(step, `steps.${priority}.${n}`, fields)),
    ]),
  ) as EscalationPolicy['steps']
  return {
    ...before,
    neighbour: findRegion(fields.neighbour ?? '')?.id ?? before.neighbour,
    steps,
    ackHoldsS: kept.ackHoldsS,
    bundleS: kept.bundleS,
    hourlyBudget: kept.hourlyBudget,
    towerDownS: kept.towerDownS,
    storm: {
      offeredAt: kept['storm.offeredAt'],
      ownAt: kept['storm.ownAt'],
      withinS: kept['storm.withinS'],
      repeatS: kept['storm.repeatS'],
    },
  }
}

function stepOver(step: EscalationStep, field: string, fields: Fields): EscalationStep {
  const after = fields[`${field}.afterS`]
  // Its seconds are required, so a step without them was not in the form.
  if (after === undefined) return step
  const every = fields[`${field}.everyS`]
  return {
    ...step,
    afterS: whole(after),
    everyS: every === undefined ? null : whole(every),
    by: waysOver(step, field, fields),
  }
}

/** Ways of one number are tried at once, in the order of the numbers. */
function waysOver(step: EscalationStep, field: string, fields: Fields): Channel[][] {
  if (step.by.length === 0) return step.by
  const groups = new Map<string, Channel[]>()
  for (const channel of WAYS) {
    const order = fields[`${field}.by.${channel}`] ?? 'none'
    if (/^[1-4]$/.test(order)) groups.set(order, [...(groups.get(order) ?? []), channel])
  }
  return [...groups].sort(([a], [b]) => Number(a) - Number(b)).map(([, group]) => group)
}

/** NaN, which is refused where it is judged, for what is no whole number. */
const whole = (typed: string): number => (/^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN)

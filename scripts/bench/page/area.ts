// A thousand drivers in an area hear one broadcast on their open lifelines, while others press: how many heard it, how soon the
// last, and what those who pressed meanwhile waited for their answers, beside what they waited just before.

import { startChild } from '../child'
import type { PositionLoad, PositionResult } from '../load/positions'
import type { Heard, PhonesPlan } from './phones'
import { type Pressed, paced, press, type Stage, targetOf } from './stage'
import { noteTimes } from './traces'

export const HEARD = 'phones in the area that heard it'
export const LAST = 'broadcast to the last phone'
export const BEFORE = 'answer to an SOS before it'
export const DURING = 'answer to an SOS during it'
export const UNCOUNTED = 'phones in the area that its count left out'

const REGION = 'NCR'
/** Where the bench's vehicles report from, with room around. */
const CORNERS = [
  { lat: 14.35, lng: 120.9 },
  { lat: 14.35, lng: 121.15 },
  { lat: 14.75, lng: 121.15 },
  { lat: 14.75, lng: 120.9 },
]
const PRESS_EVERY_MS = 25
const BEFORE_S = 5
/** Before those: so many presses become a storm, whose beginning is no fair measure to be compared with. */
const WARM_S = 10
/** Opening a thousand lifelines is work of its own. */
const REST_MS = 3_000
/** Presses go on for so long after the last phone has heard it; what was begun by it may still be under way. */
const AFTERWARDS_MS = 1_000
const LIMIT_MS = 30_000
const POSITIONS_PER_SECOND = 250

type Preview = { id: string; counts: { devices: number } }

export async function broadcast(stage: Stage, plan: { phones: number }): Promise<void> {
  const { notebook, log, admin } = stage
  const phones = startChild('page/phones.ts', 'load')
  const generator = startChild('load/generator.ts', 'load')
  try {
    const target = targetOf(stage, REGION, 'area')
    await phones.ask('open', { target, phones: plan.phones } satisfies PhonesPlan)
    const placing: PositionLoad = {
      target,
      vehicles: plan.phones,
      perMessage: 1,
      seconds: plan.phones / POSITIONS_PER_SECOND,
      connections: 16,
      rate: POSITIONS_PER_SECOND,
    }
    const { taken } = await generator.ask<PositionResult>('positionsByHttp', placing)
    if (taken < plan.phones) throw new Error(`only ${taken} phones could say where they are`)
    await Bun.sleep(REST_MS)
    const presses = targetOf(stage, REGION, 'area-presses')
    const warm = (WARM_S * 1_000) / PRESS_EVERY_MS
    const count = warm + (BEFORE_S * 1_000) / PRESS_EVERY_MS
    const before = (await paced(count, PRESS_EVERY_MS, (n) => press(presses, n))).slice(warm)
    const { body: previewed } = await admin.post<Preview>(`/api/regions/${REGION}/areas/preview`, draft())
    if (!previewed.counts) throw new Error(`no broadcast was counted: ${JSON.stringify(previewed)}`)
    const { id, counts } = previewed

    const during = pressing((n) => press(presses, count + n))
    await Bun.sleep(500)
    const from = Date.now()
    const { status } = await admin.post(`/api/regions/${REGION}/areas`, { preview: id, devices: counts.devices })
    if (status >= 300) throw new Error(`the broadcast was answered ${status}`)
    const heard = await allHeard(() => phones.ask<Heard>('heard'), plan.phones)
    await Bun.sleep(AFTERWARDS_MS)
    const until = (heard.lastAt ?? Date.now()) + AFTERWARDS_MS
    const meanwhile = (await during.stop()).filter(({ at }) => at >= from && at <= until)

    notebook.note('tower', HEARD, (100 * heard.phones) / plan.phones, '%')
    notebook.note('tower', LAST, heard.lastAt === null ? Number.NaN : heard.lastAt - from, 'ms')
    notebook.note(
      'tower',
      'broadcast to the first phone',
      heard.firstAt === null ? Number.NaN : heard.firstAt - from,
      'ms',
    )
    notebook.note('tower', 'phones that heard it twice', heard.repeats, 'count')
    notebook.note('tower', UNCOUNTED, Math.max(0, plan.phones - counts.devices), 'count')
    noteTimes(
      stage,
      BEFORE,
      before.map(({ answeredMs }) => answeredMs),
    )
    noteTimes(
      stage,
      DURING,
      meanwhile.map(({ answeredMs }) => answeredMs),
    )
    log(`${HEARD}: ${heard.phones} of ${plan.phones}; beside ${meanwhile.length} presses`)
  } finally {
    await phones.ask('close').catch(() => {})
    await phones.stop()
    await generator.stop()
  }
}

const draft = () => ({
  kind: 'flood',
  place: 'Marikina and Pasig',
  corners: CORNERS,
  until: new Date(Date.now() + 3_600_000).toISOString(),
})

/** Until it is stopped; gives all that were answered. */
function pressing(one: (n: number) => Promise<Pressed>): { stop(): Promise<Pressed[]> } {
  const under: Promise<Pressed>[] = []
  const timer = setInterval(() => {
    const next = one(under.length)
    next.catch(() => {})
    under.push(next)
  }, PRESS_EVERY_MS)
  return {
    stop: () => {
      clearInterval(timer)
      return Promise.all(under)
    },
  }
}

async function allHeard(ask: () => Promise<Heard>, wanted: number): Promise<Heard> {
  const until = Date.now() + LIMIT_MS
  for (;;) {
    const heard = await ask()
    if (heard.phones >= wanted || Date.now() > until) return heard
    await Bun.sleep(50)
  }
}

// The process in which everybody of the mixed load lives: phones that report on a schedule, and people and cases that begin on one.

import { answer } from '../child'
import { intendedAt, run } from '../load/pace'
import { type Strain, StrainGauge } from '../load/strain'
import { Caller, type Touched } from './call'
import { handle, mend } from './journeys/case'
import * as office from './journeys/office'
import { ask, logInAndOut, openPages } from './journeys/pages'
import { openSockets, pressUnverified, reportByApp, takeBack } from './journeys/phone'
import { placeOf, World, type WorldPlan } from './world'

/** Per second each; `reports` are messages of positions. */
export type Rates = Record<keyof typeof JOURNEYS | 'reports', number>
export type PeoplePlan = { world: WorldPlan; rates: Rates; seconds: number }
/** `begun`: journeys, by name. `unfinished`: those that threw, with why. */
export type PeopleResult = {
  touched: Record<string, Touched>
  begun: Record<string, number>
  unfinished: string[]
  strain: Strain
}

const JOURNEYS = {
  handle,
  mend,
  takeBack,
  reportByApp,
  openSockets,
  pressUnverified,
  keepRota: office.keepRota,
  keepPeople: office.keepPeople,
  drawFences: office.drawFences,
  weather: office.weather,
  alertArea: office.alertArea,
  drill: office.drill,
  lookAfter: office.lookAfter,
  read: office.read,
  openPages,
  ask,
  logInAndOut,
} as const

const READY_MS = 50
const FIXES_PER_REPORT = 3

answer({
  run: async ({ world: plan, rates, seconds }: PeoplePlan): Promise<PeopleResult> => {
    const api = new Caller(plan.url)
    const world = new World(api, plan)
    const gauge = new StrainGauge()
    const begun: Record<string, number> = {}
    const unfinished: string[] = []
    const under: Promise<void>[] = []
    const schedule = (rate: number, begin: (n: number, at: number) => Promise<unknown>) => {
      // Each kind at a moment of its own, and at least once.
      const total = Math.max(1, Math.round(rate * seconds))
      const pace = { rate, startAt: performance.now() + READY_MS + (Math.random() * 1000) / rate, total }
      const last = Math.min(intendedAt(pace, total - 1), performance.now() + seconds * 1000)
      const hurried = { ...pace, startAt: Math.min(pace.startAt, last) }
      return run(
        hurried,
        () => performance.now(),
        (n, at) => {
          gauge.sent(performance.now() - at)
          under.push(begin(n, at).then(() => {}))
        },
      )
    }
    const journeys = Object.entries(JOURNEYS).map(([name, journey]) =>
      schedule(rates[name as keyof typeof JOURNEYS], async () => {
        begun[name] = (begun[name] ?? 0) + 1
        await journey(world).catch((error: unknown) => void unfinished.push(`${name}: ${String(error)}`))
      }),
    )
    const tokens = plan.crews.map((crew) => world.deviceToken(crew))
    const reports = schedule(rates.reports, (n, at) => {
      const crew = plan.crews[n % plan.crews.length] as WorldPlan['crews'][number]
      const token = tokens[n % tokens.length] as string
      const positions = Array.from({ length: FIXES_PER_REPORT }, () => placeOf(crew))
      return api.call('POST', '/api/positions', {}, { token, json: { positions }, at })
    })
    await Promise.all([...journeys, reports])
    const strain = gauge.read()
    await Promise.all(under)
    return { touched: api.touched(), begun, unfinished, strain }
  },
})

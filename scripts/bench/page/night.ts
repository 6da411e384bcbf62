// A bad night: 400 SOS in ten minutes before six people who ask for NEXT, take it, act, and are done with it after a while. A
// P1 that sounds is worth laying the rest down for. What came of it is read from the room's log.

import type { Kind } from '../../../src/domain/press'
import type { Desk, Screen } from './desk'
import { judgeOrder, type Step } from './night-order'
import type { Asked } from './provider'
import { archived, OPERATORS, paced, press, type Stage, targetOf } from './stage'
import { noteTimes } from './traces'

export const OUT_OF_ORDER = 'others taken while a P1 waited'
export const LEFT = 'P1 that nobody took'
export const PAGES = 'pages to one lead'

const REGION = 'NCR'
/** A hand is at a P1 and at anything else for so long; and a moment goes by until a P1 that sounds is heeded. */
const P1_MS = 45_000
const OTHER_MS = 15_000
const HEEDED_AFTER_MS = 3_000
const IDLE_MS = 250

/** One in ten is in danger of life; the rest is water. */
const kindOf = (n: number): Kind => (n % 10 === 0 ? (n % 20 === 0 ? 'panic' : 'crash') : 'flood')

export async function badNight(stage: Stage, plan: { presses: number; seconds: number }): Promise<void> {
  const { notebook, log, provider } = stage
  const asked = (await provider.ask<Asked[]>('asked')).length
  const desks: Desk[] = []
  for (let n = 0; n < OPERATORS; n++) desks.push(await stage.operator(n))
  const screens = await Promise.all(desks.map((desk) => desk.screen(REGION)))
  const night = { over: false }
  const target = targetOf(stage, REGION, 'night')
  const work = desks.map((desk, n) => shift(desk, screens[n] as Screen, night))
  const from = Date.now()
  const pressed = await paced(plan.presses, (plan.seconds * 1_000) / plan.presses, (n) => press(target, n, kindOf(n)))
  // The last P1 may have come this moment.
  await Bun.sleep(HEEDED_AFTER_MS + 2_000)
  night.over = true
  const handled = (await Promise.all(work)).reduce((sum, each) => sum + each, 0)
  for (const screen of screens) screen.close()

  await archived(stage)
  const p1 = new Set(pressed.flatMap(({ sosId }, n) => (kindOf(n) === 'flood' ? [] : [sosId])))
  const { waited, left, outOfOrder } = judgeOrder(await stepsOf(stage, from), (id) => p1.has(id))
  noteTimes(
    stage,
    'P1 to its taking',
    waited.map(({ ms }) => ms),
  )
  notebook.note('tower', OUT_OF_ORDER, outOfOrder.length, 'count')
  notebook.note('tower', LEFT, left.length, 'count')
  notebook.note('tower', 'incidents that six people took', handled, 'count')
  const pages = await pagesByContact(stage, from)
  notebook.note('tower', PAGES, Math.max(0, ...pages), 'count')
  notebook.note(
    'tower',
    'pages to all people on duty',
    pages.reduce((sum, each) => sum + each, 0),
    'count',
  )
  const rung = (await provider.ask<Asked[]>('asked')).slice(asked)
  notebook.note('tower', 'calls and texts to one number', most(rung.map(({ to }) => to)), 'count')
  noteTimes(
    stage,
    'answer to an SOS of that night',
    pressed.map(({ answeredMs }) => answeredMs),
  )
  log(`a night of ${plan.presses}: ${waited.length} P1 taken, ${outOfOrder.length} out of order, ${left.length} left`)
}

/** One person's night. Gives how many they took. */
async function shift(desk: Desk, { cards }: Screen, night: { over: boolean }): Promise<number> {
  let taken = 0
  while (!night.over) {
    const { body } = await desk.post<{ incident: { id: string; priority: string } | null }>(
      `/api/regions/${REGION}/next`,
    )
    if (!body.incident) {
      await Bun.sleep(IDLE_MS)
      continue
    }
    const { id, priority } = body.incident
    const { status } = await desk.act(id, 'take')
    // Somebody was quicker, which is nothing bad.
    if (status !== 200) continue
    taken++
    await desk.act(id, 'note', { text: 'Called.' })
    const until = Date.now() + (priority === 'P1' ? P1_MS : OTHER_MS)
    while (Date.now() < until && !night.over) {
      await Bun.sleep(IDLE_MS)
      if (priority !== 'P1' && isP1Waiting(cards)) break
    }
    await desk.act(id, 'safe', { confirmedBy: 'own_voice' })
  }
  return taken
}

const isP1Waiting = (cards: Screen['cards']): boolean =>
  [...cards.values()].some(
    ({ priority, owner, state, alarmedAt }) =>
      priority === 'P1' && owner === null && state === 'new' && Date.parse(alarmedAt) + HEEDED_AFTER_MS <= Date.now(),
  )

async function stepsOf({ sql }: Stage, from: number): Promise<Step[]> {
  return sql<Step[]>`
    SELECT type, incident, (extract(epoch FROM at) * 1000)::float8 AS at, (body ->> 'until')::float8 AS until,
      CASE WHEN type = 'leased' THEN body ->> 'to' ELSE actor ->> 'uid' END AS to
    FROM incident_event
    WHERE room = ${REGION} AND at >= to_timestamp(${from}::float8 / 1000) AND incident IS NOT NULL
      AND type IN ('created', 'taken', 'released', 'passed', 'reopened', 'leased', 'safe')
    ORDER BY at, seq`
}

/** How many each person on duty was sent, single ones and those of the storm, by the room's decisions. */
async function pagesByContact({ sql }: Stage, from: number): Promise<number[]> {
  const rows = await sql<{ pages: number }[]>`
    SELECT count(*)::int AS pages FROM incident_event, jsonb_array_elements(body -> 'to') AS told
    WHERE room = ${REGION} AND type = 'escalated' AND at >= to_timestamp(${from}::float8 / 1000)
    GROUP BY told ->> 'id'`
  return rows.map(({ pages }) => pages)
}

const most = (all: readonly string[]): number =>
  Math.max(0, ...[...Map.groupBy(all, (each) => each).values()].map((same) => same.length))

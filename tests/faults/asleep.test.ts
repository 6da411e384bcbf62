// R7: an intake hibernates while its lifelines are open. What happens then still reaches each phone, by the socket that it has.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { TickReport } from '../../src/sentinel/contract'
import { startTestTower } from '../support/tower'
import { Lifeline, Person, press, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger } from './phones'

let tower: Tower
let ana: Person

beforeCampaign(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const LINES = sized(20, 100, 1_000)
/** workerd lets an object go that has had nothing to do for 10 s; an intake looks 5 s after a press whether its room has it. */
const SLEEPS_AFTER_MS = 19_000

/** Since when each intake of the region that holds lifelines is in memory. */
async function awakeSince(): Promise<Map<string, number>> {
  const { intakes } = (await tower.tick()) as TickReport
  return new Map(
    intakes.flatMap((each) =>
      'lifelines' in each && each.name.startsWith('NCR:') && each.lifelines > 0
        ? [[each.name, each.awakeSince ?? 0]]
        : [],
    ),
  )
}

campaign(
  'R7 after hibernation each open lifeline hears what becomes of its press, answers, and is counted',
  async () => {
    const devices = Array.from({ length: LINES }, () => aStranger(tower, 'NCR', 'asleep'))
    const lines = await Promise.all(devices.map((device) => Lifeline.open(tower, device)))
    const sosIds = await Promise.all(
      lines.map(async (line) => String((await line.ask({ id: crypto.randomUUID(), kind: 'crash' })).sosId)),
    )
    await until(async () => (await ana.queue()).length > 0)
    const awake = await awakeSince()
    expect([...awake.values()].every((at) => at > 0)).toBe(true)
    // Nobody asks an intake anything, but the Sentinel: its canary goes to one of two at a time, every 20 s.
    await Bun.sleep(SLEEPS_AFTER_MS)
    const slept = Date.now()
    const began = performance.now()
    // The push of a status finds each socket by its tag, in an object that has just been made anew.
    for (const id of sosIds) expect((await ana.act(id, 'take')).status).toBe(200)
    await until(
      () =>
        lines.every((line, n) =>
          line.heard.some(({ t, sosId, state }) => t === 'status' && sosId === sosIds[n] && state === 'taken'),
        ),
      20_000,
      'the take on every line',
    )
    const toldMs = performance.now() - began
    const since = await awakeSince()
    const reborn = [...since].filter(([name, at]) => at > (awake.get(name) ?? 0))
    // One that never slept would have shown nothing.
    expect(reborn.length).toBeGreaterThan(0)
    expect(reborn.every(([, at]) => at <= Date.now() && at > slept - SLEEPS_AFTER_MS)).toBe(true)
    // Presses by the same sockets are their own devices'.
    const again = await Promise.all(lines.map((line) => line.ask({ id: crypto.randomUUID(), kind: 'crash' })))
    expect(again.map(({ t }) => t)).toEqual(lines.map(() => 'received'))
    const counts = await Promise.all(sosIds.map(async (id) => (await ana.incident(id)).pressCount))
    await until(
      async () =>
        (await Promise.all(sosIds.map(async (id) => (await ana.incident(id)).pressCount))).every((n) => n === 2),
      20_000,
      `the second presses (${counts})`,
    )
    const { lost, doubled } = await accountFor(
      tower,
      sosIds.map((sosId) => ({ sosId })),
    )
    expect([lost, doubled]).toEqual([0, 0])
    const { status } = await press(tower, aStranger(tower), { kind: 'crash' })
    expect(status).toBe(201)
    for (const line of lines) line.socket.close()
    tell({
      fault: 'R7',
      did: `${LINES} lifelines open while ${reborn.length} of ${since.size} intakes slept`,
      ...{ answered: LINES * 2, lost, doubled, convergedMs: toldMs },
      seen: `every phone heard of its take by the socket that it had; its next press was its own`,
    })
  },
  120_000,
)

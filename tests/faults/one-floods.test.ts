// R42: one driver's phone that has gone mad. What it sends beside cries is cut short, its cries never are, and nobody else waits.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { QUESTIONS_AT_ONCE, QUESTIONS_PER_SECOND } from '../../src/intake/chatter'
import { startTestTower } from '../support/tower'
import { Lifeline, Person, roomHealth, until } from '../system/people'
import { accountFor, aStranger, pressing, quantile } from './phones'

let tower: Tower
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const FRAMES_PER_SECOND = 2_000
const LASTS_MS = sized(3_000, 8_000, 60_000)

test('R42 a flood on one lifeline: its cries are taken, one incident stands for them, and other presses keep their pace', async () => {
  const before = pressing(tower, 20, { name: 'before' })
  await Bun.sleep(LASTS_MS)
  const calm = await before.stop()

  const mad = aStranger(tower, 'NCR', 'mad')
  const line = await Lifeline.open(tower, mad)
  const logBefore = (await roomHealth(tower)).seq
  const beside = pressing(tower, 20, { name: 'beside' })
  const began = performance.now()
  let sent = 0
  const cries: string[] = []
  while (performance.now() - began < LASTS_MS) {
    const due = ((performance.now() - began) * FRAMES_PER_SECOND) / 1_000
    for (; sent < due; sent++) {
      // One in a hundred is a cry of its own; of the others some are known, some are no sense.
      if (sent % 100 === 0) {
        const id = crypto.randomUUID()
        cries.push(id)
        line.socket.send(JSON.stringify({ id, kind: 'panic', ref: id }))
      } else if (sent % 2 === 0) line.socket.send(JSON.stringify({ status: crypto.randomUUID() }))
      else line.socket.send(JSON.stringify({ t: 'ping' }))
    }
    await Bun.sleep(5)
  }
  const others = await beside.stop()
  await until(
    () => cries.every((id) => line.heard.some(({ ref, t }) => ref === id && t === 'received')),
    30_000,
    'an answer to each cry',
  )
  const answeredMs = performance.now() - began - LASTS_MS
  const sosIds = line.heard.flatMap(({ t, sosId }) => (t === 'received' && sosId ? [sosId] : []))
  const [first = ''] = sosIds
  const incident = await until(
    async () => {
      const { status, body } = await ana.get<{ incident: { pressCount: number } }>(`/api/incidents/${first}`)
      return status === 200 && body.incident.pressCount >= cries.length ? body.incident : null
    },
    20_000,
    'all cries in the count of one incident',
  )
  const { lost, doubled } = await accountFor(tower, others)
  expect([lost, doubled]).toEqual([0, 0])
  // The log grows by what others do, and by the first few of the flood.
  const grew = (await roomHealth(tower)).seq - logBefore
  expect(grew).toBeLessThan(others.length * 6 + 100)
  const answers = line.heard.filter(({ t }) => t !== 'received').length
  expect(answers).toBeLessThan(QUESTIONS_AT_ONCE + (QUESTIONS_PER_SECOND * (LASTS_MS + 2_000)) / 1_000)
  line.socket.close()
  tell({
    fault: 'R42',
    did: `${sent} frames by one lifeline in ${LASTS_MS / 1_000} s, ${cries.length} of them cries`,
    answered: cries.length + others.length,
    ...{ lost: lost + cries.length - sosIds.length, doubled, convergedMs: answeredMs },
    seen:
      `one incident of ${incident.pressCount} presses; ${answers} of ${sent - cries.length} other frames answered; presses beside it p99 ` +
      `${Math.round(
        quantile(
          others.map(({ ms }) => ms),
          0.99,
        ),
      )} ms, before ${Math.round(
        quantile(
          calm.map(({ ms }) => ms),
          0.99,
        ),
      )} ms`,
  })
}, 120_000)

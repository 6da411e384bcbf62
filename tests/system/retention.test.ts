// What is older than its retention is forgotten by the running tower itself, and its watch says how much.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import type { TickReport } from '../../src/sentinel/contract'
import { startTestTower } from '../support/tower'
import { until } from './people'

let tower: Tower
beforeAll(async () => {
  tower = await startTestTower()
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

test('the first round of a tower that was just started forgets what is old, and its report says so', async () => {
  const report = await until(
    async () => {
      const { forgotten } = (await tower.tick()) as TickReport
      return typeof forgotten === 'object' ? forgotten : null
    },
    20_000,
    'the first round',
  )
  expect(report).toEqual({ attempt: 0, share_view: 0, broadcast_answer: 0, drill_result: 0 })
}, 40_000)

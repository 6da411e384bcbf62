// R9 and R10: Postgres is down for long under load, and dies in the middle of inserts. Presses do not notice; afterwards it has every
// row of the rooms and of the vehicles, once.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, Person, roomHealth, Screen, until } from '../system/people'
import { compareArchive, drive, positionRows } from './archive'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger, pressing, quantile } from './phones'

let tower: Tower
let ana: Person

beforeCampaign(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const PER_SECOND = sized(5, 10, 50)
/** A limit, not a measure: how long it took is in the line. */
const CATCHES_UP_MS = 400_000
const VEHICLES = sized(10, 40, 200)

campaign(
  'R9 down for long under load: presses as ever, the outbox holds all of it, and it drains in order, row for row',
  async () => {
    const DOWN_MS = sized(6_000, 45_000, 600_000)
    const screen = await Screen.open(ana)
    const vehicles = Array.from({ length: VEHICLES }, () => aStranger(tower, 'NCR', 'taxi'))
    const driving = await drive(tower, vehicles)
    const calm = pressing(tower, PER_SECOND, { name: 'calm' })
    await Bun.sleep(sized(4_000, 10_000, 30_000))
    const before = await calm.stop()

    const stream = pressing(tower, PER_SECOND, { name: 'down' })
    await tower.postgres?.stop()
    const down = performance.now()
    let most = 0
    let degraded = ''
    while (performance.now() - down < DOWN_MS) {
      await Bun.sleep(1_000)
      most = Math.max(most, (await roomHealth(tower)).outbox)
      degraded = (await call<{ degraded: string[] }>(`${tower.url}/api/health`)).body.degraded.join() || degraded
    }
    const during = await stream.stop()
    await tower.postgres?.start()
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const taken = await driving.stop()
    const { lost, doubled } = await accountFor(tower, [...before, ...during])
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    expect(during.every(({ sosId }) => screen.cards.has(sosId))).toBe(true)
    // What it held is what was logged, and no more.
    expect(most).toBeLessThanOrEqual(compared.rows)
    expect(degraded).toContain('postgres')
    await until(
      async () => (await positionRows(tower, vehicles)).different >= taken,
      30_000,
      'all positions in Postgres',
    )
    expect(await positionRows(tower, vehicles)).toEqual({ rows: taken, different: taken })
    screen.close()
    const p99 = (all: typeof before) =>
      Math.round(
        quantile(
          all.map(({ ms }) => ms),
          0.99,
        ),
      )
    tell({
      fault: 'R9',
      did: `Postgres down for ${DOWN_MS / 1_000} s under ${PER_SECOND} presses and ${VEHICLES * 4} positions a second`,
      ...{ answered: before.length + during.length, lost, doubled, convergedMs: compared.caughtUpMs },
      seen:
        `answers p99 ${p99(during)} ms, before ${p99(before)} ms; every card on the screen; ${most} lines waited; ${compared.rows} rows equal, ` +
        `${taken} positions once each; health says ${degraded}`,
    })
  },
  2_400_000,
)

campaign(
  'R10 kill -9 of the whole server in the middle of inserts: no half batch, nothing twice',
  async () => {
    const KILLS = sized(2, 4, 20)
    const vehicles = Array.from({ length: VEHICLES }, () => aStranger(tower, 'NCR', 'bus'))
    const driving = await drive(tower, vehicles)
    const stream = pressing(tower, PER_SECOND, { name: 'inserts' })
    const upMs: number[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      // The archive's drain runs a second after a change: somewhere in it.
      await Bun.sleep(1_500 + Math.random() * 1_500)
      const pid = tower.postgres?.pid ?? 0
      expect(pid).toBeGreaterThan(0)
      const began = performance.now()
      process.kill(pid, 'SIGKILL')
      await until(() => (tower.postgres?.pid ?? 0) > 0 && tower.postgres?.pid !== pid, 90_000, 'the next server')
      upMs.push(performance.now() - began)
    }
    await Bun.sleep(1_000)
    const pressed = await stream.stop()
    const taken = await driving.stop()
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    await until(
      async () => (await positionRows(tower, vehicles)).different >= taken,
      60_000,
      'all positions in Postgres',
    )
    expect(await positionRows(tower, vehicles)).toEqual({ rows: taken, different: taken })
    tell({
      fault: 'R10',
      did: `kill -9 of the postmaster ${KILLS} times under ${PER_SECOND} presses and ${VEHICLES * 4} positions a second`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: compared.caughtUpMs },
      seen:
        `Postgres back by itself after ${Math.round(Math.max(...upMs))} ms at most; ${compared.rows} rows equal, ${taken} positions once each; ` +
        `answers p99 ${Math.round(
          quantile(
            pressed.map(({ ms }) => ms),
            0.99,
          ),
        )} ms`,
    })
  },
  900_000,
)

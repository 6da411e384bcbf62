// R38 and R41: every socket is lost at once, by death or by a new start, while phones press. All come back by themselves, and
// what each screen shows then is what the room has.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { startTestTower } from '../support/tower'
import { Person, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { type Answered, accountFor, aStranger, pressing, quantile } from './phones'
import { ReturningPhone, ReturningScreen } from './returning'

let tower: Tower
let ana: Person
let ben: Person

beforeCampaign(async () => {
  tower = await startTestTower()
  ;[ana, ben] = await Promise.all([
    Person.logIn(tower, { role: 'operator', nth: 0 }),
    Person.logIn(tower, { role: 'operator', nth: 1 }),
  ])
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const SCREENS = sized(10, 40, 200)
const PHONES = sized(200, 1_000, 6_000)
const BACK_WITHIN_MS = 60_000

/** Of the room's own present state: what this screen has otherwise, or not at all. */
async function missedBy(screens: ReturningScreen[], pressed: readonly Answered[]): Promise<number> {
  const { body } = await ana.get<{ incidents: IncidentSummary[] }>('/api/incidents?region=NCR&status=all&limit=1000')
  const found = new Map(body.incidents.map((incident) => [incident.id, incident]))
  let missed = 0
  for (const screen of screens)
    for (const { sosId } of pressed)
      if (!found.has(sosId) || screen.cards.get(sosId)?.seq !== found.get(sosId)?.seq) missed++
  return missed
}

const settled = (screens: ReturningScreen[], pressed: readonly Answered[]) =>
  until(
    async () => {
      if (screens.every(({ cards }) => pressed.every(({ sosId }) => cards.has(sosId)))) return true
      await Bun.sleep(200)
      return false
    },
    30_000,
    'every press on every screen',
  )

campaign(
  'R38 all sockets are lost by kill -9 under presses: all are back within a minute, and no screen has missed anything',
  async () => {
    const screens = Array.from({ length: SCREENS }, (_, n) => new ReturningScreen(n % 2 ? ana : ben, 'NCR'))
    const phones: ReturningPhone[] = []
    for (let n = 0; n < PHONES; n++) {
      phones.push(new ReturningPhone(tower, aStranger(tower, 'NCR', 'on-shift')))
      if (n % 50 === 49) await Bun.sleep(50)
    }
    await until(
      () => screens.every(({ isLive }) => isLive) && phones.every(({ isOpen }) => isOpen),
      60_000,
      'all sockets',
    )
    const stream = pressing(tower, 10, { name: 'storm' })
    await Bun.sleep(2_000)
    const killed = Date.now()
    await tower.worker.kill('SIGKILL')
    await tower.worker.ready()
    const upMs = Date.now() - killed
    await until(
      async () => {
        if (screens.every(({ isLive }) => isLive) && phones.every(({ isOpen }) => isOpen)) return true
        await Bun.sleep(50)
        return false
      },
      BACK_WITHIN_MS,
      'all sockets again',
    )
    const backMs = [...screens.map(({ liveAt }) => liveAt), ...phones.map(({ openedAt }) => openedAt)].map(
      (at) => at - killed,
    )
    await Bun.sleep(1_000)
    const pressed = await stream.stop()
    await settled(screens, pressed)
    const missed = await missedBy(screens, pressed)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled, missed]).toEqual([0, 0, 0])
    const bySeq = screens.filter(({ caughtUpBy }) => !caughtUpBy.includes('snapshot')).length
    for (const each of [...screens, ...phones]) each.close()
    tell({
      fault: 'R38',
      did: `${SCREENS} screens and ${PHONES} lifelines lost at once by kill -9`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: Math.max(...backMs) },
      seen:
        `the tower was up after ${upMs} ms, half of the sockets back after ${quantile(backMs, 0.5)} ms; ${bySeq} of ${SCREENS} screens ` +
        `caught up by seq, and missed ${missed}`,
    })
  },
  180_000,
)

campaign(
  'R41 the tower is started again under presses: screens resume from their seq, and phones’ presses all arrive',
  async () => {
    const screens = Array.from({ length: SCREENS }, (_, n) => new ReturningScreen(n % 2 ? ana : ben, 'NCR'))
    await until(() => screens.every(({ isLive }) => isLive), 20_000, 'all screens')
    const stream = pressing(tower, 20, { name: 'restart' })
    const TIMES = sized(1, 2, 5)
    const backMs: number[] = []
    for (let n = 0; n < TIMES; n++) {
      await Bun.sleep(1_500)
      const began = Date.now()
      await tower.worker.restart()
      await until(
        async () => {
          if (screens.every(({ isLive, connects }) => isLive && connects >= n + 2)) return true
          await Bun.sleep(20)
          return false
        },
        BACK_WITHIN_MS,
        'all screens again',
      )
      backMs.push(...screens.map(({ liveAt }) => liveAt - began))
    }
    await Bun.sleep(1_000)
    const pressed = await stream.stop()
    await settled(screens, pressed)
    const missed = await missedBy(screens, pressed)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled, missed]).toEqual([0, 0, 0])
    const codes = [...new Set(screens.flatMap((each) => each.codes))]
    const retried = pressed.filter(({ tries }) => tries > 1).length
    for (const each of screens) each.close()
    tell({
      fault: 'R41',
      did: `started again ${TIMES} times under 20 presses a second`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: Math.max(...backMs) },
      seen:
        `${SCREENS} screens closed with ${codes.join(', ')}, back after ${quantile(backMs, 0.5)} ms (half), missed ${missed}; ${retried} presses ` +
        `needed another try, the longest ${Math.round(Math.max(...pressed.map(({ ms }) => ms)))} ms`,
    })
  },
  120_000,
)

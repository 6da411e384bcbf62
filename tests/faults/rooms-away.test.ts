// Every room of every region is dead at once, under load: presses are answered, are on screens in less than six seconds, and ring the
// duty phones by the intakes' own way; when the rooms are back, all of it is in order, and nobody is told twice.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import type { UnplacedCard } from '../../src/intake/contract'
import { WaysOut } from '../support/ways-out'
import { type Person, Screen, until } from '../system/people'
import { drive } from './archive'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger, pressing, quantile } from './phones'

let ways: WaysOut
beforeCampaign(async () => {
  ways = await WaysOut.start({ settings: { FAULTS: 'on' } })
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

/** A screen whose socket is gone asks so often past the room. */
const ASKS_EVERY_MS = 2_000
const AWAY_MS = sized(9_000, 20_000, 300_000)
const PER_SECOND = sized(1, 2, 10)

const fault = (region: RegionId, what: 'dead' | 'alive') =>
  fetch(`${ways.tower.internalUrl}/faults/rooms/${region}/${what}`, { method: 'POST' })

/** What a screen without its room does: asks the intakes of the region, and remembers when it first saw a press. */
function watchPast(desk: Person, region: RegionId): { seenAt: Map<string, number>; stop(): Promise<void> } {
  const seenAt = new Map<string, number>()
  let over = false
  const asking = (async () => {
    while (!over) {
      const { status, body } = await desk.get<{ cards: UnplacedCard[] }>(`/api/regions/${region}/unplaced`)
      if (status === 200) for (const { sosId } of body.cards) if (!seenAt.has(sosId)) seenAt.set(sosId, Date.now())
      await Bun.sleep(ASKS_EVERY_MS)
    }
  })()
  return {
    seenAt,
    stop: () => {
      over = true
      return asking
    },
  }
}

campaign(
  'ROOMS all of them dead under load: on screens in less than 6 s, duty phones rung past them, and all in order afterwards',
  async () => {
    const desks = await Promise.all(REGION_IDS.map(async (region) => ({ region, desk: await ways.desk(region) })))
    // The intakes know their duty card from a reply of the room, and the ladder of each region begins with it.
    for (const { region } of desks) {
      await ways.lead(region, [['voice', 'sms']])
      const known = await ways.press(region)
      await until(async () => (await (await ways.desk(region)).get(`/api/incidents/${known.id}`)).status === 200)
      await ways.taken(region, known.id)
    }
    const cards = new Map(
      await Promise.all(desks.map(async ({ region }) => [region, await ways.dutyCard(region)] as const)),
    )
    const screens = await Promise.all(desks.map(({ desk, region }) => Screen.open(desk, { region })))
    const driving = await drive(
      ways.tower,
      Array.from({ length: 20 }, () => aStranger(ways.tower, 'NCR', 'drives')),
    )

    await Promise.all(REGION_IDS.map((region) => fault(region, 'dead')))
    const dead = Date.now()
    await until(() => screens.every(({ closed }) => closed !== null), 10_000, 'the sockets that say so')
    const watches = desks.map(({ desk, region }) => ({ region, ...watchPast(desk, region) }))
    const told = ways.twilio.requests.length
    // Singly told, of drivers that the directory knows; and a stream beside them.
    const singles = await Promise.all(REGION_IDS.map(async (region) => ({ region, ...(await ways.press(region)) })))
    const streams = REGION_IDS.map((region) => ({
      region,
      stream: pressing(ways.tower, PER_SECOND, { region, name: `away-${region}` }),
    }))
    const rang = await Promise.all(
      singles.map(async ({ region, at }) => {
        const to = cards.get(region) ?? []
        const first = await until(
          () => ways.twilio.requests.slice(told).find((each) => each.kind !== 'poll' && to.includes(each.to)),
          20_000,
          `the duty card of ${region}`,
        )
        return first.at - at
      }),
    )
    await Bun.sleep(Math.max(0, AWAY_MS - (Date.now() - dead)))
    const pressed = await Promise.all(
      streams.map(async ({ region, stream }) => ({ region, answers: await stream.stop() })),
    )
    // Whoever has waited long enough must have been seen.
    await Bun.sleep(ASKS_EVERY_MS + 2_500)
    for (const watch of watches) await watch.stop()
    const shownMs = singles.map(({ region, id, at }) => {
      const seen = watches.find((each) => each.region === region)?.seenAt.get(id)
      return (seen ?? Number.NaN) - at
    })
    const unseen = pressed.flatMap(({ region, answers }) =>
      answers.filter(({ sosId }) => !watches.find((each) => each.region === region)?.seenAt.has(sosId)),
    )

    await Promise.all(REGION_IDS.map((region) => fault(region, 'alive')))
    const alive = Date.now()
    let [answered, lost, doubled] = [0, 0, 0]
    for (const { region, answers } of pressed) {
      const own = singles.filter((each) => each.region === region).map(({ id }) => ({ sosId: id }))
      const account = await accountFor(ways.tower, [...answers, ...own], { region, ms: 40_000 })
      lost += account.lost
      doubled += account.doubled
      answered += answers.length + own.length
      // One order, without a gap.
      expect(account.log.map(({ seq }) => seq)).toEqual(account.log.map((_, at) => at + 1))
    }
    const placedMs = Date.now() - alive
    await Bun.sleep(4_000)
    let twice = 0
    for (const { region, id } of singles) {
      const { attempts, pages } = await ways.told(region, id)
      const adopted = pages.filter(({ reason }) => reason === 'room_away')
      expect(adopted.length).toBe(cards.get(region)?.length ?? 0)
      const ways_ = attempts.filter(({ state }) => state !== 'failed').map(({ to, channel }) => `${channel} ${to}`)
      twice += ways_.length - new Set(ways_).size
    }
    await driving.stop()
    expect([lost, doubled, twice]).toEqual([0, 0, 0])
    expect(unseen).toEqual([])
    expect(Math.max(...shownMs)).toBeLessThan(6_000)
    for (const ms of rang) expect(ms).toBeGreaterThan(4_000)
    for (const ms of rang) expect(ms).toBeLessThan(9_000)
    expect(ways.violations).toEqual([])
    tell({
      fault: 'ROOMS',
      did: `${REGION_IDS.length} rooms dead for ${Math.round((alive - dead) / 1_000)} s under ${PER_SECOND * REGION_IDS.length} presses and 80 positions a second`,
      ...{ answered, lost, doubled: doubled + twice, convergedMs: placedMs },
      seen:
        `press to a screen past its room ${shownMs.map((ms) => Math.round(ms)).join(', ')} ms; duty phones rang after ` +
        `${rang.map((ms) => Math.round(ms)).join(', ')} ms (half ${quantile(rang, 0.5)}); told twice after it 0`,
    })
  },
  600_000,
)

// H5: 3,000 devices of one area fall silent together: a network's outage. It is one notice, and nobody's SOS.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { ToScreen } from '../../src/room/live'
import { startTestTower } from '../support/tower'
import { Person, press, Screen, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger } from './phones'

const SILENT_AFTER_S = sized(10, 15, 300)

let tower: Tower
let ana: Person
beforeCampaign(async () => {
  tower = await startTestTower({ settings: { SILENT_AFTER_S: String(SILENT_AFTER_S), FLEET_SHARDS: '2' } })
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

type NoticesFrame = Extract<ToScreen, { t: 'notices' }>
const noticesOn = (screen: Screen): NoticesFrame | undefined =>
  screen.got.filter((frame): frame is NoticesFrame => frame.t === 'notices').at(-1)

campaign(
  'H5 an outage of a whole district is one notice with its count, no SOS, and a press in its midst is one',
  async () => {
    const SILENT = sized(600, 3_000, 3_000)
    const HEARD = sized(900, 4_500, 4_500)
    const screen = await Screen.open(ana)
    const district = Array.from({ length: SILENT }, (_, n) => ({
      ...aStranger(tower, 'NCR', 'district'),
      at: { lat: 14.551 + (n % 60) * 0.0001, lng: 121.0215 + Math.floor(n / 60) * 0.0001 },
    }))
    const elsewhere = Array.from({ length: HEARD }, (_, n) => ({
      ...aStranger(tower, 'NCR', 'elsewhere'),
      at: { lat: 14.4 + (n % 60) * 0.0005, lng: 120.98 + Math.floor(n / 60) * 0.0002 },
    }))
    type Vehicle = (typeof district)[number]
    /** One report of each, a few hundred under way at a time. */
    const drive = async (vehicles: Vehicle[]) => {
      let next = 0
      const lane = async () => {
        for (let vehicle = vehicles[next++]; vehicle; vehicle = vehicles[next++]) {
          const answer = await fetch(`${tower.url}/api/positions`, {
            method: 'POST',
            headers: { authorization: `Bearer ${vehicle.token}` },
            body: JSON.stringify({ ...vehicle.at, fixedAt: Date.now() }),
          })
          await answer.body?.cancel()
        }
      }
      await Promise.all(Array.from({ length: 64 }, lane))
    }
    await drive(elsewhere)
    await drive(district)
    const silent = performance.now()
    let over = false
    const others = (async () => {
      while (!over) {
        await drive(elsewhere)
        await Bun.sleep(1_000)
      }
    })()
    // In its midst somebody presses, whose phone still has a bar.
    await Bun.sleep(2_000)
    const cry = (
      await press(tower, aStranger(tower, 'NCR', 'cry'), {
        id: crypto.randomUUID(),
        kind: 'panic',
        position: { lat: 14.553, lng: 121.022 },
      })
    ).body
    const most = { count: 0, notices: 0 }
    await until(
      async () => {
        const { notices } = noticesOn(screen) ?? { notices: [] }
        most.notices = Math.max(most.notices, notices.length)
        most.count = Math.max(most.count, ...notices.map(({ count }) => count))
        await Bun.sleep(500)
        return most.count >= SILENT * 0.98
      },
      (SILENT_AFTER_S + 120) * 1_000,
      'a notice of all of them',
    )
    const noticedMs = performance.now() - silent
    await Bun.sleep(5_000)
    over = true
    await others
    const { notices } = noticesOn(screen) ?? { notices: [] }
    const { lost, doubled, log } = await accountFor(tower, [cry])
    const incidents = log.filter(({ type }) => type === 'created').length
    expect([lost, doubled]).toEqual([0, 0])
    expect(incidents).toBe(1)
    expect(notices).toHaveLength(1)
    screen.close()
    tell({
      fault: 'H5',
      did: `${SILENT} of ${SILENT + HEARD} devices fall silent at once (silence is ${SILENT_AFTER_S} s)`,
      ...{ answered: 1, lost, doubled, convergedMs: noticedMs },
      seen: `${notices.length} notice of ${notices[0]?.count} vehicles after ${Math.round(noticedMs / 1_000)} s (${most.notices} at most on its way), 0 SOS of it, the one press a card`,
    })
  },
  900_000,
)

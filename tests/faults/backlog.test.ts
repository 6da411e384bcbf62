// R46: a backlog of pages in all regions at once, most of them in one: the gravest leave first, no region waits for another's, and
// a fresh SOS for none of them. 5,000 pages; 100,000 with FULL=1.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Page, PageFacts } from '../../src/domain/page'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import { roomOfIncident, whileDead } from '../support/objects-on-disk'
import { figure, WaysOut } from '../support/ways-out'
import { until } from '../system/people'

const FULL = process.env.FULL === '1'
const ALL = FULL ? 100_000 : 5_000
const SHARE: Record<RegionId, number> = { NCR: 0.7, CEB: 0.1, DVO: 0.1, ILO: 0.1 }
const ONE_IN_TEN = 10
/** Under way at once with one way of one provider: so many of lesser ones may leave before the last P1 has. */
const AT_ONCE = 20

let ways: WaysOut
beforeAll(async () => {
  ways = await WaysOut.start()
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

test(
  `R46 ${ALL} pages that waited leave, P1 first and fairly between regions, and a fresh SOS is told in their midst`,
  async () => {
    const pressed = new Map<RegionId, string>()
    for (const region of REGION_IDS) {
      await ways.lead(region, [['webhook']])
      const { id } = await ways.press(region)
      await ways.taken(region, id)
      pressed.set(region, id)
    }
    const fresh = await ways.lead('NCR', [['voice', 'sms']])
    const facts = (region: RegionId): PageFacts => ({
      ...{
        code: `${region}-1`,
        region,
        priority: 'P1',
        kind: 'panic',
        contactPolicy: 'quiet',
        plate: 'ZZZ 9999',
        vehicle: null,
      },
      ...{
        place: null,
        moving: false,
        silentS: null,
        driver: null,
        pressedAt: null,
        towerPhone: null,
        counts: null,
        text: null,
      },
      ...{ ref: null, until: null, stage: null },
    })
    const before = ways.receiver.received.length
    const due = new Map<RegionId, number>()
    await whileDead(ways.tower, (open) => {
      for (const region of REGION_IDS) {
        const room = open('SosRoom', roomOfIncident(pressed.get(region) ?? ''))
        const count = Math.round(ALL * SHARE[region])
        due.set(region, count)
        const now = Date.now()
        const add = room.prepare(
          `INSERT INTO page_out (id, incident, reason, step, contact, name, shard, rank, presser, state, leaving, decided_at, until_at, body)
         VALUES (?, ?, 'escalation', 'lead', ?, ?, 0, ?, 0, 'waiting', 1, ?, NULL, ?)`,
        )
        room.transaction(() => {
          for (let n = 0; n < count; n++) {
            // The gravest are the youngest: only their gravity brings them forward.
            const isP1 = n >= count - count / ONE_IN_TEN
            const page: Page = {
              id: `backlog-${region}-${n}`,
              region,
              // Fifty incidents, none of which the room knows any more.
              incidentId: `incident-${region}-${n % 50}`,
              reason: 'escalation',
              step: 'lead',
              contact: { id: `contact-${region}-${n}`, name: `Contact ${n}`, lang: 'en' },
              ladder: [
                [{ channel: 'webhook', to: `${ways.receiver.origin}/backlog/${region}/${isP1 ? 'P1' : 'P2'}/${n}` }],
              ],
              priority: isP1 ? 'P1' : 'P2',
              facts: facts(region),
              decidedAt: now + n,
              until: null,
              drill: false,
            }
            const { contact } = page
            add.run(
              page.id,
              page.incidentId,
              contact.id,
              contact.name,
              isP1 ? 1 : 2,
              page.decidedAt,
              JSON.stringify(page),
            )
          }
        })()
      }
    })
    const all = [...due.values()].reduce((sum, n) => sum + n, 0)
    const gone = () =>
      ways.receiver.received.slice(before).flatMap(({ path, at }) => {
        const [, , region, priority, n] = path.split('/')
        return path.startsWith('/backlog/') ? [{ region: region as RegionId, priority, n, at }] : []
      })
    await ways.tower.tick()
    await until(() => gone().length > all / 4, 120_000, 'a quarter of the backlog')
    const sos = await ways.press('NCR')
    await until(() => ways.asked(fresh.phone).some(({ by }) => by === 'twilio call'), 30_000, 'the fresh SOS')
    const freshMs = (ways.asked(fresh.phone)[0]?.at ?? Number.NaN) - sos.at
    const left = all - gone().length
    await until(() => gone().length >= all, FULL ? 1_200_000 : 120_000, 'the whole backlog')
    await Bun.sleep(500)

    const sent = gone()
    const startedAt = Math.min(...sent.map(({ at }) => at))
    expect(new Set(sent.map(({ region, n }) => `${region} ${n}`)).size).toBe(all)
    const tookMs = Math.max(...sent.map(({ at }) => at)) - startedAt
    const finished = new Map<RegionId, number>()
    for (const region of REGION_IDS) {
      const own = sent.filter((each) => each.region === region)
      finished.set(region, Math.max(...own.map(({ at }) => at)) - startedAt)
      const lastP1 = own.findLastIndex(({ priority }) => priority === 'P1')
      expect(lastP1).toBeLessThan((due.get(region) ?? 0) / ONE_IN_TEN + AT_ONCE)
    }
    const largest = finished.get('NCR') ?? 0
    const small = REGION_IDS.filter((region) => region !== 'NCR').map((region) => finished.get(region) ?? 0)
    // A tenth each beside seven tenths: done long before, and within a moment of each other.
    expect(Math.max(...small)).toBeLessThan(largest * 0.75)
    expect(left).toBeGreaterThan(0)
    expect(freshMs).toBeLessThan(5_000)
    await ways.taken('NCR', sos.id)
    figure(
      'R46 backlog',
      `${all} pages in ${tookMs} ms, ${Math.round((all / tookMs) * 1_000)}/s; P1 first in every region; small regions done after ` +
        `${small.join(', ')} ms, the large one after ${largest} ms; a fresh SOS on the wire after ${freshMs} ms with ${left} ` +
        `waiting; lost 0, extra messages ${sent.length - all}`,
    )
  },
  FULL ? 1_500_000 : 240_000,
)

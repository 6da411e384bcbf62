// R3 and R4: the process stands still while steps of a ladder come due, and is killed in the very moment in which they are due.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { RegionId } from '../../src/domain/region'
import { whileDead } from '../support/objects-on-disk'
import { WaysOut } from '../support/ways-out'
import { until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'

let ways: WaysOut
beforeCampaign(async () => {
  ways = await WaysOut.start({ enrol: sized(4, 8, 24) })
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

const HELD_MS = sized(6_000, 10_000, 30_000)

campaign(
  'R3 stopped by SIGSTOP while a step comes due: it comes once, right after the process goes on',
  async () => {
    const [one, two, three] = [ways.newLead('NCR'), ways.newLead('NCR'), ways.newLead('NCR')]
    await ways.policy('NCR', [
      { lead: one, by: [['sms']], afterS: 0 },
      { lead: two, by: [['sms']], afterS: 3 },
      { lead: three, by: [['sms']], afterS: 3 + HELD_MS / 1_000 + 4 },
    ])
    const { id, at } = await ways.press('NCR')
    await until(async () => (await ways.story('NCR', id)).includes('sms twilio delivered'))
    const { pid } = ways.tower.worker
    if (pid === null) throw new Error('workerd does not run')
    process.kill(pid, 'SIGSTOP')
    await Bun.sleep(HELD_MS)
    const waiting = ways.press('NCR').then(() => Date.now())
    process.kill(pid, 'SIGCONT')
    const wentOn = Date.now()
    const pressedMs = (await waiting) - wentOn
    await until(() => ways.asked(two.phone).length > 0, 10_000, 'the second step')
    const afterMs = (ways.asked(two.phone)[0]?.at ?? Number.NaN) - wentOn
    await until(() => ways.asked(three.phone).length > 0, 20_000, 'the third step')
    const third = (ways.asked(three.phone)[0]?.at ?? Number.NaN) - at
    await Bun.sleep(1_000)
    const texts = [one, two, three].map(({ phone }) => ways.asked(phone).length)
    // The press of meanwhile is another incident, of which the same people hear: once, in its own time.
    const { decided } = await ways.told('NCR', id)
    const steps = decided.map(({ step }) => step)
    expect(new Set(steps).size).toBe(steps.length)
    expect(afterMs).toBeLessThan(2_000)
    expect(Math.abs(third - (3 + HELD_MS / 1_000 + 4) * 1_000)).toBeLessThan(2_500)
    for (const count of texts) expect(count).toBeLessThanOrEqual(2)
    const open = await (await ways.desk('NCR')).queue()
    await ways.taken('NCR', ...open.map((each) => each.id))
    tell({
      fault: 'R3',
      did: `SIGSTOP for ${HELD_MS / 1_000} s while a step came due`,
      ...{ answered: 2, lost: 0, doubled: steps.length - new Set(steps).size, convergedMs: afterMs },
      seen: `the due step ${afterMs} ms after it went on, the next ${Math.round(third)} ms after the press; a press sent meanwhile answered after ${pressedMs} ms`,
    })
  },
  120_000,
)

campaign(
  'R4 killed in the moment in which alarms ring: every step is told, and decided once',
  async () => {
    const KILLS = sized(2, 4, 12)
    const STEP_S = 4
    const regions: RegionId[] = ['CEB', 'DVO']
    let [decidedTwice, missing, again, told] = [0, 0, 0, 0]
    const late: number[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const pressed = await Promise.all(
        regions.map(async (region) => {
          const [one, two] = [ways.newLead(region), ways.newLead(region)]
          await ways.policy(region, [
            { lead: one, by: [['sms']], afterS: 0 },
            { lead: two, by: [['sms']], afterS: STEP_S },
          ])
          return { region, one, two, ...(await ways.press(region)) }
        }),
      )
      const due = Math.max(...pressed.map(({ at }) => at)) + STEP_S * 1_000
      // Between 20 ms before the first and 60 ms after the last: room, pages, courier and provider, each in turn.
      await Bun.sleep(due - Date.now() - 20 + (80 * kill) / Math.max(1, KILLS - 1))
      await whileDead(ways.tower, () => {})
      for (const { region, id, two, at } of pressed) {
        await until(() => ways.asked(two.phone).length > 0, 30_000, 'the step of the moment')
        late.push((ways.asked(two.phone)[0]?.at ?? Number.NaN) - at - STEP_S * 1_000)
        await until(async () => (await ways.story(region, id)).filter((line) => line.endsWith('delivered')).length >= 2)
        const { decided, pages } = await ways.told(region, id)
        const steps = decided.map(({ step }) => step)
        decidedTwice += steps.length - new Set(steps).size
        const people = pages
          .filter(({ reason }) => reason === 'escalation')
          .map(({ contact, step }) => `${step} ${contact.id}`)
        decidedTwice += people.length - new Set(people).size
        missing += people.length >= 2 ? 0 : 1
        again += Math.max(0, ways.asked(two.phone).length - 1)
        told++
        await ways.taken(region, id)
      }
    }
    expect([decidedTwice, missing]).toEqual([0, 0])
    // What was under way with a provider when it died is tried again, once.
    expect(again).toBeLessThanOrEqual(told)
    expect(Math.max(...late)).toBeLessThan(12_000)
    tell({
      fault: 'R4',
      did: `${KILLS} kills while the alarms of ${regions.length} rooms rang`,
      ...{ answered: told, lost: missing, doubled: decidedTwice, convergedMs: Math.max(...late) },
      seen: `each step told, ${Math.round(Math.max(...late))} ms late at most; texts sent again because their provider's answer was lost: ${again}`,
    })
  },
  300_000,
)

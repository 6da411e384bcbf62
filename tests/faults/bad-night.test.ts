// H4: 400 SOS in ten minutes before six people at their desks: scaled to a minute, with real screens, real calls and real clocks.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Kind } from '../../src/domain/press'
import { WaysOut } from '../support/ways-out'
import { Person, press, Screen, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { type Answered, accountFor, aStranger, quantile } from './phones'

let ways: WaysOut
beforeCampaign(async () => {
  ways = await WaysOut.start()
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

const SOS = sized(60, 400, 400)
const LASTS_S = sized(10, 60, 600)
/** In ten minutes, of one person: the rule of a storm. */
const PAGES_AT_MOST = 10
/** Whoever leads is called to a P1 that nobody has taken by then: scaled, as the night is. */
const LEAD_AFTER_S = 2
/** Slower than the night: fewer than half of its SOS have somebody at once. */
const WORK_MS = { P1: 1_500, other: 800 }

/** One in ten is in danger of life; the rest is water. */
const kindOf = (n: number): Kind => (n % 10 === 0 ? (n % 20 === 0 ? 'panic' : 'crash') : 'flood')

campaign(
  'H4 400 SOS in ten minutes: all answered, all on every screen, the gravest taken first, and nobody is rung to death',
  async () => {
    const { tower } = ways
    const lead = ways.newLead('NCR')
    await ways.policy('NCR', [{ lead, by: [['voice', 'sms']], afterS: LEAD_AFTER_S }])
    const roles = [
      { role: 'operator', nth: 0 },
      { role: 'operator', nth: 1 },
      { role: 'supervisor', nth: 0 },
    ]
    const people = await Promise.all(roles.map((wanted) => Person.logIn(tower, wanted)))
    const screens = await Promise.all(people.map((person) => Screen.open(person)))
    const told = ways.twilio.requests.length
    const night = { over: false }
    const waited: number[] = []
    let outOfOrder = 0
    const p1Waits = (screen: Screen) =>
      [...screen.cards.values()].filter(
        ({ priority, owner, state }) => priority === 'P1' && owner === null && state === 'new',
      )
    const shifts = people.map(async (person, n) => {
      const screen = screens[n] as Screen
      let handled = 0
      while (!night.over) {
        const next = await person.post<{ incident: { id: string; priority: string; receivedAt: string } | null }>(
          '/api/regions/NCR/next',
        )
        const card = next.body.incident
        if (!card) {
          await Bun.sleep(150)
          continue
        }
        const graver = p1Waits(screen).filter(
          ({ leased, alarmedAt }) => !leased && Date.parse(alarmedAt) < Date.now() - 3_000,
        )
        const { status } = await person.act(card.id, 'take')
        if (status !== 200) continue
        handled++
        if (card.priority !== 'P1' && graver.length > 0) outOfOrder++
        if (card.priority === 'P1') waited.push(Date.now() - Date.parse(card.receivedAt))
        await person.act(card.id, 'note', { text: 'called' })
        await Bun.sleep(card.priority === 'P1' ? WORK_MS.P1 : WORK_MS.other)
        await person.act(card.id, 'safe', { confirmedBy: 'own_voice' })
      }
      return handled
    })
    const began = performance.now()
    const answers: Promise<Answered>[] = []
    for (let n = 0; n < SOS; n++) {
      await Bun.sleep(Math.max(0, (n * LASTS_S * 1_000) / SOS - (performance.now() - began)))
      const sent = performance.now()
      const device = aStranger(tower, 'NCR', 'night')
      answers.push(
        press(tower, device, {
          id: crypto.randomUUID(),
          kind: kindOf(n),
          position: { lat: 14.55 + n / 5_000, lng: 121.02 },
        }).then(({ status, body }) => {
          if (status !== 201) throw new Error(`an SOS was answered ${status}`)
          return { device: device.id, sosId: body.sosId, tries: 1, ms: performance.now() - sent }
        }),
      )
    }
    const pressed = await Promise.all(answers)
    await until(
      () => screens.every(({ cards }) => pressed.every(({ sosId }) => cards.has(sosId))),
      30_000,
      'all on every screen',
    )
    const shownMs = performance.now() - began - LASTS_S * 1_000
    // The last P1 has its moment, too.
    await until(() => screens[0] && p1Waits(screens[0]).length === 0, 60_000, 'every P1 taken')
    night.over = true
    const handled = (await Promise.all(shifts)).reduce((sum, each) => sum + each, 0)
    const { lost, doubled, log } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(outOfOrder).toBe(0)
    const asked = ways.twilio.requests.slice(told).filter(({ kind }) => kind !== 'poll')
    const numbers = Map.groupBy(asked, ({ to }) => to)
    // A page is a call and a text.
    const most = Math.max(0, ...[...numbers.values()].map((each) => each.length))
    expect(most).toBeLessThanOrEqual(PAGES_AT_MOST * 2)
    const storms = log.filter(({ type }) => type === 'storm_began').length
    for (const screen of screens) screen.close()
    expect(ways.violations).toEqual([])
    tell({
      fault: 'H4',
      did: `${SOS} SOS in ${LASTS_S} s before ${people.length} people`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: Math.max(0, shownMs) },
      seen:
        `answers p99 ${Math.round(
          quantile(
            pressed.map(({ ms }) => ms),
            0.99,
          ),
        )} ms; ${storms} storm; ${waited.length} P1 taken after ` +
        `${Math.round(quantile(waited, 0.5) / 1_000)} s (half) and ${Math.round(Math.max(...waited) / 1_000)} s (longest), 0 others before them; ${handled} handled; ` +
        `calls and texts to one number ${most} at most, to the lead ${ways.asked(lead.phone).length}`,
    })
  },
  900_000,
)

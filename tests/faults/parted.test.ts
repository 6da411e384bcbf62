// R35: intakes and their room live, and cannot reach each other. Both go on; when they meet again, all is in order and once.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { PhoneView } from '../../src/domain/phone-view'
import { pressing as picksUp } from '../simulators/twilio'
import { WaysOut } from '../support/ways-out'
import { call, Screen, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger, pressing } from './phones'

let ways: WaysOut
beforeCampaign(async () => {
  ways = await WaysOut.start({ settings: { FAULTS: 'on' } })
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

const fault = (what: 'parted' | 'joined') =>
  fetch(`${ways.tower.internalUrl}/faults/rooms/NCR/${what}`, { method: 'POST' })

campaign(
  'R35 parted for minutes: presses are answered and told, the desk goes on with what it has, and then all is joined',
  async () => {
    const PARTED_MS = sized(9_000, 30_000, 300_000)
    ways.twilio.calls.always(picksUp('1', 100))
    const desk = await ways.desk('NCR')
    const screen = await Screen.open(desk)
    const device = aStranger(ways.tower, 'NCR', 'known')
    const { body: known } = await call<{ sosId: string; statusUrl: string }>(`${ways.tower.url}/api/sos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.token}` },
      body: JSON.stringify({ id: crypto.randomUUID(), kind: 'crash' }),
    })
    await until(() => screen.cards.get(known.sosId))
    const card = await ways.dutyCard('NCR')

    const callsBefore = ways.twilio.requests.length
    expect((await fault('parted')).status).toBe(200)
    const parted = performance.now()
    const stream = pressing(ways.tower, sized(2, 2, 5), { name: 'parted' })
    // The room's side: who has a card works on it. Phones hear nothing of it yet, and nothing false.
    expect((await desk.act(known.sosId, 'take')).status).toBe(200)
    expect((await desk.act(known.sosId, 'note', { text: 'on it' })).status).toBe(200)
    const state = async () => (await call<PhoneView>(known.statusUrl)).body.state
    expect(['received', 'shown']).toContain(await state())
    // The intakes' side: past the room the duty card is called.
    const rung = await until(
      () => ways.twilio.requests.slice(callsBefore).find(({ kind, to }) => kind === 'call' && card.includes(to)),
      15_000,
      'a call past the room',
    )
    const unplaced = (await desk.get<{ cards: unknown[] }>('/api/regions/NCR/unplaced')).body.cards.length
    await Bun.sleep(Math.max(0, PARTED_MS - (performance.now() - parted)))
    const pressed = await stream.stop()

    expect((await fault('joined')).status).toBe(200)
    const joined = performance.now()
    const { lost, doubled, waitedMs } = await accountFor(ways.tower, pressed, { ms: 30_000 })
    await until(() => pressed.every(({ sosId }) => screen.cards.has(sosId)), 10_000, 'every press on the screen')
    await until(async () => (await state()) === 'taken', 20_000, 'the phone hears of the take')
    const convergedMs = performance.now() - joined
    expect([lost, doubled]).toEqual([0, 0])
    // In the order in which the intakes took them, each shard's own.
    screen.close()
    tell({
      fault: 'R35',
      did: `intakes and room parted for ${Math.round((joined - parted) / 1_000)} s under presses`,
      ...{ answered: pressed.length, lost, doubled, convergedMs },
      seen:
        `a duty phone rang ${Math.round(rung.at - (performance.timeOrigin + parted))} ms after they were parted, ${unplaced} cards could be asked for past the room; ` +
        `all in the room ${Math.round(waitedMs)} ms after they met, and the phone heard of its take`,
    })
  },
  600_000,
)

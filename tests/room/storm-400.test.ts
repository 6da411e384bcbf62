// A bad night, played through on a turned clock: 400 SOS in ten minutes, six operators with two hands each.

import { expect, test } from 'bun:test'
import type { Kind } from '../../src/domain/press'
import { sendPages } from '../../src/room/departures'
import { aPress, viewer } from '../support/made-up'
import { CourierEar, contactRow, shiftRow } from '../support/paging'
import { openRoom } from '../support/room'

const SOS = 400
const TEN_MINUTES_S = 600
const OPERATORS = 6
/** How long a hand is at one of them; a look at the next takes a moment, too. */
const P1_S = 45
/** Of the others: a quick night, a usual one, a slow one. */
const OTHERS_S = [8, 15, 25, 45]
const LOOK_S = 3

/** One in ten is in danger of life; the rest is water. */
const kindOf = (n: number): Kind => (n % 10 === 0 ? (n % 20 === 0 ? 'panic' : 'crash') : 'flood')

type Hand = { uid: string; at: string | null; isP1: boolean; until: number }

test.each(OTHERS_S)(
  '400 SOS in ten minutes before six operators, %i s each: every P1 is taken first, and one lead gets ten pages at most',
  async (otherS) => {
    const hands: Hand[] = Array.from({ length: OPERATORS }, (_, n) => ({
      uid: `op-${n}`,
      at: null,
      isP1: false,
      until: 0,
    }))
    const tower = openRoom({
      ports: { attention: () => OPERATORS, free: () => hands.filter(({ isP1 }) => !isP1).length },
    })
    const { room, clock } = tower
    room.learn([
      contactRow('lea'),
      contactRow('lou'),
      contactRow('max'),
      shiftRow('lea', 'lead'),
      shiftRow('lou', 'second_lead'),
      shiftRow('max', 'management'),
    ])
    const p1Waits = () => room.queue(1).filter(({ priority, owner }) => priority === 'P1' && owner === null)
    const ear = new CourierEar()
    const outOfOrder: string[] = []
    const waitedS: number[] = []
    let sent = 0
    for (let s = 0; s < TEN_MINUTES_S; s++) {
      while (sent < (SOS * (s + 1)) / TEN_MINUTES_S && sent < SOS) {
        const deviceId = `dev-${sent}`
        tower.send([aPress({ deviceId, kind: kindOf(sent), receivedAt: clock.now, pressedAt: clock.now })])
        sent++
      }
      for (const hand of hands) {
        // A P1 that sounds is worth laying the rest down.
        const mayLeave =
          !hand.isP1 && p1Waits().some(({ alarmedAt }) => Date.parse(alarmedAt) + LOOK_S * 1_000 <= clock.now)
        if (hand.until > clock.now && !mayLeave) continue
        const who = viewer(hand.uid)
        if (hand.at !== null) room.act(hand.at, { type: 'safe', confirmedBy: 'own_voice' }, who)
        Object.assign(hand, { at: null, isP1: false })
        const given = room.storm.leases.next(who)
        if (!given.ok || !given.incident) continue
        const { id, priority, alarmedAt } = given.incident
        const graver = p1Waits().filter((card) => card.leased === undefined || card.leased.uid === hand.uid)
        if (priority !== 'P1' && graver.length > 0) outOfOrder.push(id)
        room.act(id, { type: 'take' }, who)
        room.act(id, { type: 'note', text: 'called' }, who)
        const isP1 = priority === 'P1'
        if (isP1) waitedS.push((clock.now - Date.parse(alarmedAt)) / 1_000)
        Object.assign(hand, { at: id, isP1, until: clock.now + (LOOK_S + (isP1 ? P1_S : otherS)) * 1_000 })
      }
      tower.pass(1_000)
      await sendPages(room, 0, ear)
    }
    const { pages } = ear
    const lea = pages.filter(({ contact }) => contact.id === 'lea')
    const singles = lea.filter(({ reason }) => reason === 'escalation')
    console.log(
      `400 SOS, ${otherS} s each: storm ${room.storm.on ? 'on' : 'off'}, ${waitedS.length} P1 taken, the slowest after ${Math.max(...waitedS)} s; pages to the lead: ${lea.length}, of them single ${singles.length}`,
    )
    expect(sent).toBe(SOS)
    expect(outOfOrder).toEqual([])
    expect(waitedS.length).toBeGreaterThanOrEqual(39)
    expect(p1Waits()).toEqual([])
    expect(lea.length).toBeGreaterThan(0)
    expect(lea.length).toBeLessThanOrEqual(10)
    // Once it is one, only P1 is told singly.
    const began = Math.min(...pages.filter(({ reason }) => reason === 'storm').map(({ decidedAt }) => decidedAt))
    for (const page of singles) if (page.decidedAt > began) expect(page.priority).toBe('P1')
    const perPerson = Map.groupBy(
      pages.filter(({ reason }) => reason === 'storm'),
      ({ contact }) => contact.id,
    )
    for (const own of perPerson.values()) expect(own.length).toBeLessThanOrEqual(3)
  },
  60_000,
)

// NEXT at the desks of several rooms that see the same card: its own room says who looks at it.

import { describe, expect, test } from 'bun:test'
import type { RegionId } from '../../src/domain/region'
import { type Homes, nextAsking } from '../../src/room/storm-guests'
import { LEASE_MS } from '../../src/room/storm-next'
import { aPress, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'

const EVERYWHERE: RegionId[] = ['NCR', 'CEB', 'DVO']
const [ana, ben, cy] = ['ana', 'ben', 'cy'].map((uid) => viewer(uid, { regions: EVERYWHERE })) as [
  ReturnType<typeof viewer>,
  ReturnType<typeof viewer>,
  ReturnType<typeof viewer>,
]
/** Whose first byte says that they are of Cebu's room. */
let n = 0
const cebuId = (): string => `02${(++n).toString(16).padStart(6, '0')}-0000-8000-8000-000000000000`

/** Cebu's room, whose cards are seen in Manila and Davao as well. */
function rooms() {
  const clock = { now: Date.UTC(2026, 10, 22, 4) }
  const [home, manila, davao] = [
    openRoom({ region: 'CEB', clock }),
    openRoom({ region: 'NCR', clock }),
    openRoom({ region: 'DVO', clock }),
  ]
  const away = { home: false }
  const homes: Homes = {
    lease: async (_, id, who) => {
      if (away.home) throw new Error('away')
      return home.room.storm.leases.leaseTo(id, who)
    },
    unlease: (_, id, who) => {
      if (!away.home) home.room.storm.leases.unlease(id, who)
    },
  }
  /** Cards go to the desks that see them, as the drain brings them. */
  const mirror = () => {
    for (const desk of [manila, davao])
      desk.room.takeMirrored(home.room.queue(50).map((card) => ({ ...card, alsoIn: ['NCR', 'DVO'] })))
  }
  return {
    clock,
    home,
    manila,
    davao,
    away,
    mirror,
    press(): string {
      const sosId = cebuId()
      home.send([aPress({ sosId, home: 'CEB', deviceId: sosId, kind: 'crash', receivedAt: clock.now })])
      clock.now += 1_000
      mirror()
      return sosId
    },
    async next(at: TestRoom, who = ana): Promise<string | null> {
      const region = at === manila ? 'NCR' : at === davao ? 'DVO' : 'CEB'
      const answer = await nextAsking(at.room.storm.leases, { region, now: () => clock.now, homes }, who)
      if (!answer.ok) throw new Error(answer.refusal.reason)
      return answer.incident?.id ?? null
    },
  }
}

describe('NEXT on a card of another room', () => {
  test('is given at one desk, and to nobody at any other, also before its card says so', async () => {
    const at = rooms()
    const [first, second] = [at.press(), at.press()]
    expect(await at.next(at.manila, ana)).toBe(first)
    expect(await at.next(at.davao, ben)).toBe(second)
    expect(await at.next(at.home, cy)).toBeNull()
    expect(await at.next(at.davao, cy)).toBeNull()
  })

  test('is on the card at every desk that sees it, and in its own log', async () => {
    const at = rooms()
    const id = at.press()
    await at.next(at.manila, ana)
    at.mirror()
    for (const desk of [at.home, at.manila, at.davao])
      expect(desk.room.queue(5)).toMatchObject([{ id, leased: { uid: 'ana' } }])
    expect(at.home.room.log.ofIncident(id).at(-1)).toMatchObject({ type: 'leased', actor: { uid: 'ana' } })
  })

  test('is not given where its own room is showing it', async () => {
    const at = rooms()
    const id = at.press()
    expect(await at.next(at.home, ana)).toBe(id)
    expect(await at.next(at.manila, ben)).toBeNull()
    at.clock.now += LEASE_MS
    expect(await at.next(at.manila, ben)).toBe(id)
  })

  test('asked again frees it for all desks', async () => {
    const at = rooms()
    const [first, second] = [at.press(), at.press()]
    expect(await at.next(at.manila, ana)).toBe(first)
    expect(await at.next(at.manila, ana)).toBe(second)
    expect(await at.next(at.davao, ben)).toBe(first)
  })

  test('is not given once somebody has taken it there, though its card here does not know yet', async () => {
    const at = rooms()
    const id = at.press()
    at.home.room.act(id, { type: 'take' }, cy)
    expect(await at.next(at.manila, ana)).toBeNull()
  })

  test('is this desk’s to give where its own room cannot be asked, and written down here', async () => {
    const at = rooms()
    const id = at.press()
    at.away.home = true
    expect(await at.next(at.manila, ana)).toBe(id)
    expect(await at.next(at.manila, ben)).toBeNull()
    expect(at.manila.room.log.from(1, 100).filter(({ type }) => type === 'leased')).toMatchObject([
      { incident: id, actor: { uid: 'ana' } },
    ])
  })

  test('people who press it at once at all desks never get the same', async () => {
    const at = rooms()
    for (let count = 0; count < 12; count++) at.press()
    const desks = [at.home, at.manila, at.davao]
    const given = await Promise.all(
      Array.from({ length: 24 }, (_, who) =>
        at.next(desks[who % 3] as TestRoom, viewer(`u${who}`, { regions: EVERYWHERE })),
      ),
    )
    const ids = given.filter((id) => id !== null)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThanOrEqual(9)
  })
})

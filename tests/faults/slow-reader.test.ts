// R37 and R39: a screen that reads nothing, and a line that is gone without a word. The room waits for neither, and knows who is there.

import { afterAll, expect } from 'bun:test'
import { readFileSync } from 'node:fs'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { CLOSE } from '../../src/room/live'
import { startFaultProxy } from '../support/fault-proxy'
import { startTestTower } from '../support/tower'
import { Person, press, roomHealth, Screen, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger, pressing, quantile } from './phones'
import { rawScreen } from './raw'

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

const OTHERS = sized(10, 20, 100)
const LASTS_MS = sized(12_000, 20_000, 60_000)
const HERE = JSON.stringify({
  ...{ t: 'here', seq: 0, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false },
})
const SINCE = JSON.stringify({ t: 'since', epoch: null, seq: 0 })

const memoryMb = (): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${tower.worker.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024)

/** From the answer of each press to its card on each of the screens. */
async function pressTo(screens: Screen[], ms: number): Promise<{ sosIds: { sosId: string }[]; waits: number[] }> {
  const seenAt = screens.map((screen) => {
    const at = new Map<string, number>()
    screen.socket.addEventListener('message', () => {
      const frame = screen.got.at(-1)
      if (frame?.t === 'incidents') for (const { id } of frame.incidents) if (!at.has(id)) at.set(id, performance.now())
    })
    return at
  })
  const waits: number[] = []
  const sosIds: { sosId: string }[] = []
  const until = performance.now() + ms
  while (performance.now() < until) {
    const began = performance.now()
    const { body } = await press(tower, aStranger(tower, 'NCR', 'timed'), { id: crypto.randomUUID(), kind: 'crash' })
    sosIds.push(body)
    await Bun.sleep(100)
    for (const at of seenAt) waits.push((at.get(body.sosId) ?? performance.now()) - began)
  }
  return { sosIds, waits }
}

campaign(
  'R37 screens that read nothing are closed with 1013, and the others see each SOS as fast as before',
  async () => {
    const others = await Promise.all(Array.from({ length: OTHERS }, (_, n) => Screen.open(n % 2 ? ana : ben)))
    // The same work before and under the fault: frames for every socket.
    const stream = pressing(tower, 20, { name: 'beside' })
    await Bun.sleep(2_000)
    const before = await pressTo(others, sized(5_000, 10_000, 30_000))
    const memoryBefore = memoryMb()
    const slow = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const screen = await rawScreen(tower, ana.token, 'NCR')
        screen.say(SINCE)
        screen.say(HERE)
        await until(() => screen.frames.some((text) => text.includes('"live"')), 10_000, 'the catch-up')
        screen.socket.pause()
        return screen
      }),
    )
    const began = performance.now()
    const without = until(
      async () => {
        if ((await roomHealth(tower)).screens === OTHERS) return performance.now() - began
        await Bun.sleep(500)
        return 0
      },
      60_000,
      'the room without them',
    )
    const under = await pressTo(others, LASTS_MS)
    const withoutMs = await without
    const beside = await stream.stop()
    for (const { socket } of slow) socket.resume()
    await until(() => slow.every(({ closed }) => closed !== null), 10_000, 'their close frames')
    expect(slow.map(({ closed }) => closed)).toEqual(slow.map(() => CLOSE.slow))
    const { lost, doubled } = await accountFor(tower, [...before.sosIds, ...under.sosIds, ...beside])
    expect([lost, doubled]).toEqual([0, 0])
    const grown = memoryMb() - memoryBefore
    for (const each of others) each.close()
    const p99 = (waits: number[]) => Math.round(quantile(waits, 0.99))
    tell({
      fault: 'R37',
      did: '3 screens that read nothing under 25 presses a second',
      answered: before.sosIds.length + under.sosIds.length + beside.length,
      ...{ lost, doubled, convergedMs: withoutMs },
      seen:
        `closed with 1013 after at most ${Math.round(withoutMs / 1_000)} s; press to card on ${OTHERS} other screens p99 ${p99(under.waits)} ms, ` +
        `${p99(before.waits)} ms before; memory of workerd +${grown} MB`,
    })
  },
  180_000,
)

campaign(
  'R39 a line that is gone without a word: within 25 s nobody counts as watching, and what they had is back in the queue',
  async () => {
    const proxy = await startFaultProxy({ port: Number(new URL(tower.url).port) })
    try {
      const device = aStranger(tower, 'NCR', 'held')
      const { sosId } = (await press(tower, device, { id: crypto.randomUUID(), kind: 'panic' })).body
      const watching = await Screen.open(ana)
      const far = await rawScreen(tower, ben.token, 'NCR', proxy.port)
      far.say(SINCE)
      far.say(HERE)
      const beats = setInterval(() => far.say(HERE), 4_000)
      await until(async () => (await roomHealth(tower)).watching === 2, 10_000, 'two people who watch')
      expect((await ben.act(sosId, 'take')).status).toBe(200)
      await ben.act(sosId, 'note', { text: 'on it' })

      proxy.set('drop')
      const gone = performance.now()
      await until(
        async () => {
          const { watching: count } = await roomHealth(tower)
          if (count === 1) return true
          await Bun.sleep(250)
          return false
        },
        30_000,
        'one person who watches',
      )
      const noticedMs = performance.now() - gone
      const card = await until(
        () => [watching.cards.get(sosId)].find((each) => each?.state === 'new'),
        30_000,
        'the return',
      )
      const returnedMs = performance.now() - gone
      expect(card).toMatchObject({ owner: null, ring: { to: 'all' } })
      expect(noticedMs).toBeLessThan(25_000)
      // 20 s after they were missed, by the rule of an owner's screen.
      expect(returnedMs - noticedMs).toBeLessThan(22_000)
      const { lost, doubled } = await accountFor(tower, [{ sosId }])
      clearInterval(beats)
      watching.close()
      tell({
        fault: 'R39',
        did: 'the line of a screen that holds a P1 swallows everything',
        ...{ answered: 1, lost, doubled, convergedMs: returnedMs },
        seen: `missed after ${Math.round(noticedMs / 100) / 10} s, its P1 back in the queue with sound after ${Math.round(returnedMs / 100) / 10} s`,
      })
    } finally {
      await proxy.stop()
    }
  },
  120_000,
)

// Quiet until proven, tried from outside: every way by which something could reach the presser's side, byte by byte.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { blank, type Seen, see } from './outward'
import { type Device, enrol, Lifeline, Person, press, until } from './people'

let tower: Tower
let ana: Person
let ben: Person
let susana: Person
let devices: Device[]

beforeAll(async () => {
  tower = await startTestTower()
  ;[ana, ben, susana] = await Promise.all([
    Person.logIn(tower, { role: 'operator', nth: 0 }),
    Person.logIn(tower, { role: 'operator', nth: 1 }),
    Person.logIn(tower, { role: 'supervisor' }),
  ])
  devices = await enrol(tower, 90)
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const next = (): Device => {
  const device = devices.shift()
  if (!device) throw new Error('all devices are used up')
  return device
}

const bearer = (device: Device) => ({ authorization: `Bearer ${device.token}` })
const cancel = (device: Device, sosId: string, pin: string): Promise<Seen> =>
  see(`${tower.url}/api/sos/${sosId}/cancel`, {
    method: 'POST',
    headers: { ...bearer(device), 'content-type': 'application/json' },
    body: JSON.stringify({ pin }),
  })
const status = (device: Device, sosId: string): Promise<Seen> =>
  see(`${tower.url}/api/sos/${sosId}`, { headers: bearer(device) })

const RECEIVED = '{"state":"received","receivedAt":"<a time>"}'
const CANCELLED = '{"state":"cancelled","receivedAt":"<a time>"}'

/** Everything that people at desks do while it is open. Gives the incident. */
async function workOn(sosId: string): Promise<void> {
  await until(async () => (await ana.act(sosId, 'take')).status === 200, 5_000, 'the take')
  const asked = await ana.act(sosId, 'legs', { kind: 'police', name: 'PS-7' })
  const legId = asked.body.incident.legs[0]?.id
  for (const state of ['accepted', 'on_the_way', 'there']) {
    expect((await ana.act(sosId, 'legs', { legId, state })).status).toBe(200)
  }
  expect((await ana.act(sosId, 'note', { text: 'canary-note' })).status).toBe(200)
}

/** What each of the apps gets for a message at this device's address: an SOS again, and a mere position. */
function appReplies(device: Device): Promise<Seen[]> {
  const at = String(Math.floor(Date.now() / 1_000))
  const place = { lat: '14.55', lon: '121.02', timestamp: at, accuracy: '8.0', batt: '41.0', id: '1' }
  const json = (extras: object) =>
    JSON.stringify({
      location: {
        timestamp: new Date().toISOString(),
        coords: { latitude: 14.55, longitude: 121.02, accuracy: 5, speed: 3, heading: 271, altitude: 5 },
        extras,
      },
      device_id: '1',
    })
  const post = (body: BodyInit, type: string) =>
    see(device.ingestUrl, { method: 'POST', headers: { 'content-type': type }, body })
  const form = 'application/x-www-form-urlencoded; charset=UTF-8'
  return Promise.all([
    see(`${device.ingestUrl}?${new URLSearchParams(place)}`, { method: 'POST' }),
    see(`${device.ingestUrl}?${new URLSearchParams({ ...place, alarm: 'sos' })}`, { method: 'POST' }),
    see(`${device.ingestUrl}?${new URLSearchParams(place)}`),
    post(json({}), 'application/json'),
    post(json({ alarm: 'sos' }), 'application/json'),
    post(new URLSearchParams(place).toString(), form),
    post(new URLSearchParams({ ...place, alarm: 'sos' }).toString(), form),
  ])
}

describe('a quiet incident', () => {
  test('reads the same by every outward path, whatever happened to it, and nothing comes unasked', async () => {
    const [worked, untouched, open] = [next(), next(), next()]
    const line = await Lifeline.open(tower, worked)
    const idle = await Lifeline.open(tower, untouched)
    const talking = await Lifeline.open(tower, open)
    const a = String((await line.ask({ id: crypto.randomUUID(), kind: 'panic' })).sosId)
    const b = String((await idle.ask({ id: crypto.randomUUID(), kind: 'panic' })).sosId)
    const c = String((await talking.ask({ id: crypto.randomUUID(), kind: 'crash' })).sosId)
    await workOn(a)
    await workOn(c)
    // The same acts on an incident that may talk do reach its phone: else all of this would prove nothing.
    await until(() => talking.heard.some((each) => each.state === 'help_on_the_way'), 5_000, 'the talking one hears')
    expect((await status(open, c)).body).toContain('"state":"help_on_the_way"')

    expect(await status(worked, a)).toEqual(await status(untouched, b))
    expect((await status(worked, a)).body).toBe(RECEIVED)
    expect(blank(JSON.stringify(await line.ask({ status: a })))).toBe(
      blank(JSON.stringify(await idle.ask({ status: b }))),
    )
    // Without the token: by the address that the answer to the press gave.
    const again = next()
    const pressed = await press(tower, again, { id: crypto.randomUUID(), kind: 'security' })
    await workOn(pressed.body.sosId)
    expect((await see(pressed.body.statusUrl)).body).toBe(RECEIVED)
    const { pathname, search } = new URL(pressed.body.statusUrl)
    expect((await see(tower.url + pathname)).status).toBe(401)
    expect((await see(`${tower.url}${pathname}${search.slice(0, -2)}AA`)).status).toBe(401)

    expect(await appReplies(worked)).toEqual(await appReplies(untouched))
    expect(await appReplies(worked)).toEqual(await appReplies(next()))
    // Ended by people: quiet it stays, and "closed" would say that somebody had it open.
    expect((await ana.act(a, 'safe', { confirmedBy: 'police_there' })).status).toBe(200)
    await ana.act(a, 'close')
    expect((await ben.act(a, 'close')).body.incident.state).toBe('closed')
    expect(await status(worked, a)).toEqual(await status(untouched, b))
    await Bun.sleep(500)
    expect(line.heard.map(({ t }) => t)).toEqual(['received', 'status'])
    expect(idle.heard.map(({ t }) => t)).toEqual(['received', 'status'])
  }, 60_000)
})

describe('the two PINs', () => {
  test('answer the same bytes and headers, then and later, by HTTP and by lifeline; only the desk knows', async () => {
    const [calm, forced] = [next(), next()]
    const lines = [await Lifeline.open(tower, calm), await Lifeline.open(tower, forced)] as const
    const [t, d] = await Promise.all(
      [calm, forced].map(async (device) => (await press(tower, device, { kind: 'crash' })).body.sosId),
    )
    if (!t || !d) throw new Error('not pressed')
    await until(async () => (await ana.get(`/api/incidents/${d}`)).status === 200)
    const [afterTrue, afterDuress] = [await cancel(calm, t, calm.pin), await cancel(forced, d, forced.duressPin)]
    expect(afterDuress).toEqual(afterTrue)
    expect([afterTrue.status, afterTrue.body]).toEqual([200, CANCELLED])

    const incident = await until(async () => {
      const found = await ana.incident(d)
      return found.flags.includes('duress') && found
    })
    expect(incident).toMatchObject({ state: 'new', priority: 'P1', contactPolicy: 'quiet' })
    await until(async () => (await ana.incident(t)).state === 'cancelled')
    await workOn(d)
    expect(await status(forced, d)).toEqual(await status(calm, t))
    expect((await status(forced, d)).body).toBe(CANCELLED)

    const [one, two] = [next(), next()]
    const [x, y] = [await Lifeline.open(tower, one), await Lifeline.open(tower, two)]
    const p = (await x.ask({ id: crypto.randomUUID(), kind: 'panic' })).sosId
    const q = (await y.ask({ id: crypto.randomUUID(), kind: 'panic' })).sosId
    const said = await x.ask({ cancel: p, pin: one.pin })
    const saidUnderDuress = await y.ask({ cancel: q, pin: two.duressPin })
    expect(blank(JSON.stringify(saidUnderDuress))).toBe(blank(JSON.stringify(said)))
    await Bun.sleep(1_000)
    expect(lines[1].heard.map((each) => blank(JSON.stringify(each)))).toEqual(
      lines[0].heard.map((each) => blank(JSON.stringify(each))),
    )
    expect([x.heard.length, y.heard.length]).toEqual([2, 2])
    expect(await appReplies(two)).toEqual(await appReplies(one))
  }, 60_000)

  test('after duress later presses say cancelled, too, until a supervisor lifts it', async () => {
    const device = next()
    const first = (await press(tower, device, { id: crypto.randomUUID() })).body.sosId
    await until(async () => (await ana.get(`/api/incidents/${first}`)).status === 200)
    await cancel(device, first, device.duressPin)
    await until(async () => (await ana.incident(first)).flags.includes('duress'))
    const later = await press(tower, device, { id: crypto.randomUUID() })
    expect(later.status).toBe(201)
    expect((await status(device, later.body.sosId)).body).toBe(CANCELLED)
    await until(async () => (await ana.incident(first)).pressCount === 2)
    expect((await status(device, later.body.sosId)).body).toBe(CANCELLED)
    // The true PIN does not calm it once somebody was forced.
    await cancel(device, later.body.sosId, device.pin)
    await Bun.sleep(300)
    expect((await ana.incident(first)).state).toBe('new')

    expect((await ana.act(first, 'lift-duress', { reason: 'I think so' })).status).toBe(403)
    expect((await susana.act(first, 'lift-duress', { reason: 'Seen by police' })).status).toBe(200)
    await until(async () => (await status(device, first)).body === RECEIVED, 5_000, 'the lift at the phone')
    const after = await press(tower, device, { id: crypto.randomUUID() })
    expect((await status(device, after.body.sosId)).body).toBe(RECEIVED)
  }, 60_000)

  test('a wrong one cancels nothing, and five of them make even a talking incident quiet and flag it', async () => {
    const device = next()
    const { sosId } = (await press(tower, device, { kind: 'crash' })).body
    await until(async () => (await ana.get(`/api/incidents/${sosId}`)).status === 200)
    const answers: Seen[] = []
    for (const pin of ['0001', '0002', '0003', '0004', '0005']) answers.push(await cancel(device, sosId, pin))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 403 })
    const flagged = await until(async () => {
      const found = await ana.incident(sosId)
      return found.flags.includes('pin_guessing') && found
    })
    expect(flagged).toMatchObject({ state: 'new', contactPolicy: 'quiet' })
    await workOn(sosId)
    expect((await status(device, sosId)).body).toBe(RECEIVED)
    // Another device's own PIN does nothing to it, wherever that cancel lands.
    for (const other of [next(), next(), next()]) await cancel(other, sosId, other.pin)
    await Bun.sleep(300)
    expect((await ana.incident(sosId)).state).toBe('help_asked')
    expect((await status(device, sosId)).body).toBe(RECEIVED)
  }, 60_000)

  test('and the ways that are neutral take as long as each other', async () => {
    const sides = { true: [] as number[], duress: [] as number[], quiet: [] as number[], talking: [] as number[] }
    const timed = async (into: number[], work: () => Promise<Seen>, wanted: number) => {
      const began = performance.now()
      expect((await work()).status).toBe(wanted)
      into.push(performance.now() - began)
    }
    const pair = await Promise.all(
      ['panic', 'crash'].map(async (kind) => {
        const device = next()
        return { device, sosId: (await press(tower, device, { kind })).body.sosId }
      }),
    )
    const [quiet, talking] = pair
    if (!quiet || !talking) throw new Error('not pressed')
    for (let n = 0; n < 30; n++) {
      const [calm, forced] = [next(), next()]
      const [t, d] = [await press(tower, calm, {}), await press(tower, forced, {})]
      await timed(sides.true, () => cancel(calm, t.body.sosId, calm.pin), 200)
      await timed(sides.duress, () => cancel(forced, d.body.sosId, forced.duressPin), 200)
    }
    // By themselves and in turn: whichever came first after a cancel would wait for what its shard tells the room.
    await Bun.sleep(500)
    for (let n = 0; n < 60; n++) {
      const { side, of } = n % 2 === 0 ? { side: sides.quiet, of: quiet } : { side: sides.talking, of: talking }
      await timed(side, () => status(of.device, of.sosId), 200)
    }
    const median = (samples: number[]) => samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0
    const [t, d, q, o] = [sides.true, sides.duress, sides.quiet, sides.talking].map(median) as [
      number,
      number,
      number,
      number,
    ]
    const ms = (each: number) => `${each.toFixed(2)} ms`
    console.log(
      `medians of 30: true PIN ${ms(t)}, duress PIN ${ms(d)}; status of a quiet one ${ms(q)}, of a talking one ${ms(o)}`,
    )
    // Wide on purpose: what it must catch is a wait or a further call on one side, not a loaded machine.
    for (const ratio of [d / t, q / o]) {
      expect(ratio).toBeGreaterThan(1 / 4)
      expect(ratio).toBeLessThan(4)
    }
  }, 60_000)
})

// Quiet until proven, by what providers were asked for: a quiet incident is worked on by every way out that the tower has, and no
// request of any provider and no frame of any socket was for the driver's side. A talking one beside it is reached by the same acts.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import { simDelivered } from '../simulators/sim-gateway'
import { figure, WaysOut } from '../support/ways-out'
import { type Device, enrol, Lifeline, Person, press, until } from './people'

let ways: WaysOut
let ana: Person
let susana: Person
let quiet: Device
let open: Device
let idle: Device

const PHONE = { quiet: '+639005551111', open: '+639005552222', idle: '+639005553333' }
const KIN = { wife: '+639005551112', beside: PHONE.quiet }
/** In one corner of the sea where no other vehicle of the demo is. */
const HERE = { lat: 14.51, lng: 120.905 }

beforeAll(async () => {
  ways = await WaysOut.start({ settings: { TOWER_PHONES: 'NCR:0286540000' } })
  const [a, b, c] = await enrol(ways.tower, 3)
  if (!a || !b || !c) throw new Error('three devices were to be enrolled')
  ;[quiet, open, idle] = [a, b, c]
  const sql = postgres(ways.tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    for (const [device, phone] of [
      [quiet, PHONE.quiet],
      [open, PHONE.open],
      [idle, PHONE.idle],
    ] as const)
      await sql`UPDATE driver SET phone = ${phone} WHERE id = ${`drv-${device.id}`}`
    const contacts = [
      { id: 'wife', name: 'Made-up Wife', relation: 'wife', phone: KIN.wife, lang: 'en' },
      { id: 'beside', name: 'Phone In The Car', relation: 'self', phone: KIN.beside, lang: 'en' },
    ]
    await sql`INSERT INTO driver_kin (driver_id, region, contacts, changed_by, version)
      VALUES (${`drv-${quiet.id}`}, 'NCR', ${sql.json(contacts)}, 'test', 0)`
  } finally {
    await sql.end()
  }
  ;[ana, susana] = await Promise.all([
    Person.logIn(ways.tower, { role: 'operator', nth: 0 }),
    Person.logIn(ways.tower, { role: 'supervisor' }),
  ])
  // The lead's policy comes after the drivers, so what the room knows of it knows them, too.
  await ways.lead('NCR', [
    ['voice', 'sms'],
    ['email', 'webhook'],
  ])
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

/** Whatever any provider was asked to send there, taken or not. */
const askedOf = (...numbers: string[]) => numbers.flatMap((to) => ways.asked(to))

async function stand(device: Device): Promise<void> {
  const at = String(Math.floor(Date.now() / 1_000))
  const query = new URLSearchParams({
    id: '1',
    lat: String(HERE.lat),
    lon: String(HERE.lng),
    timestamp: at,
    accuracy: '8',
  })
  expect((await fetch(`${device.ingestUrl}?${query}`)).status).toBe(200)
}

test('no act on a quiet incident makes any provider or socket reach its side, and the same acts reach a talking one', async () => {
  const lines = {
    quiet: await Lifeline.open(ways.tower, quiet),
    open: await Lifeline.open(ways.tower, open),
  }
  for (const device of [quiet, open, idle]) await stand(device)
  const a = (await press(ways.tower, quiet, { kind: 'panic', position: HERE })).body.sosId
  const b = (await press(ways.tower, open, { kind: 'crash', position: HERE })).body.sosId
  await until(async () => (await ana.queue()).filter(({ id }) => id === a || id === b).length === 2)
  expect((await ana.incident(a)).contactPolicy).toBe('quiet')

  // In line, and asked: before anybody has taken it.
  expect((await susana.post('/api/regions/NCR/storm', { on: true })).status).toBe(200)
  await until(
    () => lines.open.heard.some(({ t }) => t !== 'received' && t !== 'status') || askedOf(PHONE.open).length > 0,
    10_000,
    'the question to the talking one',
  )

  const acts: [name: string, status: number][] = []
  const does = async (name: string, answer: Promise<{ status: number }>) => {
    const { status } = await answer
    acts.push([name, status])
    return status
  }
  for (const id of [a, b]) expect(await does('take', ana.act(id, 'take'))).toBe(200)
  expect(await does('message', ana.act(a, 'message', { text: 'Police are two minutes away.' }))).toBe(409)
  expect(await does('message', ana.act(b, 'message', { text: 'Police are two minutes away.' }))).toBe(200)
  expect(await does('kin beside', ana.act(a, 'kin', { contactIds: ['beside'], stage: 'pressed' }))).toBe(409)
  expect(await does('kin both', ana.act(a, 'kin', { contactIds: ['wife', 'beside'], stage: 'pressed' }))).toBe(409)
  const share = { recipient: 'Somebody', granted: ['position'], minutes: 30 }
  expect(await does('share kin', ana.act(a, 'shares', { ...share, kind: 'kin', phone: KIN.wife }))).toBe(409)
  expect(
    await does('share to the driver', ana.act(a, 'shares', { ...share, kind: 'agency', phone: PHONE.quiet })),
  ).toBe(409)
  expect(await does('share agency', ana.act(a, 'shares', { ...share, kind: 'agency' }))).toBe(201)
  await does('hand-off', ana.act(a, 'handoff', { agencyId: 'ncr-911', number: '911' }))
  for (const state of ['accepted', 'on_the_way', 'there'])
    await does('leg', ana.act(a, 'legs', { kind: 'police', name: 'PS-7', state }))
  await does('note', ana.act(a, 'note', { text: 'canary-note' }))
  const wish = { kind: 'driver', devices: [quiet.id], windowMinutes: 5, requestId: crypto.randomUUID() }
  expect(await does('drill of its phone', susana.post('/api/regions/NCR/drills', wish))).toBe(409)

  // An area with all three phones in it: one is idle, one talks, one must stay silent.
  const d = 0.01
  const drawn = {
    kind: 'flood',
    place: 'Manila Bay',
    corners: [
      { lat: HERE.lat - d, lng: HERE.lng - d },
      { lat: HERE.lat - d, lng: HERE.lng + d },
      { lat: HERE.lat + d, lng: HERE.lng + d },
      { lat: HERE.lat + d, lng: HERE.lng - d },
    ],
    until: new Date(Date.now() + 30 * 60_000).toISOString(),
  }
  type Preview = { id: string; counts: { devices: number; quiet: number } }
  const preview = await susana.post<Preview>('/api/regions/NCR/areas/preview', drawn)
  expect(preview.status).toBe(201)
  expect(preview.body.counts).toMatchObject({ quiet: 1 })
  const { id: shown, counts } = preview.body
  expect(await does('area', susana.post('/api/regions/NCR/areas', { preview: shown, devices: counts.devices }))).toBe(
    200,
  )
  await until(() => askedOf(PHONE.idle).length > 0, 15_000, 'the broadcast to the idle phone')

  // A text of the driver's own that cries again is heard, and nothing goes back to it.
  ways.sim.plans.always(simDelivered())
  expect(await ways.sim.receive(PHONE.quiet, 'SOS')).toBe(200)
  expect(await ways.sim.receive(PHONE.quiet, 'HELP')).toBe(200)
  await until(async () => (await ana.incident(a)).pressCount > 1, 10_000, 'the texted press')
  await Bun.sleep(3_000)

  // The whole record of every provider, and of the socket.
  expect(askedOf(PHONE.quiet)).toEqual([])
  expect(askedOf(KIN.wife)).toEqual([])
  expect(lines.quiet.heard).toEqual([])
  expect(JSON.stringify(ways.receiver.received)).not.toContain(PHONE.quiet)
  const everything = JSON.stringify([
    ways.twilio.requests.map(({ fields }) => [...fields]),
    ways.sim.texts,
    ways.sendgrid.mails,
  ])
  for (const number of [PHONE.quiet, KIN.wife]) expect(everything).not.toContain(number.slice(-9))
  // And by a person's decision, the one contact whose phone lies elsewhere: in words that ask for no call.
  expect((await ana.act(a, 'kin', { contactIds: ['wife'], stage: 'pressed' })).status).toBe(200)
  await until(() => askedOf(KIN.wife).length === 1, 10_000, 'the contact who was released')
  const [text] = ways.twilio.requests.flatMap(({ to, fields }) => (to === KIN.wife ? [fields.get('Body') ?? ''] : []))
  expect(text).toMatch(/not call|wag/i)
  expect(askedOf(PHONE.quiet)).toEqual([])
  expect(ways.violations).toEqual([])
  figure(
    'quiet, by what providers were asked',
    `${acts.length} acts on it and beside it; to its phone 0, its lifeline ${lines.quiet.heard.length}, its contacts 0 before ` +
      `a person released one; to the talking one's phone and lifeline ${askedOf(PHONE.open).length + lines.open.heard.length}`,
  )
}, 120_000)

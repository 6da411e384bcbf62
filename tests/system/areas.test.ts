// A broadcast on the real runtime: counted by the fleet, said on lifelines, answered, and never heard where silence is kept. And
// words to and fro between a desk and a driver.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, enrol, Lifeline, Person, press, until } from './people'

let tower: Tower
let next: () => Device
let boss: Person
let ana: Person

beforeAll(async () => {
  tower = await startTestTower()
  next = devicesOf(tower, 'NCR')
  boss = await Person.logIn(tower, { role: 'supervisor' })
  ana = await Person.logIn(tower, { role: 'operator' })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

type Counted = { id: string; counts: Record<string, number>; error?: { code: string } }
type Area = { id: string; ref: string; state: string; roll: Record<string, number> }
type File = { area: Area; people: { deviceId: string; standing: string; incidentId: string | null }[] }

/** A square kilometre of Fairview that no other test drives through. */
const corners = [
  { lat: 14.7, lng: 121.05 },
  { lat: 14.7, lng: 121.06 },
  { lat: 14.71, lng: 121.06 },
  { lat: 14.71, lng: 121.05 },
]

const stand = ({ token }: Device, at = { lat: 14.705, lng: 121.055 }) =>
  call(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...at, accuracyM: 8, fixedAt: new Date().toISOString() }),
  })

const drawn = (changes: object = {}) => ({
  kind: 'flood',
  place: 'Regalado Ave, Fairview',
  corners,
  until: new Date(Date.now() + 3_600_000).toISOString(),
  ...changes,
})
const count = (changes: object = {}) => boss.post<Counted>('/api/regions/NCR/areas/preview', drawn(changes))
const fileOf = async (id: string) => (await ana.get<File>(`/api/regions/NCR/areas/${id}`)).body
const messagesOn = (line: Lifeline) => line.heard.filter(({ t }) => t === 'message')

describe('a broadcast', () => {
  test('reaches who is in it and may hear it, is answered on the same line, and taken back', async () => {
    const [safe, help, quiet] = [next(), next(), next()]
    const lines = await Promise.all([safe, help, quiet].map((device) => Lifeline.open(tower, device)))
    const [safeLine, helpLine, quietLine] = lines as [Lifeline, Lifeline, Lifeline]
    for (const device of [safe, help, quiet]) expect((await stand(device)).status).toBe(200)
    const silent = (await press(tower, quiet, { kind: 'panic' })).body.sosId
    await until(async () => (await ana.queue()).some(({ id }) => id === silent), 10_000, 'the silent incident')

    const counted = await until(
      async () => {
        const { body } = await count()
        return body.counts?.devices === 3 ? body : null
      },
      10_000,
      'three devices in the area',
    )
    expect(counted.counts).toMatchObject({ people: 3, lifeline: 2, quiet: 1 })
    const heardSoFar = quietLine.heard.length
    const sent = await boss.post<{ area: Area }>('/api/regions/NCR/areas', { preview: counted.id, devices: 3 })
    expect(sent).toMatchObject({ status: 200, body: { area: { ref: 'A-1' } } })

    const [asked] = await until(
      () => (messagesOn(safeLine).length > 0 ? messagesOn(safeLine) : null),
      10_000,
      'the message',
    )
    expect(asked).toMatchObject({
      reason: 'area',
      text: expect.stringContaining('BAHA sa Regalado Ave, Fairview.'),
      answers: [{ answer: 'safe' }, { answer: 'need_help' }],
      texts: { en: expect.stringContaining('FLOOD around Regalado Ave, Fairview.') },
    })
    const [cry] = await until(
      () => (messagesOn(helpLine).length > 0 ? messagesOn(helpLine) : null),
      10_000,
      'the message',
    )

    safeLine.socket.send(JSON.stringify({ t: 'answer', id: asked?.id, answer: 'safe' }))
    const receipt = await helpLine.ask({ t: 'answer', id: cry?.id, answer: 'need_help' })
    expect(receipt).toMatchObject({ t: 'received', statusUrl: expect.stringContaining('/api/sos/') })
    await until(async () => (await fileOf(counted.id)).area.roll.need_help === 1, 10_000, 'the cry in the roll-call')
    await until(async () => (await fileOf(counted.id)).area.roll.safe === 1, 10_000, 'the answer in the roll-call')
    const file = await fileOf(counted.id)
    expect(file.area).toMatchObject({ state: 'open', roll: { safe: 1, need_help: 1, silent: 0, quiet: 1 } })
    expect(file.people.map(({ deviceId }) => deviceId)).not.toContain(quiet.id)
    const incident = await ana.incident(String(receipt.sosId))
    expect(incident).toMatchObject({ kind: 'flood', contactPolicy: 'voice_ok', deviceId: help.id })
    expect(incident.position).toMatchObject({ lat: 14.705, lng: 121.055 })

    expect((await boss.post(`/api/regions/NCR/areas/${counted.id}/cancel`, {})).status).toBe(200)
    await until(() => messagesOn(safeLine).length === 2, 10_000, 'that it is cancelled')
    expect(messagesOn(safeLine)[1]).toMatchObject({ text: expect.stringContaining('BINAWI'), answers: [] })
    // One line for all of it: had anything been said there, it would have come before this answer.
    expect(await quietLine.ask({ status: silent })).toMatchObject({ t: 'status', state: 'received' })
    expect(quietLine.heard.slice(heardSoFar).map(({ t }) => t)).toEqual(['status'])
    for (const line of lines) line.socket.close()
  }, 90_000)

  test('reaches a vehicle of another region that is in it: counted, told on its line, in the roll-call, and taken back', async () => {
    const [guest] = (await enrol(tower, 1, 'CEB')) as [Device]
    const line = await Lifeline.open(tower, guest)
    const there = [
      { lat: 14.72, lng: 121.05 },
      { lat: 14.72, lng: 121.06 },
      { lat: 14.73, lng: 121.06 },
      { lat: 14.73, lng: 121.05 },
    ]
    expect((await stand(guest, { lat: 14.725, lng: 121.055 })).status).toBe(200)
    const counted = await until(
      async () => {
        const { body } = await count({ corners: there })
        return body.counts?.devices === 1 ? body : null
      },
      10_000,
      'the guest in the area',
    )
    expect(counted).toMatchObject({
      counts: { people: 1, lifeline: 1 },
      guests: [{ region: 'CEB', devices: 1 }],
      missing: [],
    })
    const sent = await boss.post<{ area: Area }>('/api/regions/NCR/areas', { preview: counted.id, devices: 1 })
    expect(sent.status).toBe(200)
    const [asked] = await until(() => (messagesOn(line).length > 0 ? messagesOn(line) : null), 10_000, 'the message')
    expect(asked).toMatchObject({ reason: 'area', text: expect.stringContaining(`Ref ${sent.body.area.ref}`) })
    line.socket.send(JSON.stringify({ t: 'answer', id: asked?.id, answer: 'safe' }))
    const file = await until(
      async () => {
        const found = await fileOf(counted.id)
        return found.area.roll.safe === 1 ? found : null
      },
      10_000,
      'the answer in the roll-call of the desk',
    )
    expect(file.people).toMatchObject([{ deviceId: guest.id, standing: 'safe' }])
    expect((await boss.post(`/api/regions/NCR/areas/${counted.id}/cancel`, {})).status).toBe(200)
    await until(() => messagesOn(line).length === 2, 10_000, 'that it is cancelled')
    line.socket.close()
  }, 90_000)

  test('in a government’s words is refused with the reason', async () => {
    const { status, body } = await count({ text: { en: 'PAGASA: flood', fil: 'Baha' } })
    expect([status, body.error?.code]).toEqual([422, 'area_government'])
  })
})

test('a desk and a driver write to and fro, on the lifeline and over HTTP', async () => {
  const device = next()
  const line = await Lifeline.open(tower, device)
  const { sosId } = (await press(tower, device, { kind: 'crash' })).body
  await until(async () => (await ana.queue()).some(({ id }) => id === sosId), 10_000, 'the incident')
  await ana.act(sosId, 'take')
  expect((await ana.act(sosId, 'message', { text: 'Are you near the gate?' })).status).toBe(200)
  const [asked] = await until(() => (messagesOn(line).length > 0 ? messagesOn(line) : null), 10_000, 'the message')
  expect(asked).toMatchObject({ text: 'Are you near the gate?', answers: [] })
  line.socket.send(JSON.stringify({ t: 'answer', id: asked?.id, text: 'By the guard' }))
  await until(() => line.heard.some(({ t }) => t === 'answer'), 10_000, 'that it was heard')
  await until(async () => (await boss.incident(sosId)).flags.includes('driver_wrote'), 10_000, 'the unread mark')
  expect((await boss.incident(sosId)).ring).toMatchObject({ to: 'owner', reason: 'message' })
  // Its owner opens it: read.
  await ana.incident(sosId)
  await until(async () => !(await boss.incident(sosId)).flags.includes('driver_wrote'), 10_000, 'that it was read')
  const path = `${tower.url}/api/sos/${sosId}/messages`
  const read = await call(path, { headers: { authorization: `Bearer ${device.token}` } })
  expect(read.body).toMatchObject({
    messages: [
      { from: 'tower', text: 'Are you near the gate?' },
      { from: 'driver', text: 'By the guard' },
    ],
  })
  line.socket.close()
}, 60_000)

// In the half hour after a press a phone is asked for faster fixes, and nothing that it is answered says what became of that.
// Each way by which a phone hears of its pace, byte by byte, for each end that an incident can take.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestTower } from '../support/tower'
import { blank, type Seen, see } from './outward'
import { type Device, enrol, Lifeline, Person, press, until } from './people'

let tower: Awaited<ReturnType<typeof startTestTower>>
let ana: Person
let ben: Person

beforeAll(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator', nth: 0 })
  ben = await Person.logIn(tower, { role: 'operator', nth: 1 })
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

type Phone = { device: Device; line: Lifeline; sosId: string }
type End = { kind: 'panic' | 'crash'; next?: (phone: Phone) => Promise<unknown>; state: string }

const bearer = (device: Device) => ({ authorization: `Bearer ${device.token}` })
const done = async (person: Person, id: string, act: string, body: unknown = {}) =>
  expect((await person.act(id, act, body)).status).toBe(200)
const cancel = (pin: 'pin' | 'duressPin') => (phone: Phone) =>
  phone.line.ask({ cancel: phone.sosId, pin: phone.device[pin] })

const ENDS: Record<string, End> = {
  'quiet and untouched': { kind: 'panic', state: 'new' },
  'quiet and worked on': { kind: 'panic', state: 'taken', next: ({ sosId }) => done(ana, sosId, 'take') },
  'quiet and closed': {
    kind: 'panic',
    state: 'closed',
    next: async ({ sosId }) => {
      await done(ana, sosId, 'take')
      await done(ana, sosId, 'safe', { confirmedBy: 'police_there' })
      await done(ana, sosId, 'close')
      await done(ben, sosId, 'close')
    },
  },
  'cancelled by the true PIN': { kind: 'panic', state: 'cancelled', next: cancel('pin') },
  'cancelled under duress': { kind: 'panic', state: 'new', next: cancel('duressPin') },
  'one that may talk': { kind: 'crash', state: 'taken', next: ({ sosId }) => done(ana, sosId, 'take') },
  'one that may talk, cancelled by the true PIN': { kind: 'crash', state: 'cancelled', next: cancel('pin') },
  'one that may talk, cancelled under duress': { kind: 'crash', state: 'new', next: cancel('duressPin') },
  'a false alarm': {
    kind: 'crash',
    state: 'false_alarm',
    next: ({ sosId }) => done(ana, sosId, 'false-alarm', { reason: 'test' }),
  },
}

const position = (device: Device): Promise<Seen> =>
  see(`${tower.url}/api/positions`, {
    method: 'POST',
    headers: bearer(device),
    body: JSON.stringify({ lat: 14.5547, lng: 121.0244, fixedAt: new Date().toISOString() }),
  })

const app = (device: Device, record: object): Promise<Seen> =>
  see(device.ingestUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(record),
  })

const owntracks = (device: Device, more: object = {}): Promise<Seen> =>
  app(device, { _type: 'location', lat: 14.55, lon: 121.02, tst: Math.floor(Date.now() / 1_000), ...more })

const overland = (device: Device): Promise<Seen> => {
  const properties = { timestamp: new Date().toISOString(), horizontal_accuracy: 8 }
  const geometry = { type: 'Point', coordinates: [121.02, 14.55] }
  return app(device, { locations: [{ type: 'Feature', geometry, properties }] })
}

async function socketAck(device: Device): Promise<string> {
  const url = `${tower.url.replace('http', 'ws')}/api/drivers/positions`
  const socket = new WebSocket(url, { headers: bearer(device) } as unknown as string[])
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.addEventListener('message', ({ data }) => resolve(String(data)))
      socket.addEventListener('error', () => reject(new Error('the socket of positions was refused')))
      socket.addEventListener('open', () => socket.send(JSON.stringify({ lat: 14.5547, lng: 121.0244 })))
    })
  } finally {
    socket.close()
  }
}

/** All that this phone is told of its pace, in the order in which it asks. */
async function heardBy(device: Device): Promise<(Seen | string)[]> {
  const heard: (Seen | string)[] = [await position(device), await socketAck(device)]
  for (const answer of [owntracks, owntracks, overland]) heard.push(await answer(device))
  heard.push(await owntracks(device, { poi: 'SOS' }), await position(device))
  return heard
}

test('a phone that pressed hears the same pace by every way, whatever became of its incident', async () => {
  const names = Object.keys(ENDS)
  const [stranger, ...devices] = (await enrol(tower, names.length + 1)) as [Device, ...Device[]]
  const answers: string[] = []
  const phones: Phone[] = []
  for (const [n, name] of names.entries()) {
    const device = devices[n] as Device
    const line = await Lifeline.open(tower, device)
    const answer = await line.ask({ id: crypto.randomUUID(), kind: ENDS[name]?.kind, ref: 1 })
    answers.push(
      blank(JSON.stringify(answer))
        .replaceAll(device.id, '<a device>')
        .replace(/([?&][sk]=)[^"&]+/g, '$1'),
    )
    expect(answer).toMatchObject({ t: 'received', fixEveryS: 5 })
    phones.push({ device, line, sosId: String(answer.sosId) })
  }
  expect(new Set(answers).size).toBe(1)

  for (const [n, name] of names.entries()) {
    const phone = phones[n] as Phone
    await until(async () => (await ana.get(`/api/incidents/${phone.sosId}`)).status === 200)
    await ENDS[name]?.next?.(phone)
    await until(async () => (await ana.incident(phone.sosId)).state === ENDS[name]?.state, 10_000, `${name}: its state`)
  }
  const ends = await Promise.all(phones.map(({ sosId }) => ana.incident(sosId)))
  expect(ends.filter(({ flags }) => flags.includes('duress'))).toHaveLength(2)

  for (const { device } of phones)
    await until(async () => (await position(device)).body.includes('"fixEveryS":5'), 15_000, 'the faster pace')
  const heard = await Promise.all(phones.map(({ device }) => heardBy(device)))
  for (const [n, each] of heard.entries()) expect([names[n], each]).toEqual([names[n], heard[0] as (Seen | string)[]])
  const [own, ack, command, , , cry] = heard[0] as [Seen, string, Seen, Seen, Seen, Seen]
  expect(own.body).toBe('{"taken":1,"malformed":[],"fixEveryS":5}')
  expect(ack).toBe(own.body)
  expect(command.body).toContain('"locatorInterval":5')
  expect(cry.body).toBe('[]')
  // One that never pressed hears nothing of it: else all of this would prove nothing.
  const other = (await heardBy(stranger)) as [Seen, string, Seen]
  expect([other[0].body, other[1], other[2].body]).toEqual([
    '{"taken":1,"malformed":[]}',
    '{"taken":1,"malformed":[]}',
    '[]',
  ])
  for (const { line } of phones) line.socket.close()
}, 120_000)

test('the answer of POST /api/sos says nothing of any pace', async () => {
  const [device] = (await enrol(tower, 1)) as [Device]
  const { status, body } = await press(tower, device, { kind: 'panic' })
  expect([status, Object.keys(body)]).toEqual([201, ['sosId', 'receivedAt', 'statusUrl']])
})

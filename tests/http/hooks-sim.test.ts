// What the phone with our SIM hears: cries of drivers without data, answers, and what became of its own texts.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { DirectoryRow } from '../../src/domain/directory'
import { simHolds, simSignature } from '../../src/http/hooks/signatures'
import { CRIES, readText } from '../../src/http/hooks/sim-words'
import { deviceOfPhone } from '../../src/room/phones'
import { way } from '../courier/channels/support'
import { until } from '../simulators/plans'
import { type SimSimulator, simFailed, startSim } from '../simulators/sim-gateway'
import { openRoom } from '../support/room'
import { attempt, openTower, type Tower } from './hooks-support'

const JUAN = '+639175550147'
const rows: DirectoryRow[] = [
  { kind: 'driver', id: 'd1', version: 1, body: { id: 'd1', name: 'Juan Dela Cruz', phone: '0917 555 0147' } },
  {
    kind: 'device',
    id: 'NCR-1',
    version: 1,
    body: {
      id: 'NCR-1',
      home: 'NCR',
      driverId: 'd1',
      vehicleId: null,
      minGeneration: 3,
      pinMac: null,
      duressPinMac: null,
    },
  },
]

let tower: Tower
let sim: SimSimulator
const rooms = { away: false }
beforeEach(async () => {
  const { room } = openRoom()
  room.learn(rows)
  rooms.away = false
  sim = await startSim()
  tower = await openTower(sim.settings, {
    deviceOfPhone: async (phone) => {
      if (rooms.away) throw new Error('internal error; reference = 0')
      return deviceOfPhone(room.directory, phone)
    },
  })
  sim.callTo(`${tower.origin}/hooks/sim`)
})
afterEach(async () => {
  await sim.stop()
  await tower.stop()
})

describe('a text that cries', () => {
  test('from a driver’s number is a press of their device: by text, quiet, with its words', async () => {
    expect(await sim.receive(JUAN, 'Sos! hinoholdap ako, EDSA Ortigas')).toBe(200)
    expect(tower.presses.map(({ press }) => press)).toMatchObject([
      {
        deviceId: 'NCR-1',
        home: 'NCR',
        tokenGeneration: 3,
        door: 'text',
        reporter: 'driver',
        kind: 'panic',
        position: null,
        safeToTalk: null,
        note: 'Sos! hinoholdap ako, EDSA Ortigas',
        labels: ['no_fix'],
      },
    ])
    expect(tower.unverified).toEqual([])
  })

  test('begins with any of the words that people here cry, however they write them', async () => {
    for (const word of CRIES) {
      expect(readText(`${word.toLowerCase()} ako`)).toEqual({ is: 'sos', note: `${word.toLowerCase()} ako` })
      expect(readText(`  ¡${word}!!!`).is).toBe('sos')
    }
    expect(readText('SOS').is).toBe('sos')
    for (const other of [
      '',
      'sosyal',
      'Helpdesk: load promo',
      'tulungan',
      'no SOS here, all well and nothing to see at all, really',
    ])
      expect(readText(other).is).not.toBe('sos')
  })

  test('delivered twice is one press; the same words an hour later are another', async () => {
    const receivedAt = new Date(Date.now() - 1_000).toISOString()
    for (let n = 0; n < 3; n++) await sim.receive(JUAN, 'SOS', { messageId: 'abc', receivedAt })
    // The gateway makes its ids from the words, and they repeat.
    await sim.receive(JUAN, 'SOS', { messageId: 'abc', receivedAt: new Date().toISOString() })
    expect(new Set(tower.presses.map(({ press }) => press.sosId)).size).toBe(2)
  })

  test('is taken whatever the clock of the gateway says, and labelled as late where it is', async () => {
    expect(await sim.receive(JUAN, 'SOS', { clockMs: -86_400_000 })).toBe(200)
    const receivedAt = new Date(Date.now() - 600_000).toISOString()
    expect(await sim.receive(JUAN, 'TABANG', { receivedAt })).toBe(200)
    expect(await sim.receive(JUAN, 'BULIG', { receivedAt: 'yesterday' })).toBe(200)
    expect(tower.presses.map(({ press }) => press.labels)).toEqual([['no_fix'], ['no_fix', 'delayed'], ['no_fix']])
  })

  test('from a number that nobody knows is kept among the unverified', async () => {
    expect(await sim.receive('+639990001111', 'SOS please')).toBe(200)
    expect(tower.presses).toEqual([])
    expect(tower.unverified.map(({ press }) => press)).toMatchObject([
      { source: 'phone:+639990001111', door: 'text', kind: 'panic', note: 'SOS please' },
    ])
  })

  test('is kept, and asked for again, while a room that may know the number is away', async () => {
    rooms.away = true
    const text = { messageId: 'm1', receivedAt: new Date().toISOString() }
    expect(await sim.receive(JUAN, 'SOS', text)).toBe(503)
    expect(tower.unverified).toHaveLength(1)
    rooms.away = false
    expect(await sim.receive(JUAN, 'SOS', text)).toBe(200)
    expect(tower.presses).toHaveLength(1)
  })

  test('is asked for again where no intake made it durable', async () => {
    tower.deadIntakes.add('NCR:0').add('NCR:1')
    expect(await sim.receive(JUAN, 'SOS')).toBe(503)
    tower.deadIntakes.clear()
    expect(await sim.receive(JUAN, 'SOS')).toBe(200)
    expect(tower.presses).toHaveLength(1)
  })

  test('that nobody signed is nothing', async () => {
    expect(await sim.receive(JUAN, 'SOS', { forged: true })).toBe(403)
    expect(tower.presses).toEqual([])
    expect(tower.unverified).toEqual([])
    expect(tower.told).toEqual([{ what: 'forged', shard: 'NCR:0', provider: 'sim' }])
  })
})

describe('a text that answers', () => {
  test('answers the newest of all shards that wait for this number', async () => {
    tower.state.waiting.set('NCR:1', { attemptId: 'older', sentAt: 1 }).set('DVO:0', { attemptId: 'newer', sentAt: 2 })
    expect(await sim.receive('0917 555 0101', ' 1 ')).toBe(200)
    expect(tower.told.filter(({ what }) => what === 'awaits')).toHaveLength(8)
    expect(tower.told.filter(({ what }) => what === 'heard')).toEqual([
      { what: 'heard', shard: 'DVO:0', attemptId: 'newer', key: '1' },
    ])
    const asked = tower.told[0]
    expect(asked?.what === 'awaits' && asked.text).toMatchObject({ from: '+639175550101', key: '1' })
  })

  test('that nobody waits for changes nothing', async () => {
    expect(await sim.receive('+639175550101', 'Kunin')).toBe(200)
    expect(tower.told.filter(({ what }) => what === 'heard')).toEqual([])
    expect(tower.presses).toEqual([])
  })

  test('is asked for again where a shard could not be asked', async () => {
    tower.state.away = true
    expect(await sim.receive('+639175550101', 'take')).toBe(503)
  })

  test('of yesterday takes nothing of today, nor does a sender without a number, or a long story', async () => {
    expect(await sim.receive('+639175550101', '1', { clockMs: -400_000 })).toBe(200)
    expect(await sim.receive('GLOBE', '1')).toBe(200)
    expect(await sim.receive('+639175550101', 'x'.repeat(61))).toBe(200)
    expect(tower.told).toEqual([])
  })
})

describe('what became of its own texts', () => {
  const sms = () => way(sim.settings, 'sms', 'sim')

  test('reaches the shard of their attempt', async () => {
    const id = attempt('ILO.1')
    await sms().send({ attemptId: id })
    await until(() => sim.answers.length === 2)
    expect(tower.receipts().map(({ attemptId, provider, state }) => [attemptId, provider, state])).toEqual([
      [id, 'sim', 'sent'],
      [id, 'sim', 'delivered'],
    ])
    expect(tower.told[0]).toMatchObject({ shard: 'ILO:1' })
    sim.plans.always(simFailed(5))
    await sms().send()
    await until(() => tower.receipts().length === 3)
    expect(tower.receipts()[2]).toMatchObject({ state: 'failed', error: 'result_error_generic_failure' })
  })

  test('is nothing where it is another’s text, forged, old, or no event that we know', async () => {
    sim.plans.always({
      does: 'accept',
      follows: [
        { event: 'sms:delivered', afterMs: 2, unknown: true },
        { event: 'sms:delivered', afterMs: 4, forged: true },
        { event: 'sms:delivered', afterMs: 6, clockMs: -400_000 },
      ],
    })
    await sms().send()
    await until(() => sim.answers.length === 3)
    expect(await sim.post('system:ping', { health: {} })).toBe(200)
    expect(await sim.post('sms:delivered', {})).toBe(200)
    expect(sim.answers.filter(({ status }) => status === 403)).toMatchObject([{ forged: true }])
    expect(sim.answers.filter(({ status }) => status === 200)).toHaveLength(4)
    expect(tower.receipts()).toEqual([])
  })
})

describe('the door', () => {
  test('believes the gateway’s own way of signing', () => {
    // As `printf '%s' '{"a":1}1719000000' | openssl dgst -sha256 -hmac secret` has it.
    const signature = '5e421b54577fe7d124fc561bb19fa77df29013b85e220bca03347a9c30ba8ddb'
    expect(simSignature('secret', '1719000000', '{"a":1}')).toBe(signature)
    expect(simHolds('secret', '1719000000', '{"a":1}', signature.toUpperCase())).toBe(true)
    for (const other of ['', signature.slice(1), `${signature}0`])
      expect(simHolds('secret', '1719000000', '{"a":1}', other)).toBe(false)
  })

  test('reads so much and no more, and is not there where no gateway is', async () => {
    expect((await tower.ask('/hooks/sim', { method: 'POST', body: 'x'.repeat(40_000) })).status).toBe(413)
    expect((await tower.ask('/hooks/sim')).status).toBe(404)
    const other = await openTower()
    expect((await other.ask('/hooks/sim', { method: 'POST', body: '{}' })).status).toBe(404)
    await other.stop()
  })
})

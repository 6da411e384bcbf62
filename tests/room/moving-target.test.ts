import { describe, expect, test } from 'bun:test'
import type { DirectoryRow } from '../../src/domain/directory'
import type { Report } from '../../src/domain/report'
import { askLifelines, sendCards, tellFleets } from '../../src/room/departures'
import { aPress, crew, inCebu, inManila, NOON, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'

/** Wired into the vehicle of `NCR-1`, and nobody's phone. */
const tracker: DirectoryRow = {
  kind: 'device',
  id: 'NCR-T',
  version: 9,
  body: {
    id: 'NCR-T',
    home: 'NCR',
    driverId: null,
    vehicleId: 'veh-NCR-1',
    minGeneration: 1,
    pinMac: null,
    duressPinMac: null,
  },
}

function aTower() {
  const b = openRoom()
  b.room.learn([...crew('NCR-1', 1), tracker])
  return b
}

const report = (b: TestRoom, deviceId: string, at: { lat: number; lng: number }, protocol = 'own'): Report => ({
  deviceId,
  home: 'NCR',
  protocol,
  receivedAt: b.clock.now,
  position: { ...inManila, ...at, fixedAt: b.clock.now },
  event: null,
  charging: null,
  ignition: null,
})

const idOf = (b: TestRoom): string => b.heard[0]?.id ?? ''
const incidentOf = (b: TestRoom) => b.room.incidents.find(idOf(b)) ?? expect.unreachable()
const types = (b: TestRoom) => b.room.log.ofIncident(idOf(b)).map(({ type }) => type)
const linesOf = (b: TestRoom, type: string) => b.room.log.ofIncident(idOf(b)).filter((event) => event.type === type)

/** What fleet shards say when they are told whom to watch. */
const told = (b: TestRoom, contacts: Record<string, number[]>) =>
  tellFleets(
    b.room,
    1,
    () => 0,
    async () => ({ contacts }),
  )

describe('the phone and the tracker of one vehicle', () => {
  test('are both followed while one of them has an open incident, and hastened only where it is not quiet', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    expect(b.room.watching()).toEqual([
      { deviceId: 'NCR-1', hasten: false },
      { deviceId: 'NCR-T', hasten: false },
    ])
    b.room.act(idOf(b), { type: 'contact-policy', policy: 'voice_ok', reason: 'spoke to him' }, viewer('ana'))
    expect(b.room.watching().map(({ hasten }) => hasten)).toEqual([true, true])
  })

  test('are told apart on screens and in the file', () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    b.pass(2_000)
    const { moved, sources } = b.room.heard([report(b, 'NCR-T', { lat: 14.556, lng: 121.0244 }, 'traccar-server')])
    expect(moved).toEqual([])
    expect(sources).toMatchObject([
      { id: idOf(b), deviceId: 'NCR-1', source: 'phone', own: true },
      { id: idOf(b), deviceId: 'NCR-T', source: 'vehicle', own: false },
    ])
    expect(b.room.file(idOf(b), viewer('ana'))?.sources).toMatchObject([
      { deviceId: 'NCR-1', source: 'phone', own: true, position: { lat: inManila.lat } },
      { deviceId: 'NCR-T', source: 'vehicle', own: false, position: { lat: 14.556 } },
    ])
  })

  test('that part for more than 30 s are flagged once, logged with their order, and sound again', () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    const before = incidentOf(b)
    const seq = b.room.log.seq
    for (let s = 0; s <= 34; s += 2) {
      b.room.heard([
        report(b, 'NCR-1', inManila),
        report(b, 'NCR-T', { lat: inManila.lat + 0.005 + s * 0.0001, lng: inManila.lng }),
      ])
      b.pass(2_000)
    }
    const [line, ...more] = linesOf(b, 'separated')
    expect(more).toEqual([])
    expect(line?.seq).toBeGreaterThan(seq)
    expect(line?.body).toMatchObject({ devices: ['NCR-1', 'NCR-T'] })
    expect(line?.body?.apartM).toBeGreaterThan(500)
    const after = incidentOf(b)
    expect(after.flags).toContain('separated')
    expect(after.ring).toMatchObject({ to: 'all', reason: 'separated' })
    expect(after.ring.n).toBeGreaterThan(before.ring.n)
  })

  test('that were near each other in between have not separated', () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    for (let s = 0; s < 80; s += 2) {
      const away = s % 24 === 0 ? 0 : 0.005
      b.room.heard([report(b, 'NCR-1', inManila), report(b, 'NCR-T', { lat: inManila.lat + away, lng: inManila.lng })])
      b.pass(2_000)
    }
    expect(linesOf(b, 'separated')).toEqual([])
  })
})

describe('a phone after its press', () => {
  test('that reported before and is not heard for 40 s raises the alarm, at 40 s', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.pass(39_999)
    expect(types(b)).not.toContain('phone_silent')
    b.pass(1)
    expect(linesOf(b, 'phone_silent')).toMatchObject([{ at: NOON + 40_000, body: { silentS: 40, lastHeardAt: NOON } }])
    expect(incidentOf(b)).toMatchObject({ flags: ['phone_silent'], ring: { to: 'all', reason: 'phone_silent' } })
  })

  test('that is taken sounds to its owner, and takes it from nobody', async () => {
    const b = aTower()
    b.screens.add('ana')
    b.send([aPress({ deviceId: 'NCR-1' })])
    b.room.act(idOf(b), { type: 'take' }, viewer('ana'))
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.pass(40_000)
    expect(incidentOf(b)).toMatchObject({ owner: { uid: 'ana' }, ring: { to: 'owner', reason: 'phone_silent' } })
  })

  test('counts its 40 s from the last word', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.pass(30_000)
    b.room.heard([{ ...report(b, 'NCR-1', inManila), position: null }])
    b.pass(39_999)
    expect(types(b)).not.toContain('phone_silent')
    b.pass(1)
    expect(linesOf(b, 'phone_silent')).toHaveLength(1)
  })

  test('that is heard again is noted, once, and nothing is cleared', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.pass(50_000)
    const { ring } = incidentOf(b)
    for (const _ of [1, 2]) {
      b.room.heard([report(b, 'NCR-1', inManila)])
      b.pass(2_000)
    }
    expect(linesOf(b, 'heard_again')).toMatchObject([{ body: { silentS: 50 } }])
    expect(incidentOf(b)).toMatchObject({ flags: ['phone_silent'], ring })
    b.pass(120_000)
    expect(linesOf(b, 'phone_silent')).toHaveLength(1)
  })

  test('that falls silent again after another press raises again', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.pass(50_000)
    b.send([aPress({ deviceId: 'NCR-1', receivedAt: b.clock.now })])
    await told(b, { 'NCR-1': [b.clock.now, NOON] })
    expect(linesOf(b, 'heard_again')).toHaveLength(1)
    b.pass(40_000)
    expect(linesOf(b, 'phone_silent')).toHaveLength(2)
  })

  test('that never reported before is not expected to', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 121_000] })
    b.pass(600_000)
    expect(types(b)).not.toContain('phone_silent')
  })

  test('of an incident that has ended is nobody’s business', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1', safeToTalk: true })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.room.act(idOf(b), { type: 'false-alarm', reason: 'test' }, viewer('ana'))
    b.pass(600_000)
    expect(types(b)).not.toContain('phone_silent')
  })

  test('that pressed by its lifeline is asked for there before it counts as silent', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1', door: 'lifeline' })])
    b.pass(34_999)
    expect(b.room.silence.hasSuspects).toBe(false)
    b.pass(1)
    const asked: [number, string[]][] = []
    await askLifelines(
      b.room,
      4,
      () => 3,
      async (shard, ids) => {
        asked.push([shard, ids])
        return shard === 0 ? { 'NCR-1': b.clock.now - 1_000 } : {}
      },
    )
    expect(asked).toEqual([
      [3, ['NCR-1']],
      [0, ['NCR-1']],
    ])
    b.pass(38_999)
    expect(types(b)).not.toContain('phone_silent')
    b.pass(1)
    expect(linesOf(b, 'phone_silent')).toHaveLength(1)
  })

  test('is not silent for the time in which its room was dead', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    await told(b, { 'NCR-1': [NOON, NOON - 5_000] })
    b.clock.now += 60_000
    const again = b.reborn()
    again.pass(39_999)
    expect(again.room.log.ofIncident(idOf(b)).map(({ type }) => type)).not.toContain('phone_silent')
    again.pass(1)
    expect(again.room.log.ofIncident(idOf(b)).map(({ type }) => type)).toContain('phone_silent')
  })
})

describe('a vehicle that drives into another region', () => {
  const drive = (b: TestRoom, to: { lat: number; lng: number }, deviceId = 'NCR-1') => {
    for (const _ of [1, 2]) {
      b.pass(5_000)
      b.room.heard([report(b, deviceId, to)])
    }
  }
  const cards = async (b: TestRoom) => {
    const sent: [string, { id: string; desk: string; alsoIn?: string[] | undefined }[]][] = []
    for (let portion = 'more'; portion === 'more'; )
      portion = await sendCards(b.room, async (region, incidents) => void sent.push([region, incidents]))
    return sent
  }

  test('takes its desk along while nobody has taken it: the other room has its card', async () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    b.pass(5_000)
    b.room.heard([report(b, 'NCR-1', inCebu)])
    expect(incidentOf(b).desk).toBe('NCR')
    drive(b, inCebu)
    expect(incidentOf(b).desk).toBe('CEB')
    expect(linesOf(b, 'desk_moved')).toMatchObject([{ body: { from: 'NCR', to: 'CEB' } }])
    const sent = await cards(b)
    expect(sent).toMatchObject([['CEB', [{ id: idOf(b), desk: 'CEB' }]]])

    const cebu = openRoom({ region: 'CEB' })
    cebu.room.takeMirrored(sent[0]?.[1] as never)
    expect(cebu.room.queue(10).map(({ id }) => id)).toEqual([idOf(b)])
    expect(b.room.queue(10).map(({ id }) => id)).toEqual([idOf(b)])
  })

  test('stays with its owner when it is taken, is seen in both, and leaves the other when it drives back', async () => {
    const b = aTower()
    b.screens.add('ana')
    b.send([aPress({ deviceId: 'NCR-1' })])
    b.room.act(idOf(b), { type: 'take' }, viewer('ana'))
    drive(b, inCebu)
    expect(incidentOf(b)).toMatchObject({ desk: 'NCR', owner: { uid: 'ana' }, alsoIn: ['CEB'] })
    const cebu = openRoom({ region: 'CEB' })
    cebu.room.takeMirrored((await cards(b))[0]?.[1] as never)
    expect(cebu.room.queue(10)).toMatchObject([{ id: idOf(b), owner: { uid: 'ana' } }])
    const guest = viewer('bea', { regions: ['CEB'] })
    expect(b.room.act(idOf(b), { type: 'note', text: 'we see it' }, guest)).toMatchObject({ ok: true })

    drive(b, inManila)
    expect(incidentOf(b).alsoIn).toEqual([])
    cebu.room.takeMirrored((await cards(b)).at(-1)?.[1] as never)
    expect(cebu.room.queue(10)).toEqual([])
    expect(b.room.act(idOf(b), { type: 'note', text: 'and now?' }, guest)).toMatchObject({
      ok: false,
      refusal: { reason: 'foreign_region' },
    })
  })

  test('is not moved by an old fix, nor by its tracker while its phone still speaks', () => {
    const b = aTower()
    b.send([aPress({ deviceId: 'NCR-1' })])
    b.pass(300_000)
    for (const ago of [200_000, 190_000]) {
      const late = report(b, 'NCR-1', inCebu)
      b.room.heard([{ ...late, position: late.position && { ...late.position, fixedAt: b.clock.now - ago } }])
    }
    expect(incidentOf(b).desk).toBe('NCR')
    b.room.heard([report(b, 'NCR-1', inManila)])
    drive(b, inCebu, 'NCR-T')
    expect(incidentOf(b).desk).toBe('NCR')
    b.pass(120_000)
    drive(b, inCebu, 'NCR-T')
    expect(incidentOf(b).desk).toBe('CEB')
  })
})

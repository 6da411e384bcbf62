import { describe, expect, test } from 'bun:test'
import { factsOf, shortPlace } from '../../src/domain/page-facts'
import { pageIdOf } from '../../src/domain/page-id'
import { sendPages } from '../../src/room/departures'
import { anIncident, aPress, crew, NOON, viewer } from '../support/made-up'
import { aPage, CourierEar } from '../support/paging'
import { openRoom } from '../support/room'

const send = (room: ReturnType<typeof openRoom>, ...pages: ReturnType<typeof aPage>[]) =>
  pages.map((page) => room.storage.transactionSync(() => room.room.pages.send(page)))

describe('pages on their way to the courier', () => {
  test('the same decision made twice is one page', () => {
    expect(pageIdOf('a', 1, null)).toBe(pageIdOf('a', 1, null))
    expect(pageIdOf('a', 1, null)).not.toBe(pageIdOf('a1', null))
    const tower = openRoom()
    const page = aPage()
    expect(send(tower, page, page)).toEqual(['sent', 'known'])
    expect(tower.room.pages.waiting(0, 10)).toEqual([page])
  })

  test('the courier gets the gravest first, once, and what was not taken waits', async () => {
    const tower = openRoom()
    const [low, high] = [aPage({ priority: 'P3' }), aPage({ priority: 'P1', decidedAt: NOON + 5 })]
    send(tower, low, high)
    const ear = new CourierEar()
    ear.away = true
    await expect(sendPages(tower.room, 0, ear)).rejects.toThrow('away')
    expect(tower.room.pages.shardsLeaving).toEqual([0])
    ear.away = false
    expect(await sendPages(tower.room, 0, ear)).toBe('idle')
    expect(ear.pages.map(({ id }) => id)).toEqual([high.id, low.id])
    expect(tower.room.pages.shardsLeaving).toEqual([])
    expect(await sendPages(tower.room, 0, ear)).toBe('idle')
    expect(ear.pages).toHaveLength(2)
  })

  test('a page that waited over a restart still goes', async () => {
    const tower = openRoom()
    const page = aPage()
    send(tower, page)
    const again = tower.reborn()
    expect(again.room.pages.shardsLeaving).toEqual([0])
    const ear = new CourierEar()
    await sendPages(again.room, 0, ear)
    expect(ear.pages).toEqual([page])
  })

  test('a stop reaches the courier for pages that it has and for those that may be on the way', async () => {
    const tower = openRoom()
    const ear = new CourierEar()
    const [had, waits, other] = [
      aPage({ incidentId: 'i1' }),
      aPage({ incidentId: 'i1', reason: 'kin' }),
      aPage({ incidentId: 'i2' }),
    ]
    send(tower, had, other)
    await sendPages(tower.room, 0, ear)
    send(tower, waits)
    const stopped = tower.storage.transactionSync(() =>
      tower.room.pages.stop({ incidentId: 'i1', reasons: ['escalation'], why: 'taken' }),
    )
    expect(stopped).toBe(1)
    await sendPages(tower.room, 0, ear)
    expect(ear.stops).toEqual([{ pageIds: [had.id], why: 'taken' }])
    expect(ear.pages.map(({ id }) => id)).toContain(waits.id)
    expect(tower.room.pages.get(had.id)?.state).toBe('stopped')
    expect(tower.room.pages.get(other.id)?.state).toBe('with')
  })

  test('what is of no use any more is neither made nor sent', async () => {
    const tower = openRoom()
    expect(send(tower, aPage({ until: NOON }))).toEqual(['late'])
    send(tower, aPage({ until: NOON + 1_000 }))
    tower.clock.now += 2_000
    const ear = new CourierEar()
    await sendPages(tower.room, 0, ear)
    expect(ear.pages).toEqual([])
    expect(tower.room.pages.shardsLeaving).toEqual([])
  })

  test('nothing is sent to the presser of a quiet incident, and what waits when it turns quiet is stopped', () => {
    const tower = openRoom()
    const quiet = aPress({ deviceId: 'dev-quiet' })
    const open = aPress({ deviceId: 'dev-open', kind: 'medical' })
    tower.send([quiet, open])
    const toDriver = (incidentId: string) =>
      aPage({ incidentId, reason: 'driver', contact: { id: 'dev', name: 'Driver', lang: 'en' } })
    expect(send(tower, toDriver(quiet.sosId), toDriver(open.sosId))).toEqual(['refused', 'sent'])
    const area = aPage({ reason: 'area', contact: { id: 'dev-open', name: 'Phone', lang: 'en' } })
    send(tower, area)
    tower.room.act(open.sosId, { type: 'contact-policy', policy: 'quiet', reason: 'he whispered' }, viewer('u1'))
    expect(tower.room.pages.ofIncident(open.sosId).map(({ state, why }) => [state, why])).toEqual([
      ['stopping', 'quiet'],
    ])
    expect(tower.room.pages.get(area.id)?.state).toBe('stopping')
  })
})

describe('the facts of a page', () => {
  test('are those of the incident as it is now', () => {
    const tower = openRoom()
    tower.room.learn(crew('dev-1', 1))
    const press = aPress({ deviceId: 'dev-1' })
    tower.send([press])
    const incident = tower.room.incidents.find(press.sosId)
    if (!incident) throw new Error('no incident')
    const ports = { region: 'NCR' as const, now: () => NOON, placeOf: () => 'EDSA NB', towerPhone: () => '0286540000' }
    expect(factsOf({ ...incident, silentSince: NOON - 40_000 }, ports)).toMatchObject({
      code: incident.code,
      plate: 'NAB 1234',
      vehicle: 'white Vios',
      place: 'EDSA NB',
      moving: true,
      silentS: 40,
      driver: 'Made-up R.',
      towerPhone: '0286540000',
      contactPolicy: 'quiet',
    })
  })

  test('call an incident under duress quiet, whatever its policy says', () => {
    const incident = anIncident({ duress: true, contactPolicy: 'voice_ok' })
    expect(factsOf(incident, { region: 'NCR', now: () => NOON }).contactPolicy).toBe('quiet')
  })

  test('a place is as short as can be', () => {
    const landmark = { name: 'Ortigas', kind: 'landmark' as const, distanceM: 300, bearing: 0, wind: 'n' as const }
    const road = { name: 'EDSA', distanceM: 10, on: true, direction: 'n' as const }
    expect(shortPlace({ road, landmark, municipality: 'Mandaluyong', orElse: null })).toBe(
      'EDSA NB nr Ortigas, Mandaluyong',
    )
    expect(shortPlace({ road: null, landmark: null, municipality: null, orElse: null })).toBeNull()
  })
})

import { describe, expect, test } from 'bun:test'
import type { CourierReport } from '../../src/courier/contract'
import { aPress, viewer } from '../support/made-up'
import { anAttempt, aPage } from '../support/paging'
import { ana, areaDesk, boss, draft, drivers } from './areas-support'

describe('counting', () => {
  test('tells nobody anything, and says how many are reached by which way', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const driverless = { kind: 'device' as const, id: 'tracker', version: 90_000 }
    at.inside.push('tracker')
    at.room.learn([
      {
        ...driverless,
        body: {
          id: 'tracker',
          home: 'NCR',
          driverId: null,
          vehicleId: null,
          minGeneration: 1,
          pinMac: null,
          duressPinMac: null,
        },
      },
    ])
    const { counts } = await at.preview()
    expect(counts).toEqual({ devices: 4, people: 4, lifeline: 1, text: 2, none: 1, quiet: 0 })
    expect(await at.tell()).toBe(0)
    expect(at.texts()).toHaveLength(0)
    expect(at.events('area')).toHaveLength(0)
  })

  test('is the supervisor’s of this region alone', async () => {
    const at = areaDesk()
    for (const who of [ana, viewer('x', { role: 'supervisor', regions: ['CEB'] })])
      expect(await at.desk.preview(draft(), who)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
  })

  test('counts a vehicle’s tracker and its driver’s phone as one person, and reaches them on the phone', async () => {
    const at = areaDesk({ inside: ['tracker'], rows: drivers('phone'), lines: ['phone'] })
    at.room.learn([
      {
        kind: 'device',
        id: 'tracker',
        version: 99_000,
        body: {
          ...{ id: 'tracker', home: 'NCR', driverId: null, vehicleId: 'veh-phone' },
          ...{ minGeneration: 1, pinMac: null, duressPinMac: null },
        },
      },
    ])
    expect((await at.preview()).counts).toMatchObject({ devices: 1, people: 1, lifeline: 1 })
    await at.send()
    expect(at.said.map(({ deviceId }) => deviceId)).toContain('phone')
  })

  test('promises no texts where none can leave the tower', async () => {
    const at = areaDesk({ ports: { textsLeave: () => false }, lines: ['dev-1'] })
    expect((await at.preview()).counts).toMatchObject({ lifeline: 1, text: 0, none: 2 })
    await at.send()
    expect(at.texts()).toHaveLength(0)
  })
})

describe('confirming', () => {
  test('tells by lifeline who has one, by text who has none, once each, with its reference', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const area = await at.send()
    expect(area).toMatchObject({ ref: 'A-1', state: 'open', sentBy: 'Desk boss' })
    expect(area.roll).toMatchObject({ silent: 3, waiting: 0, safe: 0, need_help: 0 })
    expect(at.texts().map(({ contact }) => contact.id)).toEqual(['drv-dev-2', 'drv-dev-3'])
    expect(at.texts()[0]).toMatchObject({
      incidentId: null,
      priority: 'P3',
      facts: { kind: 'flood', place: 'Espana Blvd, Manila', ref: 'A-1' },
    })
    expect(at.events('area').map(({ body }) => body?.what)).toEqual(['sent', 'told'])
    expect(at.events('area')[0]).toMatchObject({ actor: { uid: 'boss' } })
  })

  test('twice is one broadcast', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id, counts } = await at.preview()
    const first = await at.desk.confirm(id, counts.devices, boss)
    const again = await at.desk.confirm(id, counts.devices, boss)
    await at.tell()
    const last = await at.desk.confirm(id, counts.devices, boss)
    expect([first, again, last].map((each) => each.ok && each.area.ref)).toEqual(['A-1', 'A-1', 'A-1'])
    expect(at.said).toHaveLength(3)
    expect(at.events('area').filter(({ body }) => body?.what === 'sent')).toHaveLength(1)
    expect(await at.desk.list(ana)).toMatchObject({ ok: true, areas: [{ id }] })
  })

  test('is refused after five minutes, to another person, and with another count than was seen', async () => {
    const at = areaDesk()
    const { id } = await at.preview()
    const refused = async (devices: number, who = boss) => {
      const answer = await at.desk.confirm(id, devices, who)
      return answer.ok ? null : answer.refusal.reason
    }
    expect(await refused(4)).toBe('not_as_previewed')
    expect(await refused(3, viewer('other', { role: 'supervisor' }))).toBe('preview_of_other')
    expect(await refused(3, ana)).toBe('role')
    at.clock.now += 5 * 60_000 + 1
    expect(await refused(3)).toBe('preview_expired')
    expect(at.events('area')).toHaveLength(0)
  })

  test('is refused where nobody can be reached', async () => {
    const at = areaDesk({ inside: [] })
    const { id } = await at.preview()
    expect(await at.desk.confirm(id, 0, boss)).toMatchObject({ ok: false, refusal: { reason: 'nobody' } })
  })

  test('whoever enters later is not told', async () => {
    const at = areaDesk({ lines: ['dev-1', 'late'] })
    const { id, counts } = await at.preview()
    at.inside.push('late')
    await at.desk.confirm(id, counts.devices, boss)
    await at.tell()
    expect(at.said.map(({ deviceId }) => deviceId)).not.toContain('late')
  })

  test('a thousand hear it four hundred at a time, and are written down forty at a time', async () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `d-${n}`)
    const at = areaDesk({ inside: ids, lines: ids })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    const sizes: number[] = []
    expect(await at.tell((what) => sizes.push(what.length))).toBe(3 + 25)
    expect(sizes).toEqual([400, 400, 200])
    expect((await at.shown(id)).roll.silent).toBe(1_000)
    expect(new Set(at.said.map(({ page }) => page.id)).size).toBe(1_000)
  })

  test('whoever answers before they are written down is heard, and counted once', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `d-${n}`)
    const at = areaDesk({ inside: ids, lines: ids })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    await at.tell((what) => {
      const quick = what.find(({ deviceId }) => deviceId === 'd-99')
      if (quick) expect(at.room.areas.roll.said(quick.page.id, 'd-99', 'safe', 'lifeline')).toBe('heard')
    })
    expect((await at.shown(id)).roll).toMatchObject({ safe: 1, silent: 99, waiting: 0 })
  })

  test('whoever has heard it and must be left in peace since is written down as told', async () => {
    const at = areaDesk({ inside: ['dev-1', 'dev-2'], lines: ['dev-1', 'dev-2'] })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    const rest = { cancels: [], unverified: null, canary: null, directoryVersion: 0 }
    await at.tell(() =>
      at.room.receive({ intake: 'NCR:0', presses: [aPress({ deviceId: 'dev-1', kind: 'panic' })], ...rest }),
    )
    expect((await at.shown(id)).roll).toMatchObject({ silent: 2, quiet: 0 })
  })

  test('taken back before all are written down, each who has heard it hears that, and nobody else', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `d-${n}`)
    const at = areaDesk({ inside: ids, lines: ids.slice(0, 70) })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    let over = false
    await at.tell(() => {
      if (!over) at.room.areas.cancel(id, null, boss)
      over = true
    })
    const heard = at.said.filter(({ page }) => page.step === `area-cancelled ${id}`).map(({ deviceId }) => deviceId)
    expect(heard.sort()).toEqual(ids.slice(0, 70).sort())
    expect(at.texts()).toEqual([])
    expect((await at.shown(id)).roll).toMatchObject({ silent: 70, unreached: 30 })
  })

  test('goes on over a restart where it was', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `d-${n}`)
    const at = areaDesk({ inside: ids, lines: ids })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    const portion = at.room.areas.telling.next()
    if (!portion) throw new Error('nobody to tell')
    at.room.areas.telling.done(portion, new Set(ids))
    const again = at.reborn()
    expect(again.room.areas.waits).toBe(true)
    const next = again.room.areas.telling.next()
    expect(next?.turns).toHaveLength(20)
    expect(next?.turns[0]?.who.devices).toEqual(['d-40'])
  })

  test('each of a day has the next number, and the next day begins anew', async () => {
    const at = areaDesk()
    expect((await at.send()).ref).toBe('A-1')
    expect((await at.send()).ref).toBe('A-2')
    at.clock.now += 24 * 3_600_000
    expect((await at.send({ until: at.clock.now + 3_600_000 })).ref).toBe('A-1')
  })
})

describe('the end of it', () => {
  test('comes by itself, and is in the log with how everybody stood', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id } = await at.send({ until: at.clock.now + 10 * 60_000 })
    at.pass(10 * 60_000)
    expect(await at.shown(id)).toMatchObject({ state: 'expired' })
    expect(at.events('area').at(-1)?.body).toMatchObject({ what: 'expired', roll: { silent: 3 } })
    expect(await at.desk.cancel(id, null, boss)).toMatchObject({ ok: false, refusal: { reason: 'area_over' } })
  })

  test('before everybody was told: the rest are told nothing, and are shown as unreached', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `d-${n}`)
    const at = areaDesk({ inside: ids, lines: ids })
    const { id, counts } = await at.preview({ until: at.clock.now + 5 * 60_000 })
    await at.desk.confirm(id, counts.devices, boss)
    const portion = at.room.areas.telling.next()
    if (!portion) throw new Error('nobody to tell')
    at.room.areas.telling.done(portion, new Set(ids))
    at.pass(5 * 60_000)
    expect(await at.tell()).toBe(0)
    expect((await at.shown(id)).roll).toMatchObject({ silent: 40, unreached: 20, waiting: 0 })
  })

  test('by a person tells those who were told, calls back what has not left, and is done once', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id } = await at.send()
    const [left, waits] = at.texts()
    if (!left || !waits) throw new Error('two texts were expected')
    at.room.pages.delivered([left.id, waits.id])
    at.room.reports.take([report(left.id, 1, 'accepted', at.clock.now)])
    at.said.length = 0
    expect(await at.desk.cancel(id, 'wrong street', boss)).toMatchObject({
      ok: true,
      area: { state: 'cancelled', endedBy: 'Desk boss' },
    })
    await at.desk.cancel(id, 'again', boss)
    await at.tell()
    // By lifeline to the one, by text to the other whose text had left.
    expect(at.said.filter(({ deviceId }) => at.lines.has(deviceId)).map(({ page }) => page.facts.text)).toEqual([
      'BINAWI: mensahe namin, Espana Blvd, Manila.',
    ])
    expect(at.texts().map(({ contact, step }) => [contact.id, step])).toEqual([['drv-dev-2', `area-cancelled ${id}`]])
    expect(at.room.pages.get(waits.id)?.state).toBe('stopping')
    expect(at.events('area').filter(({ body }) => body?.what === 'cancelled')).toHaveLength(1)
    // What had left all the same is heard of later.
    at.room.reports.take([report(waits.id, 1, 'sent', at.clock.now)])
    await at.tell()
    expect(at.texts().map(({ contact }) => contact.id)).toEqual(['drv-dev-2', 'drv-dev-3'])
  })

  test('an operator does not cancel', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id } = await at.send()
    expect(await at.desk.cancel(id, null, ana)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    expect(await at.desk.cancel('nothing', null, boss)).toMatchObject({ ok: false, refusal: { code: 'not_found' } })
  })

  test('whoever was spoken to while it was taken back hears that, too', async () => {
    const at = areaDesk({ inside: ['dev-1'], lines: ['dev-1'] })
    const { id, counts } = await at.preview()
    await at.desk.confirm(id, counts.devices, boss)
    let cancelled = false
    await at.tell(() => {
      if (!cancelled) at.room.areas.cancel(id, null, boss)
      cancelled = true
    })
    expect(at.said.map(({ page }) => page.step)).toEqual([`area ${id}`, `area-cancelled ${id}`])
  })

  test('is forgotten after eight days, with its people', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id } = await at.send()
    at.pass(9 * 24 * 3_600_000)
    expect(await at.desk.file(id, boss)).toMatchObject({ ok: false })
    expect(at.storage.sql.exec('SELECT 1 AS n FROM area_person').toArray()).toHaveLength(0)
  })
})

test('whoever looks at names is in the log, once in a while', async () => {
  const at = areaDesk({ lines: ['dev-1'] })
  const { id } = await at.send()
  await at.desk.file(id, ana)
  await at.desk.file(id, ana)
  expect(
    at
      .events('looked')
      .filter(({ actor }) => actor.uid === 'ana')
      .map(({ body }) => body?.ref),
  ).toEqual(['A-1'])
  expect(await at.desk.file(id, viewer('far', { regions: ['CEB'] }))).toMatchObject({
    ok: false,
    refusal: { code: 'forbidden' },
  })
})

const report = (pageId: string, n: number, state: 'accepted' | 'sent', at: number): CourierReport => ({
  ...{ n, pageId, incidentId: null, at, what: 'attempt', answer: null },
  attempt: anAttempt(aPage({ id: pageId, reason: 'area' }), { state }),
})

// Vehicles of another region in an area: their own room counts, tells and hears them, and the desk that sends sees all together.

import { describe, expect, test } from 'bun:test'
import { AreasDesk } from '../../src/room/areas-desk'
import { type OtherHome, tellHomes } from '../../src/room/areas-guests'
import { type ToSay, tellAreas } from '../../src/room/areas-telling'
import { aPress, viewer } from '../support/made-up'
import { openRoom } from '../support/room'
import { areaDesk, boss, draft, drivers, eachOf } from './areas-support'

/** Of Cebu, as its second figure says. */
const CRY = '02000001-0000-8000-8000-000000000000'

/** NCR alerts an area in which two vehicles of Cebu are, one of them with an open lifeline. */
function towers(options: { quiet?: boolean } = {}) {
  const rows = drivers('ceb-1', 'ceb-2').map((row) =>
    row.kind === 'device' && row.body ? { ...row, body: { ...row.body, home: 'CEB' as const } } : row,
  )
  const home = openRoom({ region: 'CEB' })
  home.room.learn(rows)
  const inside = ['ceb-1', 'ceb-2']
  const lines = new Set(['ceb-1'])
  const said: ToSay[] = []
  const homeDesk = new AreasDesk(home.room, {
    inside: async () =>
      inside.map((deviceId) => ({ deviceId, lat: 14.61, lng: 120.99, accuracyM: 8, fixedAt: home.clock.now - 5_000 })),
    lifelines: async (ids) => ids.filter((id) => lines.has(id)),
  })
  let away = false
  const answers = <T>(answer: () => Promise<T>): Promise<T> => (away ? Promise.reject(new Error('away')) : answer())
  const other: OtherHome = {
    region: 'CEB',
    areas: {
      countGuests: (ask) => answers(() => homeDesk.countGuests(ask)),
      sendGuests: (id, order) => answers(() => homeDesk.sendGuests(id, order)),
      cancelGuests: (id, by, sender) => answers(() => homeDesk.cancelGuests(id, by, sender)),
      guestFiles: (ids, named) => answers(() => homeDesk.guestFiles(ids, named)),
    },
  }
  const at = areaDesk({ inside: ['dev-1'], others: [other] })
  if (options.quiet) home.send([aPress({ sosId: CRY, deviceId: 'ceb-2', home: 'CEB' })])
  return {
    ...at,
    home,
    homeDesk,
    inside: inside,
    homeSaid: said,
    homeTexts: () => home.room.pages.waiting(0, 1_000).filter(({ reason }) => reason === 'area'),
    isAway(now: boolean) {
      away = now
    },
    /** What was decided goes to the home's room, and what that has to say to its phones. */
    async deliver() {
      await tellHomes(at.room.areas.guests, () => other.areas)
      const say = async (what: ToSay[]) => {
        said.push(...what)
        return what.map(({ deviceId }) => deviceId).filter((id) => lines.has(id))
      }
      while ((await tellAreas(home.room.areas.telling, (lot) => say(eachOf(lot)), say)) !== 'idle');
      home.room.areas.rested()
    },
  }
}

describe('people of another region in an area', () => {
  test('are in the count, and told by their own room with the desk’s reference', async () => {
    const at = towers()
    const preview = await at.preview()
    expect(preview).toMatchObject({
      counts: { devices: 3, people: 3, lifeline: 1, text: 2, quiet: 0 },
      guests: [{ region: 'CEB', devices: 2 }],
      missing: [],
    })
    expect(at.homeTexts()).toEqual([])
    expect(at.home.room.log.from(1, 100).filter(({ type }) => type === 'area')).toEqual([])
    expect(await at.desk.confirm(preview.id, 1, boss)).toMatchObject({ refusal: { reason: 'not_as_previewed' } })
    const sent = await at.desk.confirm(preview.id, 3, boss)
    expect(sent).toMatchObject({
      ok: true,
      area: { ref: 'A-1', counts: { people: 3 }, roll: { waiting: 3 }, guests: [{ region: 'CEB', people: 2 }] },
    })
    await at.tell()
    await at.deliver()
    expect(at.homeSaid.map(({ deviceId }) => deviceId)).toEqual(['ceb-1', 'ceb-2'])
    expect(at.homeSaid[0]?.page).toMatchObject({ region: 'CEB', facts: { ref: 'A-1', kind: 'flood' } })
    expect(at.homeTexts()).toMatchObject([{ contact: { id: 'drv-ceb-2' }, region: 'CEB' }])
    const file = await at.desk.file(preview.id, boss)
    expect(file).toMatchObject({ area: { roll: { silent: 3, waiting: 0 }, away: [] } })
    expect(file.ok && file.people.map(({ deviceId }) => deviceId).sort()).toEqual(['ceb-1', 'ceb-2', 'dev-1'])
    expect(await at.desk.list(boss)).toMatchObject({ areas: [{ roll: { silent: 3 } }] })
  })

  test('answer in the roll-call of the desk, also with a cry, which comes first', async () => {
    const at = towers()
    const { id } = await at.preview()
    await at.desk.confirm(id, 3, boss)
    await at.tell()
    await at.deliver()
    const [one] = at.homeSaid
    expect(await at.homeDesk.said(one?.page.id ?? '', 'ceb-1', { answer: 'safe', text: null }, 'lifeline')).toBe(
      'heard',
    )
    at.home.send([aPress({ sosId: CRY, deviceId: 'ceb-2', home: 'CEB', answers: at.homeTexts()[0]?.id ?? '' })])
    const file = await at.desk.file(id, boss)
    expect(file).toMatchObject({ area: { roll: { safe: 1, need_help: 1, silent: 1 } } })
    expect(file.ok && file.people[0]).toMatchObject({ deviceId: 'ceb-2', standing: 'need_help', code: 'CEB-1' })
    // Who looked at names stands in the log of whose people they are.
    const looks = at.home.room.log.from(1, 100).filter(({ type }) => type === 'looked')
    expect(looks.map(({ body }) => body?.by)).toEqual(['boss'])
  })

  test('with a quiet incident at their side are left out, by their own room’s books', async () => {
    const at = towers({ quiet: true })
    const { id, counts } = await at.preview()
    expect(counts).toMatchObject({ devices: 3, lifeline: 1, text: 1, quiet: 1 })
    await at.desk.confirm(id, 3, boss)
    await at.tell()
    await at.deliver()
    expect(at.homeSaid.map(({ deviceId }) => deviceId)).toEqual(['ceb-1'])
    expect(at.homeTexts()).toEqual([])
    const file = await at.desk.file(id, boss)
    expect(file.ok && file.area.roll).toMatchObject({ quiet: 1, silent: 2 })
    expect(JSON.stringify(file)).not.toContain('ceb-2')
  })

  test('become quiet between the count and its delivery, and hear nothing', async () => {
    const at = towers()
    const { id } = await at.preview()
    await at.desk.confirm(id, 3, boss)
    at.home.send([aPress({ sosId: CRY, deviceId: 'ceb-2', home: 'CEB' })])
    await at.deliver()
    expect(at.homeSaid.map(({ deviceId }) => deviceId)).toEqual(['ceb-1'])
    expect(at.homeTexts()).toEqual([])
  })

  test('hear that it is taken back; one that never went out is never heard of', async () => {
    const at = towers()
    const { id } = await at.preview()
    await at.desk.confirm(id, 3, boss)
    await at.tell()
    await at.deliver()
    await at.desk.cancel(id, 'dry', boss)
    await at.deliver()
    expect(at.homeSaid.at(-1)).toMatchObject({ deviceId: 'ceb-1', page: { step: `area-cancelled ${id}` } })
    expect(at.homeTexts()).toEqual([])

    const second = await at.preview()
    await at.desk.confirm(second.id, 3, boss)
    await at.desk.cancel(second.id, null, boss)
    const before = at.homeSaid.length
    await at.deliver()
    expect(at.homeSaid.slice(before).filter(({ page }) => page.step === `area ${second.id}`)).toEqual([])
  })

  test('of a region that is away are missing from the count, and that is said; ours are told', async () => {
    const at = towers()
    at.isAway(true)
    const preview = await at.preview()
    expect(preview).toMatchObject({ counts: { devices: 1 }, guests: [], missing: ['CEB'] })
    const sent = await at.desk.confirm(preview.id, 1, boss)
    expect(sent).toMatchObject({ ok: true, area: { missing: ['CEB'] } })
  })

  test('whose room dies after the count are told when it is back, once; until then they stand as not told', async () => {
    const at = towers()
    const { id } = await at.preview()
    await at.desk.confirm(id, 3, boss)
    await at.tell()
    at.isAway(true)
    expect(at.deliver()).rejects.toThrow('away')
    expect(at.room.areas.guests.waits).toBe(true)
    expect(await at.desk.file(id, boss)).toMatchObject({ area: { roll: { waiting: 2, silent: 1 }, away: ['CEB'] } })
    at.isAway(false)
    await at.deliver()
    await at.deliver()
    expect(at.homeSaid).toHaveLength(2)
    expect(at.room.areas.guests.waits).toBe(false)
    // Nothing of it is remembered in memory alone.
    expect(at.reborn().room.areas.guests.errands()).toEqual([])
  })

  test('are nobody’s to see or to stop at their own home: it is the desk’s broadcast', async () => {
    const at = towers()
    const { id } = await at.preview()
    await at.desk.confirm(id, 3, boss)
    await at.deliver()
    const theirs = viewer('dan', { role: 'supervisor', regions: ['CEB'] })
    expect(await at.homeDesk.list(theirs)).toEqual({ ok: true, areas: [] })
    expect(await at.homeDesk.file(id, theirs)).toMatchObject({ refusal: { code: 'not_found' } })
    expect(await at.homeDesk.cancel(id, null, theirs)).toMatchObject({ refusal: { code: 'not_found' } })
    // Its own references count on from one.
    const own = await at.homeDesk.preview(draft(), theirs)
    if (!own.ok) throw new Error(own.refusal.reason)
    expect(await at.homeDesk.confirm(own.preview.id, 2, theirs)).toMatchObject({ area: { ref: 'A-1' } })
  })
})

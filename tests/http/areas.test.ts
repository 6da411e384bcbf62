// Broadcasts over the API and as pages, before a real room.

import { describe, expect, test } from 'bun:test'
import { viewer } from '../support/made-up'
import { areaTower } from './areas-support'

const AREAS = '/api/regions/NCR/areas'
const boss = viewer('boss', { role: 'supervisor' })
const corners = [
  { lat: 14.6, lng: 120.98 },
  { lat: 14.6, lng: 121 },
  { lat: 14.62, lng: 121 },
  { lat: 14.62, lng: 120.98 },
]
const drawn = (changes: object = {}) => ({
  kind: 'flood',
  place: 'Espana Blvd, Manila',
  corners,
  until: new Date(Date.now() + 4 * 3_600_000).toISOString(),
  ...changes,
})

/** The room's clock is the app's: a draft is judged by both. */
function tower(options: Parameters<typeof areaTower>[0] = {}) {
  const at = areaTower(options)
  at.clock.now = Date.now()
  return { ...at, boss: at.as(boss), ana: at.as(viewer('ana')) }
}

describe('over the API', () => {
  test('is counted, confirmed once, answered, read and taken back', async () => {
    const at = tower({ lines: ['dev-1'] })
    const counted = await at.boss.post(`${AREAS}/preview`, drawn())
    expect(counted.status).toBe(201)
    expect(counted.body).toMatchObject({
      counts: { devices: 3, people: 3, lifeline: 1, text: 2, none: 0, quiet: 0 },
      texts: { en: expect.stringMatching(/^Xpress Tower: FLOOD around Espana Blvd, Manila\. .* Ref A-00$/) },
    })
    const confirm = { preview: counted.body.id, devices: 3 }
    const sent = await at.boss.post(AREAS, confirm)
    expect(sent).toMatchObject({ status: 200, body: { area: { ref: 'A-1', state: 'sending', corners } } })
    expect((await at.boss.post(AREAS, confirm)).body.area.ref).toBe('A-1')
    await at.tell()
    const read = await at.ana.get(`${AREAS}/${counted.body.id}`)
    expect(read.body).toMatchObject({
      area: { state: 'open', roll: { silent: 3 } },
      people: [{ name: 'Driver dev-1' }, {}, {}],
    })
    expect((await at.ana.get(AREAS)).body.areas).toHaveLength(1)
    const cancelled = await at.boss.post(`${AREAS}/${counted.body.id}/cancel`, { reason: 'dry again' })
    expect(cancelled.body.area).toMatchObject({ state: 'cancelled', endedBy: 'Desk boss' })
  })

  test('says what is wrong with it', async () => {
    const at = tower()
    const why = async (changes: object) => {
      const { status, body } = await at.boss.post(`${AREAS}/preview`, drawn(changes))
      return [status, body.error?.code]
    }
    expect(await why({ text: { en: 'NDRRMC says', fil: 'x' } })).toEqual([422, 'area_government'])
    expect(await why({ place: '国道一号' })).toEqual([422, 'area_place_form'])
    expect(await why({ corners: corners.slice(0, 2) })).toEqual([422, 'fence_few_corners'])
    expect(await why({ until: new Date(Date.now() - 1).toISOString() })).toEqual([422, 'area_until'])
    expect((await why({ kind: 'war' }))[0]).toBe(422)
    expect((await at.boss.post(AREAS, { preview: crypto.randomUUID(), devices: 1 })).status).toBe(409)
    expect((await at.boss.get(`${AREAS}/${crypto.randomUUID()}`)).status).toBe(404)
  })

  test('is refused to operators, and to people of other regions', async () => {
    const at = tower()
    for (const who of [at.ana, at.as(viewer('far', { role: 'supervisor', regions: ['CEB'] }))])
      expect((await who.post(`${AREAS}/preview`, drawn())).status).toBe(403)
    expect((await at.as(viewer('far', { regions: ['CEB'] })).get(AREAS)).status).toBe(403)
    expect((await at.anybody(AREAS)).status).toBe(401)
  })
})

describe('as pages', () => {
  const typed = (changes: Record<string, string> = {}) => ({
    region: 'NCR',
    kind: 'flood',
    place: 'Espana Blvd, Manila',
    corners: corners.map(({ lat, lng }) => `${lat}, ${lng}`).join('\n'),
    minutes: '240',
    ...changes,
  })

  test('an alert goes its two steps, and its page shows how everybody stands', async () => {
    const at = tower({ lines: ['dev-1'] })
    expect((await at.boss.get('/areas/new?region=NCR')).text).toContain('data-corners')
    const counted = await at.boss.form('/areas/preview', typed())
    expect(counted.status).toBe(200)
    expect(counted.text).toContain('data-devices="3"')
    expect(counted.text).toContain('Vehicles that enter later are not told')
    expect(counted.text).toContain('BAHA sa Espana Blvd, Manila.')
    expect(counted.text).toContain('FLOOD / BAHA Espana Blvd, Manila.')
    const preview = /name="preview" value="([^"]+)"/.exec(counted.text)?.[1] ?? ''
    const sent = await at.boss.form('/areas', { region: 'NCR', preview, devices: '3' })
    expect(sent.status).toBe(200)
    expect(sent.text).toContain(`data-address="/areas/${preview}?region=NCR"`)
    await at.tell()
    const now = await at.ana.get(`/areas/${preview}/now?region=NCR`)
    expect(now.text).toContain('data-count="silent">3<')
    expect(now.text).toContain('Driver dev-1')
    expect(now.text).not.toContain('style=')
    const whole = await at.ana.get(`/areas/${preview}?region=NCR`)
    expect(whole.text).not.toContain(`/areas/${preview}/cancel`)
    const cancelled = await at.boss.form(`/areas/${preview}/cancel`, { region: 'NCR', reason: '' })
    expect(cancelled.text).toContain('Cancelled. Those who were told hear it now.')
    expect((await at.ana.get('/areas?region=NCR')).text).toContain('A-1')
  })

  test('what is wrong is said beside what was typed, in both languages', async () => {
    const at = tower()
    const wrong = await at.as(boss, 'fil').form('/areas/preview', typed({ en: 'PAGASA', fil: 'PAGASA' }))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('RA 10639')
    expect(wrong.text).toContain('Mukha itong alerto ng gobyerno')
    expect(wrong.text).toContain('value="Espana Blvd, Manila"')
    const noCorners = await at.boss.form('/areas/preview', typed({ corners: 'x' }))
    expect(noCorners.status).toBe(422)
    const back = await at.boss.form('/areas/preview', typed({ change: 'yes', place: 'Quiapo' }))
    expect(back.text).toContain('value="Quiapo"')
  })

  test('a late confirmation is refused with the form for another count', async () => {
    const at = tower({ lines: ['dev-1'] })
    const preview =
      /name="preview" value="([^"]+)"/.exec((await at.boss.form('/areas/preview', typed())).text)?.[1] ?? ''
    at.clock.now += 6 * 60_000
    const late = await at.boss.form('/areas', { region: 'NCR', preview, devices: '3' })
    expect(late.status).toBe(409)
    expect(late.text).toContain('counted more than 5 minutes ago')
    expect(at.events('area')).toHaveLength(0)
  })

  test('operators see, and alert nobody', async () => {
    const at = tower()
    expect((await at.ana.get('/areas?region=NCR')).text).not.toContain('/areas/new')
    expect((await at.ana.get('/areas/new?region=NCR')).status).toBe(403)
    expect((await at.ana.form('/areas/preview', typed())).status).toBe(403)
  })
})

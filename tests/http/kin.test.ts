// Whom a driver wants told: over the API and on its page, before a real Postgres.

import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { rotaTower } from './rota-support'

let tower: Awaited<ReturnType<typeof rotaTower>>
beforeAll(async () => {
  tower = await rotaTower()
  await tower.owner`INSERT INTO driver (id, region, name, phone) VALUES
    ('k1', 'NCR', 'Ramon <b>Dima</b>', '+639005550001'), ('k2', 'NCR', 'Lito Ong', '+639005550002'),
    ('k3', 'CEB', 'Nonoy Cabahug', null)`
  await tower.owner`INSERT INTO device (id, region, driver_id) VALUES ('kin-01', 'NCR', 'k1')`
}, 60_000)
afterAll(() => tower.close())
beforeEach(() => {
  tower.ticked.length = 0
})

const ADMIN = { role: 'admin' } as const
const LUZ = { name: 'Luz Dima', relation: 'wife', phone: '0900 555 7001', lang: 'fil' }
const kin = (id: string) => `/api/drivers/${id}/kin`
const put = (id: string, contacts: unknown[], version?: number) =>
  tower.api('PUT', kin(id), { contacts, ...(version === undefined ? {} : { version }) }, ADMIN)

test('somebody is named, with a number as people write it, and the room is told at once', async () => {
  expect((await tower.api('GET', kin('k1'), undefined, ADMIN)).body).toMatchObject({ contacts: [], version: 0 })
  const made = await put('k1', [LUZ], 0)
  expect(made.status).toBe(200)
  expect(made.body).toMatchObject({ driverId: 'k1', region: 'NCR', changedBy: 'of-admin' })
  expect(made.body.contacts).toEqual([{ ...LUZ, id: expect.any(String), phone: '+639005557001' }])
  expect(tower.ticked).toEqual(['NCR'])
  const pulled = await tower.owner`SELECT region, version FROM driver_kin WHERE driver_id = 'k1'`
  expect(pulled.map((each) => ({ ...each }))).toEqual([{ region: 'NCR', version: String(made.body.version) }])
})

test('whoever stays keeps the id by which an incident says that they were told', async () => {
  const [first] = (await put('k2', [LUZ])).body.contacts
  const again = await put('k2', [
    { ...LUZ, name: 'Luz D.' },
    { ...LUZ, name: 'Ben', phone: '09005557002' },
  ])
  expect(again.body.contacts[0]).toEqual({ ...first, name: 'Luz D.' })
  const moved = await put('k2', [again.body.contacts[1], { ...again.body.contacts[0], phone: '09005557003' }])
  expect(moved.body.contacts.map(({ id }: { id: string }) => id)).toEqual([again.body.contacts[1].id, first.id])
  const stolen = await put('k2', [{ ...LUZ, id: 'of-somebody-else' }])
  expect(stolen.body.contacts[0].id).not.toBe('of-somebody-else')
})

test('what cannot stand is refused, and says where', async () => {
  const refused = async (contacts: unknown[]) => {
    const { status, body } = await put('k1', contacts)
    return [status, body.error.code, body.error.field]
  }
  expect(await refused([{ ...LUZ, phone: '911' }])).toEqual([422, 'phone_wrong', 'contacts.0.phone'])
  expect(await refused([{ ...LUZ, phone: '+14155550100' }])).toEqual([422, 'phone_wrong', 'contacts.0.phone'])
  expect(await refused([LUZ, { ...LUZ, phone: '+63 900 555 0001' }])).toEqual([422, 'phone_own', 'contacts.1.phone'])
  expect(await refused([LUZ, LUZ])).toEqual([422, 'phone_twice', 'contacts.1.phone'])
  expect((await put('k1', [LUZ, LUZ, LUZ, LUZ])).status).toBe(422)
  expect(tower.ticked).toEqual([])
})

test('a change is made from what its author saw, also where they saw nobody', async () => {
  const { version } = (await put('k1', [LUZ])).body
  expect((await put('k1', [], version)).body.contacts).toEqual([])
  const late = await put('k1', [LUZ], version)
  expect([late.status, late.body.error.code]).toEqual([409, 'changed'])
  expect((await put('k1', [LUZ], 0)).status).toBe(409)
})

test('is for admins of the driver’s region; nobody else reads a number', async () => {
  for (const role of ['operator', 'supervisor', 'trainee', 'auditor'] as const)
    expect((await tower.api('GET', kin('k1'), undefined, { role })).status).toBe(403)
  expect((await tower.api('GET', kin('k3'), undefined, ADMIN)).status).toBe(403)
  expect((await put('k3', [LUZ])).status).toBe(403)
  expect((await tower.api('GET', kin('nobody'), undefined, ADMIN)).status).toBe(404)
  expect((await put('nobody', [])).status).toBe(404)
  expect((await tower.page('/drivers/k3/kin', ADMIN)).status).toBe(403)
  expect((await tower.page('/drivers/k1/kin', { role: 'supervisor' })).status).toBe(403)
  expect((await tower.page('/drivers/nobody/kin', ADMIN)).status).toBe(404)
})

test('without Postgres it says so, and nothing is lost', async () => {
  expect((await tower.api('GET', kin('k1'), undefined, ADMIN, tower.without)).status).toBe(503)
  expect((await tower.page('/drivers/k1/kin', ADMIN, tower.without)).status).toBe(503)
})

const row = (n: number, fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${name}${n}`, value]))
const formVersion = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? expect.unreachable()

test('the page keeps who is named, leaves empty rows out, and is reached from the driver’s device by admins alone', async () => {
  await put('k1', [])
  const device = await tower.page('/devices/kin-01', ADMIN)
  expect(device.text).toContain('href="/drivers/k1/kin"')
  expect((await tower.page('/devices/kin-01', { role: 'supervisor' })).text).not.toContain('/drivers/')

  const empty = await tower.page('/drivers/k1/kin', ADMIN)
  expect(empty.text).toContain('Emergency contacts of Ramon &lt;b&gt;Dima&lt;/b&gt;')
  const done = await tower.form('/drivers/k1/kin', { version: formVersion(empty.text), ...row(1, LUZ) }, ADMIN)
  expect(done.status).toBe(200)
  expect(done.text).toContain('Kept. The desks of NCR-Manila have it within a minute.')
  expect((await tower.api('GET', kin('k1'), undefined, ADMIN)).body.contacts).toMatchObject([{ name: 'Luz Dima' }])
  expect(tower.ticked).toEqual(['NCR', 'NCR'])
  expect((await tower.page('/drivers/k1/kin', { ...ADMIN, lang: 'fil' })).text).toContain('Mga contact sa emergency ni')
})

test('the page says what is wrong beside the row that was typed, and keeps what was typed', async () => {
  const version = formVersion((await tower.page('/drivers/k1/kin', ADMIN)).text)
  const wrong = await tower.form(
    '/drivers/k1/kin',
    { version, ...row(0, LUZ), ...row(2, { ...LUZ, phone: '12' }) },
    ADMIN,
  )
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('id="phone2-wrong"')
  expect(wrong.text).not.toContain('id="phone0-wrong"')
  expect(wrong.text).toMatch(/id="phone2"[^>]*value="12"[^>]*aria-invalid="true"/)
})

test('a form that somebody else was quicker than shows what they wrote', async () => {
  const version = formVersion((await tower.page('/drivers/k1/kin', ADMIN)).text)
  await put('k1', [{ ...LUZ, name: 'Quicker Person' }])
  const late = await tower.form('/drivers/k1/kin', { version, ...row(0, LUZ) }, ADMIN)
  expect(late.status).toBe(409)
  expect(late.text).toContain('Quicker Person')
  expect(late.text).toContain('Somebody else has changed them meanwhile')
})

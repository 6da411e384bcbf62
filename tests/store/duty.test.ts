// The rota's part of the directory: kept as people write it, told to rooms, and never left without somebody by accident.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { DutyContact, Shift } from '../../src/domain/duty'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { pullDirectory } from '../../src/store/directory'
import {
  acceptHandover,
  listContacts,
  listHandovers,
  listShifts,
  policyOf,
  removeShift,
  retireContact,
  saveContact,
  savePolicy,
  saveShift,
  writeHandover,
} from '../../src/store/duty'
import { kinOf, saveKin } from '../../src/store/kin'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { testDatabase } from '../support/postgres'

const HOUR_MS = 3_600_000
const T0 = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
let store: Postgres
let reader: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  reader = openPostgres(urls.reader)
})
afterAll(async () => {
  await store.close()
  await reader.close()
})

const aContact = (id: string, changes: Partial<DutyContact> = {}): DutyContact => ({
  id,
  region: 'NCR',
  name: `Person ${id}`,
  lang: 'fil',
  addresses: [{ channel: 'voice', to: '+639005559200' }],
  teams: ['leads'],
  uid: null,
  active: true,
  ...changes,
})
const aShift = (id: string, contactId: string, changes: Partial<Shift> = {}): Shift => ({
  id,
  region: 'NCR',
  duty: 'lead',
  contactId,
  from: T0,
  until: T0 + 8 * HOUR_MS,
  weekly: false,
  weeklyUntil: null,
  override: false,
  note: null,
  ...changes,
})
async function keep(contact: DutyContact) {
  const done = await saveContact(store.db, contact, 'sup-1')
  if (!done.ok) throw new Error(done.refusal)
  return done.saved
}
const newest = async (region: DutyContact['region']) => {
  const rows = await pullDirectory(store.db, region, 0, 10_000)
  return rows.at(-1)?.version ?? 0
}

describe('somebody on duty', () => {
  test('is kept as written, and a room hears of exactly what it needs', async () => {
    const before = await newest('NCR')
    const contact = aContact('c-kept', { teams: ['leads', 'tag, with comma'], uid: 'u1' })
    const kept = await keep(contact)
    expect(kept).toMatchObject({ ...contact, changedBy: 'sup-1' })
    expect((await listContacts(store.db, 'NCR')).map(({ id }) => id)).toContain('c-kept')
    const told = await pullDirectory(store.db, 'NCR', before, 10)
    expect(told).toEqual([{ kind: 'contact', id: 'c-kept', version: kept.version, body: contact }])
    expect((await pullDirectory(store.db, 'CEB', 0, 100)).length).toBe(0)
  })

  test('is changed by whoever saw it as it is, and by nobody who did not', async () => {
    const kept = await keep(aContact('c-turns'))
    const first = await saveContact(store.db, aContact('c-turns', { name: 'Nena' }), 'sup-2', kept.version)
    expect(first).toMatchObject({ ok: true, saved: { name: 'Nena', changedBy: 'sup-2' } })
    const second = await saveContact(store.db, aContact('c-turns', { name: 'Rey' }), 'sup-3', kept.version)
    expect(second).toEqual({ ok: false, refusal: 'changed' })
    expect(await saveContact(store.db, aContact('c-none'), 'sup-3', 7)).toEqual({ ok: false, refusal: 'gone' })
  })

  test('cannot be taken over by another region', async () => {
    await keep(aContact('c-ours'))
    const theirs = await saveContact(store.db, aContact('c-ours', { region: 'CEB', name: 'Other' }), 'sup-9')
    expect(theirs).toEqual({ ok: false, refusal: 'gone' })
    expect(await retireContact(store.db, { id: 'c-ours', region: 'CEB' }, 'sup-9')).toEqual({
      ok: false,
      refusal: 'gone',
    })
  })

  test('goes only when no shift of theirs is left, and then rooms forget them', async () => {
    const contact = await keep(aContact('c-leaves'))
    for (const [id, changes] of Object.entries({ 's-now': {}, 's-weekly': { from: 0, until: HOUR_MS, weekly: true } }))
      await saveShift(store.db, aShift(id, contact.id, changes), 'sup-1')
    expect(await retireContact(store.db, contact, 'sup-1')).toEqual({ ok: false, refusal: 'has_shifts' })
    await removeShift(store.db, { id: 's-now', region: 'NCR' }, 'sup-1')
    expect(await retireContact(store.db, contact, 'sup-1')).toEqual({ ok: false, refusal: 'has_shifts' })
    const ended = aShift('s-weekly', contact.id, { from: 0, until: HOUR_MS, weekly: true, weeklyUntil: T0 - HOUR_MS })
    expect((await saveShift(store.db, ended, 'sup-1')).ok).toBe(true)
    const before = await newest('NCR')
    expect(await retireContact(store.db, contact, 'sup-1')).toEqual({ ok: true })
    expect(await pullDirectory(store.db, 'NCR', before, 10)).toMatchObject([{ kind: 'contact', body: null }])
    expect(await saveShift(store.db, aShift('s-late', contact.id), 'sup-1')).toEqual({
      ok: false,
      refusal: 'no_such_contact',
    })
  })
})

describe('a shift', () => {
  test('is kept to the millisecond, listed until it is over, and told to the room', async () => {
    const contact = await keep(aContact('c-shift'))
    const before = await newest('NCR')
    const shift = aShift('s-1', contact.id, { from: T0 + 1, until: T0 + 5 * HOUR_MS, note: 'covers for Rey' })
    expect(await saveShift(store.db, shift, 'sup-1')).toMatchObject({ ok: true, saved: shift })
    expect(await pullDirectory(store.db, 'NCR', before, 10)).toMatchObject([{ kind: 'shift', id: 's-1', body: shift }])
    const ids = async (since: number | null) => (await listShifts(store.db, 'NCR', since)).map(({ id }) => id)
    expect(await ids(null)).toContain('s-1')
    expect(await ids(T0)).toContain('s-1')
    expect(await ids(T0 + 5 * HOUR_MS)).not.toContain('s-1')
  })

  test('of every week is listed for ever, or until it ends', async () => {
    const contact = await keep(aContact('c-weekly'))
    await saveShift(store.db, aShift('s-ever', contact.id, { from: 0, until: HOUR_MS, weekly: true }), 's')
    const ending = { from: 0, until: HOUR_MS, weekly: true, weeklyUntil: T0 + HOUR_MS }
    await saveShift(store.db, aShift('s-ending', contact.id, ending), 's')
    const ids = async (since: number) => (await listShifts(store.db, 'NCR', since)).map(({ id }) => id)
    expect(await ids(T0)).toEqual(expect.arrayContaining(['s-ever', 's-ending']))
    const later = await ids(T0 + 2 * HOUR_MS)
    expect([later.includes('s-ever'), later.includes('s-ending')]).toEqual([true, false])
  })

  test('that is removed is told to the room as gone, once', async () => {
    const contact = await keep(aContact('c-removed'))
    await saveShift(store.db, aShift('s-gone', contact.id), 's')
    const before = await newest('NCR')
    expect(await removeShift(store.db, { id: 's-gone', region: 'CEB' }, 's')).toBe(false)
    expect(await removeShift(store.db, { id: 's-gone', region: 'NCR' }, 's')).toBe(true)
    expect(await removeShift(store.db, { id: 's-gone', region: 'NCR' }, 's')).toBe(false)
    expect(await pullDirectory(store.db, 'NCR', before, 10)).toMatchObject([
      { kind: 'shift', id: 's-gone', body: null },
    ])
    expect(await saveShift(store.db, aShift('s-gone', contact.id), 's')).toEqual({ ok: false, refusal: 'gone' })
  })

  test('cannot end before it begins, nor overlap with itself', async () => {
    const contact = await keep(aContact('c-odd'))
    await expect(saveShift(store.db, aShift('s-odd', contact.id, { until: T0 }), 's')).rejects.toThrow()
    const long = aShift('s-long', contact.id, { weekly: true, until: T0 + 8 * 24 * HOUR_MS })
    await expect(saveShift(store.db, long, 's')).rejects.toThrow()
  })
})

describe('a policy', () => {
  test('is the built-in one until somebody writes another, which the room hears of', async () => {
    expect(await policyOf(store.db, 'DVO')).toBeNull()
    const policy = { ...defaultPolicy('DVO'), ackHoldsS: 90 }
    const first = await savePolicy(store.db, policy, 'sup-1', 0)
    if (!first.ok) throw new Error(first.refusal)
    expect(first.saved.policy).toEqual(policy)
    expect(await policyOf(store.db, 'DVO')).toEqual(first.saved)
    expect(await savePolicy(store.db, policy, 'sup-2', 0)).toEqual({ ok: false, refusal: 'changed' })
    expect((await savePolicy(store.db, { ...policy, bundleS: 30 }, 'sup-2', first.saved.version)).ok).toBe(true)
    const told = await pullDirectory(store.db, 'DVO', 0, 10)
    expect(told).toMatchObject([{ kind: 'policy', id: 'DVO', body: { ...policy, bundleS: 30 } }])
  })
})

describe('a hand-over', () => {
  test('is written once, and accepted once', async () => {
    await keep(aContact('c-out'))
    await keep(aContact('c-in'))
    const id = crypto.randomUUID()
    const note = {
      id,
      region: 'NCR' as const,
      duty: 'lead' as const,
      from: 'c-out',
      to: 'c-in',
      note: 'NCR-47 is open',
    }
    expect(await writeHandover(store.db, note, 'u1')).toEqual({ ok: true })
    expect(await writeHandover(store.db, { ...note, note: 'Another' }, 'u9')).toEqual({ ok: true })
    expect((await listHandovers(store.db, 'NCR', 5))[0]).toMatchObject({ ...note, writtenBy: 'u1', acceptedAt: null })
    expect(await acceptHandover(store.db, { id, region: 'CEB' }, 'u2')).toBe(false)
    expect(await acceptHandover(store.db, { id, region: 'NCR' }, 'u2')).toBe(true)
    expect(await acceptHandover(store.db, { id, region: 'NCR' }, 'u3')).toBe(true)
    expect((await listHandovers(store.db, 'NCR', 5))[0]).toMatchObject({ acceptedBy: 'u2' })
  })

  test('to nobody of the region is refused, and its words cannot be changed', async () => {
    const id = crypto.randomUUID()
    const note = { id, region: 'NCR' as const, duty: 'lead' as const, from: 'c-out', to: 'nobody', note: 'x' }
    expect(await writeHandover(store.db, note, 'u1')).toEqual({ ok: false, refusal: 'no_such_contact' })
    await expect(store.sql`UPDATE duty_handover SET note = 'y'`.then()).rejects.toThrow('permission denied')
  })
})

describe("a driver's kin", () => {
  const contacts = [{ id: 'k1', name: 'Luz', relation: 'Spouse', phone: '+639005555001', lang: 'fil' as const }]

  test('go where the driver goes, and away with the driver', async () => {
    await store.sql`INSERT INTO driver (id, region, name) VALUES ('d-kin', 'NCR', 'Ramon')`
    expect(await saveKin(store.db, { id: 'd-kin', region: 'CEB', contacts }, 's')).toEqual({
      ok: false,
      refusal: 'no_such_driver',
    })
    expect(await saveKin(store.db, { id: 'd-kin', region: 'NCR', contacts }, 's')).toMatchObject({ ok: true })
    const [ncr, ceb] = [await newest('NCR'), await newest('CEB')]
    await store.sql`UPDATE driver SET region = 'CEB' WHERE id = 'd-kin'`
    const kinOnly = async (region: 'NCR' | 'CEB', after: number) =>
      (await pullDirectory(store.db, region, after, 50)).filter(({ kind }) => kind === 'kin')
    expect(await kinOnly('NCR', ncr)).toMatchObject([{ id: 'd-kin', body: null }])
    expect(await kinOnly('CEB', ceb)).toMatchObject([{ body: { id: 'd-kin', region: 'CEB', contacts } }])
    await store.sql`UPDATE driver SET retired = true WHERE id = 'd-kin'`
    expect(await kinOf(store.db, 'd-kin')).toBeNull()
  })

  test('and the numbers of people on duty are not for reports', async () => {
    await expect(reader.sql`SELECT contacts FROM driver_kin`.then()).rejects.toThrow('permission denied')
    await expect(reader.sql`SELECT addresses FROM duty_contact`.then()).rejects.toThrow('permission denied')
    expect((await reader.sql`SELECT name FROM duty_contact`).length).toBeGreaterThan(0)
  })
})

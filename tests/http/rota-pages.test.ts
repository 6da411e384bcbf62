// The rota's pages before a real Postgres: what stands on them, what their forms keep, and how a refusal names its field.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { listContacts, listHandovers, listShifts, policyOf, saveContact, saveShift } from '../../src/store/duty'
import { DAY, HOUR, rotaTower } from './rota-support'

let tower: Awaited<ReturnType<typeof rotaTower>>
const MANILA = 8 * HOUR
const local = (at: number) => new Date(at + MANILA).toISOString().slice(0, 16)
const tomorrow = Math.floor((Date.now() + MANILA) / DAY) * DAY - MANILA + DAY
const person = (id: string, changes: object = {}) => ({
  id,
  region: 'NCR' as const,
  name: `Person ${id}`,
  lang: 'fil' as const,
  addresses: [{ channel: 'sms' as const, to: '+639005559201' }],
  teams: [],
  uid: null,
  active: true,
  ...changes,
})

beforeAll(async () => {
  tower = await rotaTower()
  await saveContact(tower.store.db, person('ana', { name: 'Ana <Reyes>' }), 's')
  await saveContact(tower.store.db, person('ben', { uid: 'u-ben' }), 's')
  await saveContact(tower.store.db, person('cris', { uid: 'u-cris' }), 's')
  await saveShift(
    tower.store.db,
    {
      id: 'base',
      region: 'NCR',
      duty: 'lead',
      contactId: 'ana',
      from: tomorrow - 8 * DAY,
      until: tomorrow - 8 * DAY + 20 * HOUR,
      weekly: true,
      weeklyUntil: null,
      override: false,
      note: null,
    },
    's',
  )
}, 60_000)
afterAll(() => tower.close())

describe('the week', () => {
  test('says who is on duty, names the next gap, and draws both', async () => {
    const { status, text } = await tower.page('/rota?region=NCR')
    expect(status).toBe(200)
    expect(text).toContain('Ana &lt;Reyes&gt;')
    expect(text).toMatch(/Nobody on duty: Lead, \w{3} [\w ]*\d\d:\d\d–/)
    expect(text).toContain('class="rota-gap"')
    expect(text).toContain('class="rota-watch"')
    expect(text).not.toContain(' style=')
    const filipino = await tower.page('/rota?region=NCR', { lang: 'fil' })
    expect(filipino.text).toContain('Walang naka-duty: Pinuno')
  })

  test('is another when another is asked for', async () => {
    const { text } = await tower.page('/rota?region=NCR&from=2026-01-05')
    expect(text).toContain('5 Jan 2026 – 11 Jan 2026')
    expect((await tower.page('/rota?region=NCR&from=nonsense')).status).toBe(200)
  })

  test('shows operators everything and lets them change nothing', async () => {
    const { text } = await tower.page('/rota', { role: 'operator' })
    expect(text).toContain('Ana &lt;Reyes&gt;')
    expect(text).not.toContain('hx-post')
    expect((await tower.form('/rota/shifts', { region: 'NCR' }, { role: 'operator' })).status).toBe(403)
    expect((await tower.form('/rota/shifts', { region: 'CEB' })).status).toBe(403)
    expect((await tower.page('/rota?region=CEB')).status).toBe(403)
  })

  test('says so where Postgres is away', async () => {
    const { status, text } = await tower.page('/rota', {}, tower.without)
    expect(status).toBe(503)
    expect(text).toContain('the room goes on with its copy')
  })

  test('tells the strip of the next gap in one line', async () => {
    const { text } = await tower.page('/rota/gap?region=NCR')
    expect(text).toMatch(/^<a class="strip-gap" href="\/rota\?region=NCR">Nobody on duty: /)
  })
})

describe('a shift', () => {
  const FIELDS = { region: 'NCR', duty: 'second_lead', contactId: 'ben' }

  test('is kept by the clock of Manila, and the room hears of it', async () => {
    tower.ticked.length = 0
    const times = { from: local(tomorrow + 6 * HOUR), until: local(tomorrow + 14 * HOUR) }
    const { status, text } = await tower.form('/rota/shifts', { ...FIELDS, ...times, weekly: 'yes', note: 'covers' })
    expect([status, tower.ticked]).toEqual([200, ['NCR']])
    expect(text).toContain('Kept. The room knows it.')
    const kept = (await listShifts(tower.store.db, 'NCR')).find(({ duty }) => duty === 'second_lead')
    expect(kept).toMatchObject({
      contactId: 'ben',
      from: tomorrow + 6 * HOUR,
      until: tomorrow + 14 * HOUR,
      weekly: true,
      weeklyUntil: null,
      override: false,
      note: 'covers',
      changedBy: 'of-supervisor',
    })
  })

  test('that ends before it begins comes back as it was typed, with the fault beside its field', async () => {
    const times = { from: local(tomorrow + 6 * HOUR), until: local(tomorrow) }
    const { status, text } = await tower.form('/rota/shifts', { ...FIELDS, ...times, note: 'as typed' })
    expect(status).toBe(422)
    expect(text).toContain('id="s-until-wrong"')
    expect(text).toContain('It ends before it begins.')
    expect(text).toContain('value="as typed"')
    expect(text).toMatch(/id="s-until"[^>]*aria-invalid="true"/)
    expect((await tower.form('/rota/shifts', { ...FIELDS, from: 'x', until: 'y' })).status).toBe(422)
  })

  test('instead of others lasts once, and stands in their place', async () => {
    const times = { from: local(tomorrow + 2 * HOUR), until: local(tomorrow + 4 * HOUR) }
    const fields = { ...FIELDS, duty: 'lead', ...times, override: 'yes', weekly: 'yes' }
    const { text } = await tower.form('/rota/shifts', fields)
    expect(text).toContain('data-override="yes"')
    expect((await listShifts(tower.store.db, 'NCR')).find(({ override }) => override)?.weekly).toBe(false)
  })

  test('is taken away', async () => {
    const [one] = (await listShifts(tower.store.db, 'NCR')).filter(({ override }) => override)
    const { status, text } = await tower.form(`/rota/shifts/${one?.id}/away`, { region: 'NCR' })
    expect(status).toBe(200)
    expect(text).not.toContain('data-override')
    expect((await tower.form('/rota/shifts/nothing/away', { region: 'NCR' })).status).toBe(404)
  })
})

describe('a hand-over', () => {
  const NOTE = { region: 'NCR', duty: 'lead', from: 'ben', to: 'cris', note: 'NCR-47 is open\nrover asked' }

  test('is written by the outgoing, and accepted by the incoming and nobody else', async () => {
    const ben = { uid: 'u-ben', role: 'operator' as const }
    const cris = { uid: 'u-cris', role: 'operator' as const }
    expect((await tower.form('/rota/handovers', NOTE, cris)).status).toBe(403)
    expect((await tower.form('/rota/handovers', NOTE, ben)).status).toBe(200)
    const [handover] = await listHandovers(tower.store.db, 'NCR', 1)
    expect(handover).toMatchObject({ from: 'ben', to: 'cris', writtenBy: 'u-ben', acceptedAt: null })
    const accept = `/rota/handovers/${handover?.id}/accept`
    expect((await tower.page('/rota', cris)).text).toContain(accept)
    expect((await tower.page('/rota', ben)).text).not.toContain(accept)
    expect((await tower.form(accept, { region: 'NCR' }, ben)).status).toBe(403)
    expect((await tower.form(accept, { region: 'NCR' }, cris)).text).toContain('Accepted')
    expect((await listHandovers(tower.store.db, 'NCR', 1))[0]?.acceptedBy).toBe('u-cris')
    expect((await tower.form(`/rota/handovers/${crypto.randomUUID()}/accept`, { region: 'NCR' })).status).toBe(404)
  })

  test('to oneself, or without words, names the field', async () => {
    expect((await tower.form('/rota/handovers', { ...NOTE, to: 'ben' })).text).toContain('id="h-to-wrong"')
    expect((await tower.form('/rota/handovers', { ...NOTE, note: ' ' })).text).toContain('id="h-note-wrong"')
  })
})

describe('people', () => {
  const FIELDS = { region: 'NCR', name: 'Dina', lang: 'en', channel0: 'voice', to0: '', channel1: 'sms', active: 'yes' }

  test('are added with their number and their log-in, and seen with it shortened by others', async () => {
    await tower.owner`INSERT INTO app_user (id, region, email, name, alias, role, regions, password_hash)
      VALUES ('u-dina', 'NCR', 'dina@tower.example', 'Dina', 'D1', 'operator', '{NCR}', 'none')`
    const fields = { ...FIELDS, to1: '0900 555 9277', teams: 'leads, night', login: 'DINA@tower.example' }
    const { status, text } = await tower.form('/rota/contacts', fields)
    expect(status).toBe(200)
    expect(text).toContain('value="+639005559277"')
    expect(text).toContain('value="dina@tower.example"')
    const dina = (await listContacts(tower.store.db, 'NCR')).find(({ name }) => name === 'Dina')
    expect(dina).toMatchObject({ uid: 'u-dina', teams: ['leads', 'night'], lang: 'en', active: true })
    expect(dina?.addresses).toEqual([{ channel: 'sms', to: '+639005559277' }])
    expect((await tower.page('/rota/contacts')).text).toContain('+639005559277')
    const others = (await tower.page('/rota/contacts', { role: 'trainee' })).text
    expect(others).toContain('+63900•••9277')
    expect(others).not.toContain('9005559277')
  })

  test('with a short number are refused beside the row that was typed, which keeps it', async () => {
    const { status, text } = await tower.form('/rota/contacts', { ...FIELDS, to1: '911' })
    expect(status).toBe(422)
    expect(text).toContain('id="addresses.1.to-wrong"')
    expect(text).toContain('dialled by people, never by the Tower')
    expect(text).toContain('value="911"')
    expect((await tower.form('/rota/contacts', { ...FIELDS, to1: '09005551234', login: 'x@y.zz' })).text).toContain(
      'id="login-wrong"',
    )
  })

  test('changed by somebody else meanwhile are shown as they are now', async () => {
    const before = (await listContacts(tower.store.db, 'NCR')).find(({ id }) => id === 'cris')
    await saveContact(tower.store.db, person('cris', { uid: 'u-cris', name: 'Changed by other' }), 'other')
    const fields = { ...FIELDS, name: 'Late', to1: '09005551234', version: String(before?.version) }
    const { status, text } = await tower.form('/rota/contacts/cris', fields)
    expect(status).toBe(409)
    expect(text).toContain('Somebody has changed it meanwhile')
    expect((await tower.form('/rota/contacts/ana/away', { region: 'NCR' })).status).toBe(409)
    expect((await tower.form('/rota/contacts/cris/away', { region: 'NCR' })).status).toBe(200)
    expect((await tower.page('/rota/contacts/cris?region=NCR')).status).toBe(404)
  })
})

describe('the policy', () => {
  const formOf = async () => {
    const { text } = await tower.page('/rota/policy')
    const fields: Record<string, string> = {}
    for (const [, name, value] of text.matchAll(/<input[^>]* name="([^"]+)" value="([^"]*)"/g))
      if (name && name !== 'builtin') fields[name] = value ?? ''
    for (const [, name, options] of text.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
      fields[name as string] = /value="([^"]*)" selected/.exec(options as string)?.[1] ?? 'none'
    return fields
  }

  test('reads as rows, and a form that nobody changed changes nothing', async () => {
    const { text } = await tower.page('/rota/policy', { role: 'operator' })
    expect(text).toContain('These are the built-in clocks.')
    expect(text).toContain('Call + Text, then E-mail + Webhook')
    expect(text).not.toContain('hx-post')
    const fields = await formOf()
    expect(Object.keys(fields).length).toBeGreaterThan(40)
    expect((await tower.form('/rota/policy', fields)).status).toBe(200)
    const { defaultPolicy } = await import('../../src/domain/escalation-policy')
    expect((await policyOf(tower.store.db, 'NCR'))?.policy).toEqual(defaultPolicy('NCR'))
  })

  test('is changed in seconds and ways', async () => {
    const fields = {
      ...(await formOf()),
      'steps.P1.0.afterS': '7',
      'steps.P1.0.everyS': '',
      'steps.P1.0.by.voice': '2',
      'steps.P1.0.by.sms': '1',
      'steps.P1.0.by.email': 'none',
      'steps.P1.0.by.webhook': 'none',
      ackHoldsS: '60',
    }
    expect((await tower.form('/rota/policy', fields)).text).toContain('Kept. The room knows it.')
    const kept = await policyOf(tower.store.db, 'NCR')
    expect(kept?.policy.steps.P1[0]).toMatchObject({ afterS: 7, everyS: null, by: [['sms'], ['voice']] })
    expect(kept?.policy.ackHoldsS).toBe(60)
    expect((await tower.form('/rota/policy', { ...fields, ackHoldsS: '70' })).status).toBe(409)
  })

  test('names the field of what cannot stand, and keeps what was typed', async () => {
    const before = await policyOf(tower.store.db, 'NCR')
    const wrong = {
      ...(await formOf()),
      'steps.P1.0.afterS': 'soon',
      'steps.P1.1.by.voice': 'none',
      'steps.P1.1.by.sms': 'none',
      'steps.P1.1.by.email': 'none',
      'steps.P1.1.by.webhook': 'none',
      towerDownS: '1',
    }
    const { status, text } = await tower.form('/rota/policy', wrong)
    expect(status).toBe(422)
    for (const id of ['steps.P1.0.afterS-wrong', 'towerDownS-wrong']) expect(text).toContain(`id="${id}"`)
    expect(text).toContain('Choose at least one way.')
    expect(text).toContain('value="soon"')
    expect(text).toContain('5 is the least.')
    expect(await policyOf(tower.store.db, 'NCR')).toEqual(before)
  })

  test('goes back to the built-in clocks', async () => {
    const { version } = await formOf()
    const done = await tower.form('/rota/policy', { region: 'NCR', version: version ?? '', builtin: 'yes' })
    expect(done.status).toBe(200)
    expect((await policyOf(tower.store.db, 'NCR'))?.policy.ackHoldsS).toBe(120)
  })
})

// The rota over the API before a real Postgres.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { createApp } from '../../src/http/app'
import { workerEnv } from '../support/worker-env'
import { DAY, HOUR, rotaTower } from './rota-support'

let tower: Awaited<ReturnType<typeof rotaTower>>
beforeAll(async () => {
  tower = await rotaTower()
}, 60_000)
afterAll(() => tower.close())

const NCR = '/api/regions/NCR'
const T0 = Math.floor(Date.now() / HOUR) * HOUR
const iso = (at: number) => new Date(at).toISOString()
const NENA = { name: 'Nena Ocampo', lang: 'fil', addresses: [{ channel: 'sms', to: '0900 555 9201' }] }
const SHIFT = { duty: 'lead', contactId: 'nena', from: iso(T0 - HOUR), until: iso(T0 + 6 * HOUR) }

describe('somebody on duty, over the API', () => {
  test('is written with a number as people write it, seen shortened by others, and told to the room at once', async () => {
    tower.ticked.length = 0
    const made = await tower.api('PUT', `${NCR}/contacts/nena`, NENA)
    expect(made.status).toBe(200)
    expect(made.body).toMatchObject({ id: 'nena', region: 'NCR', active: true, changedBy: 'of-supervisor' })
    expect(made.body.addresses).toEqual([{ channel: 'sms', to: '+639005559201' }])
    expect(tower.ticked).toEqual(['NCR'])
    expect((await tower.api('GET', `${NCR}/contacts`)).body.contacts).toEqual([made.body])
    const seen = (await tower.api('GET', `${NCR}/contacts`, undefined, { role: 'operator' })).body.contacts[0]
    expect(seen.addresses).toEqual([{ channel: 'sms', to: '+63900•••9201' }])
  })

  test('is never reached by a short number that people dial', async () => {
    const addresses = [{ channel: 'voice', to: '911' }]
    const { status, body } = await tower.api('PUT', `${NCR}/contacts/c911`, { ...NENA, addresses })
    expect([status, body.error.code, body.error.field]).toEqual([422, 'address_short', 'addresses.0.to'])
  })

  test('is changed from what its author saw', async () => {
    const made = await tower.api('PUT', `${NCR}/contacts/rey`, { ...NENA, name: 'Rey' })
    const change = { ...NENA, name: 'Rey T.', version: made.body.version }
    expect((await tower.api('PUT', `${NCR}/contacts/rey`, change)).body.name).toBe('Rey T.')
    const late = await tower.api('PUT', `${NCR}/contacts/rey`, change)
    expect([late.status, late.body.error.code]).toEqual([409, 'changed'])
  })
})

describe('shifts, over the API', () => {
  test('are written, and what is left open is told as a gap', async () => {
    const made = await tower.api('PUT', `${NCR}/shifts/s1`, SHIFT)
    expect(made.body).toMatchObject({ ...SHIFT, weekly: false, note: null })
    const { body } = await tower.api('GET', `${NCR}/shifts?from=${iso(T0)}&days=1`, undefined, { role: 'trainee' })
    expect(body.shifts.map((each: { id: string }) => each.id)).toEqual(['s1'])
    const leads = body.watches.filter(({ duty }: { duty: string }) => duty === 'lead')
    expect(leads).toEqual([
      { duty: 'lead', from: iso(T0), until: iso(T0 + 6 * HOUR), contactIds: ['nena'], override: false },
      { duty: 'lead', from: iso(T0 + 6 * HOUR), until: iso(T0 + DAY), contactIds: [], override: false },
    ])
    expect(body.gaps).toContainEqual({ duty: 'lead', from: iso(T0 + 6 * HOUR), until: iso(T0 + DAY) })
    expect(body.gaps).toContainEqual({ duty: 'management', from: iso(T0), until: iso(T0 + DAY) })
  })

  test('name what is wrong with them', async () => {
    const faults = async (changes: object) => {
      const { status, body } = await tower.api('PUT', `${NCR}/shifts/s2`, { ...SHIFT, ...changes })
      return [status, body.error.code, body.error.field]
    }
    expect(await faults({ until: SHIFT.from })).toEqual([422, 'ends_before', 'until'])
    expect(await faults({ contactId: 'nobody' })).toEqual([422, 'no_such_contact', 'contactId'])
    expect(await faults({ weekly: true, override: true })).toEqual([422, 'override_weekly', 'weekly'])
    expect((await faults({ from: 'tomorrow' }))[2]).toBe('from')
  })

  test('keep their person from going, and go themselves', async () => {
    expect((await tower.api('DELETE', `${NCR}/contacts/nena`)).body.error.code).toBe('has_shifts')
    expect((await tower.api('DELETE', `${NCR}/shifts/s1`)).status).toBe(204)
    expect((await tower.api('DELETE', `${NCR}/shifts/s1`)).status).toBe(404)
    expect((await tower.api('DELETE', `${NCR}/contacts/nena`)).status).toBe(204)
  })
})

describe('a policy, over the API', () => {
  test('is the built-in one, then what was written, and never one without people', async () => {
    const { body } = await tower.api('GET', `${NCR}/policy`)
    expect([body.version, body.changedBy]).toEqual([0, null])
    const policy = { ...body.policy, ackHoldsS: 90 }
    const saved = await tower.api('PUT', `${NCR}/policy`, { policy, version: 0 })
    expect(saved.body.policy).toEqual(policy)
    expect((await tower.api('GET', `${NCR}/policy`)).body).toEqual(saved.body)
    expect((await tower.api('PUT', `${NCR}/policy`, { policy, version: 0 })).status).toBe(409)
    const faults = async (changes: object) => {
      const refused = await tower.api('PUT', `${NCR}/policy`, { policy: { ...policy, ...changes } })
      return [refused.status, refused.body.error.field]
    }
    expect(await faults({ steps: { ...policy.steps, P1: [] } })).toEqual([422, 'policy.steps.P1'])
    expect(await faults({ towerDownS: 1 })).toEqual([422, 'policy.towerDownS'])
    expect(await faults({ neighbour: 'MARS' })).toEqual([422, 'policy.neighbour'])
  })

  test('keeps everything of a policy that the tower works with', async () => {
    const written = { ...defaultPolicy('DVO'), neighbour: 'CEB' }
    const saved = await tower.api('PUT', `${NCR}/policy`, { policy: written })
    expect(saved.body.policy).toEqual({ ...written, id: 'NCR' })
  })

  test('names nobody who is not there', async () => {
    const policy = defaultPolicy('NCR')
    const [first, ...rest] = policy.steps.P1
    const who = [{ kind: 'team', team: 'nobody-is-in' }]
    const refused = await tower.api('PUT', `${NCR}/policy`, {
      policy: { ...policy, steps: { ...policy.steps, P1: [{ ...first, who }, ...rest] } },
    })
    expect([refused.status, refused.body.error.field]).toEqual([422, 'policy.steps.P1.0.who.0.team'])
  })
})

describe('rights and outages', () => {
  test('nobody but those who look after it changes anything, and nobody another region', async () => {
    expect((await tower.api('PUT', `${NCR}/contacts/x`, NENA, { role: 'operator' })).status).toBe(403)
    expect((await tower.api('PUT', '/api/regions/DVO/contacts/x', NENA)).status).toBe(403)
    expect((await tower.api('GET', '/api/regions/DVO/policy')).status).toBe(403)
    expect((await tower.api('GET', '/api/regions/MARS/policy')).status).toBe(404)
  })

  test('without Postgres it says so', async () => {
    const { status } = await tower.api('GET', `${NCR}/shifts`, undefined, {}, tower.without)
    expect(status).toBe(503)
  })

  test('answers fit the document', async () => {
    const document = await (await createApp().request('/openapi.json', {}, workerEnv())).json()
    const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }))
    ajv.addSchema(document as object, 'doc')
    await tower.api('PUT', `${NCR}/contacts/doc`, NENA)
    await tower.api('PUT', `${NCR}/shifts/doc`, { ...SHIFT, contactId: 'doc' })
    for (const path of ['contacts', 'shifts', 'policy']) {
      const pointer = `doc#/paths/~1api~1regions~1{region}~1${path}/get/responses/200/content/application~1json/schema`
      const schema = JSON.parse(
        JSON.stringify(
          pointer
            .slice('doc#/'.length)
            .split('/')
            .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key.replaceAll('~1', '/')], document),
        ).replaceAll('"#/', '"doc#/'),
      )
      const fits = ajv.compile(schema)
      expect([path, fits((await tower.api('GET', `${NCR}/${path}`)).body), fits.errors]).toEqual([path, true, null])
    }
  })
})

// What is parked in a region, of all of its couriers, and a person's "send it again": through the app and real courier shards.

import { expect, test } from 'bun:test'
import type { Role } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { courierWith, Provider } from '../courier/kit'
import { viewer } from '../support/made-up'
import { aPage } from '../support/paging'
import { workerEnv } from '../support/worker-env'

const app = createApp()

/** Two shards; the second does not answer. */
async function parkedTower() {
  const provider = new Provider('twilio', 'sms')
  provider.always = 'throw'
  const kit = await courierWith([provider])
  const shard = {
    parked: () => kit.courier.parked(),
    resend: (id: string, by: { uid: string; alias: string }) => kit.courier.resend(id, by),
  }
  const env = workerEnv(
    { room: () => ({ sessionHolds: async () => true }), courier: (name) => (name === 'NCR:0' ? shard : {}) },
    { COURIER_SHARDS: '2' },
  )
  await kit.courier.send([aPage({ id: 'poison', decidedAt: kit.clock.now })])
  await kit.turn(60_000)
  const ask = async (
    method: string,
    path: string,
    { role = 'supervisor', regions = ['NCR'], form }: { role?: Role; regions?: RegionId[]; form?: string } = {},
  ) => {
    const person = viewer(`of-${role}`, { role, regions })
    const answer = await app.request(
      path,
      {
        method,
        headers: {
          authorization: `Bearer ${openSession(env, person, Date.now()).token}`,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'hx-request': 'true' }),
        },
        ...(form === undefined ? {} : { body: form }),
      },
      env,
    )
    return { status: answer.status, text: await answer.text() }
  }
  const [parked] = await kit.courier.parked()
  if (!parked) throw new Error('nothing was parked')
  return { kit, provider, ask, parked }
}

test('what is parked is listed with its reason, and that a courier did not answer is said', async () => {
  const { ask, parked } = await parkedTower()
  const { status, text } = await ask('GET', '/api/regions/NCR/parked', { role: 'trainee' })
  expect(status).toBe(200)
  const body = JSON.parse(text)
  expect(body.away).toBe(1)
  expect(body.attempts).toHaveLength(1)
  expect(body.attempts[0]).toMatchObject({ id: parked.id, state: 'parked', error: 'cannot be rendered' })
  expect(body.attempts[0].to).not.toContain('9170000101')
})

test('it is sent again once, by who may, in their own region', async () => {
  const { ask, parked, provider, kit } = await parkedTower()
  const path = `/api/regions/NCR/parked/${parked.id}/resend`
  expect((await ask('POST', path, { role: 'operator' })).status).toBe(403)
  expect((await ask('POST', path, { regions: ['CEB'] })).status).toBe(403)
  const elsewhere = `/api/regions/CEB/parked/${parked.id}/resend`
  expect((await ask('POST', elsewhere, { regions: ['CEB'] })).status).toBe(404)
  expect((await ask('POST', '/api/regions/NCR/parked/nothing/resend')).status).toBe(404)
  const none = '/api/regions/NCR/parked/NCR.7.00000000-0000-4000-8000-000000000001/resend'
  expect((await ask('POST', none)).status).toBe(404)
  expect(await kit.courier.parked()).toHaveLength(1)

  provider.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  expect(await ask('POST', path)).toEqual({ status: 200, text: '{"resent":true}' })
  expect((await ask('POST', path)).status).toBe(409)
  await kit.turn(1_000)
  expect(provider.last.page.id).toBe('poison')
  expect(await kit.courier.parked()).toEqual([])
})

test('the page offers it to who may, and says what came of it', async () => {
  const { ask, parked, provider, kit } = await parkedTower()
  const form = new URLSearchParams({ region: 'NCR', period: 'week', attempt: parked.id }).toString()
  expect((await ask('GET', '/delivery?region=NCR', { role: 'operator' })).text).not.toContain('/delivery/resend')
  const page = await ask('GET', '/delivery?region=NCR')
  expect(page.text).toContain('1 parked')
  expect(page.text).toContain(`value="${parked.id}"`)
  expect((await ask('POST', '/delivery/resend', { role: 'operator', form })).status).toBe(403)
  provider.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  const done = await ask('POST', '/delivery/resend', { form })
  expect(done.status).toBe(200)
  expect(done.text).toContain('Sent again.')
  expect(done.text).toContain('Nothing is parked.')
  await kit.turn(1_000)
  const twice = await ask('POST', '/delivery/resend', { form })
  expect(twice.status).toBe(409)
  expect(twice.text).toContain('It was not sent again')
})

// The ladder as the panel asks for it, and what a person sends again from it: the app before real rooms and real couriers.

import { expect, test } from 'bun:test'
import type { Role } from '../../src/domain/access'
import type { Attempt } from '../../src/domain/page'
import type { RegionId } from '../../src/domain/region'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { courierWith, Provider } from '../courier/kit'
import { aPress, viewer } from '../support/made-up'
import { aPage, contactRow, shiftRow } from '../support/paging'
import { openRoom } from '../support/room'
import { workerEnv } from '../support/worker-env'

const app = createApp()

async function ladderTower(options: { courier: boolean } = { courier: true }) {
  const room = openRoom({ ports: { attention: () => 0, free: () => 0 } })
  room.room.learn([contactRow('ana'), shiftRow('ana', 'lead')])
  const press = aPress()
  room.send([press])
  const provider = new Provider('twilio', 'sms')
  provider.always = 'throw'
  const kit = await courierWith([provider])
  const env = workerEnv({
    room: () => ({
      sessionHolds: async () => true,
      paging: {
        reports: async (reports) => room.room.reports.take(reports),
        ladder: async (id, person) => room.room.ladder(id, person),
        takeOver: async (...given) => room.room.takeOver.takeOver(...given),
        giveBack: async (person) => room.room.takeOver.giveBack(person),
        lookAfter: async () => {},
        attentionThere: async () => {},
        saysGoodbye: async () => {},
      },
    }),
    ...(options.courier
      ? {
          courier: () => ({
            attempts: (query) => kit.courier.attempts(query),
            parked: () => kit.courier.parked(),
            resend: (...given) => kit.courier.resend(...given),
          }),
        }
      : {}),
  })
  const id = press.sosId
  /** A page of the incident whose words cannot be made. */
  const park = async (): Promise<Attempt> => {
    await kit.courier.send([
      aPage({
        id: 'poison',
        incidentId: id,
        decidedAt: kit.clock.now,
        contact: { id: 'ana', name: 'Ana Cruz', lang: 'en' },
      }),
    ])
    await kit.turn(60_000)
    const [parked] = await kit.courier.parked()
    if (!parked) throw new Error('nothing was parked')
    return parked
  }
  const ask = async (
    method: string,
    path: string,
    who: { role?: Role; regions?: RegionId[]; lang?: string; fields?: Record<string, string> } = {},
  ) => {
    const person = viewer(`of-${who.role ?? 'supervisor'}`, {
      role: who.role ?? 'supervisor',
      regions: who.regions ?? ['NCR'],
    })
    const answer = await app.request(
      path,
      {
        method,
        headers: {
          authorization: `Bearer ${openSession(env, person, Date.now()).token}`,
          cookie: `lang=${who.lang ?? 'en'}`,
          'hx-request': 'true',
          ...(who.fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(who.fields ? { body: new URLSearchParams(who.fields).toString() } : {}),
      },
      env,
    )
    return { status: answer.status, text: await answer.text() }
  }
  return { id, kit, provider, park, ask }
}

test('the panel asks who is being told: what was decided, what comes next, and what became of each try', async () => {
  const { id, ask, park } = await ladderTower()
  await park()
  const { status, text } = await ask('GET', `/desk/incidents/${id}/ladder`)
  expect(status).toBe(200)
  expect(text).toContain('duty lead (nobody watches)')
  expect(text).toContain('data-words="all screens, louder in {left}"')
  expect(text).toContain('data-channel="sms" data-state="parked"')
  expect(text).toContain('data-courier="here"')
  expect((await ask('GET', `/desk/incidents/${id}/ladder`, { lang: 'fil' })).text).toContain('walang nakabantay')
})

test('without the courier the room’s half stands, and it is said that the other is not known', async () => {
  const { id, ask } = await ladderTower({ courier: false })
  const { status, text } = await ask('GET', `/desk/incidents/${id}/ladder`)
  expect(status).toBe(200)
  expect(text).toContain('The courier does not answer')
  expect(text).toContain('duty lead (nobody watches)')
  expect(text).not.toContain('class="rung"')
})

test('nobody reads the ladder of another region, and only who may resend is offered it', async () => {
  const { id, ask, park } = await ladderTower()
  await park()
  expect((await ask('GET', `/desk/incidents/${id}/ladder`, { regions: ['CEB'] })).status).toBe(404)
  expect((await ask('GET', `/desk/incidents/${id}/ladder`, { role: 'operator' })).text).not.toContain('/ladder/resend')
  expect((await ask('GET', `/desk/incidents/${id}/ladder`)).text).toContain('/ladder/resend')
})

test('what was parked is sent again from the panel, once', async () => {
  const { id, ask, park, provider, kit } = await ladderTower()
  const parked = await park()
  const path = `/desk/incidents/${id}/ladder/resend`
  const fields = { attempt: parked.id }
  expect((await ask('POST', path, { role: 'operator', fields })).status).toBe(403)
  expect((await ask('POST', path, { regions: ['CEB'], fields })).status).toBe(404)
  expect(await kit.courier.parked()).toHaveLength(1)
  provider.always = ({ attemptId }) => ({ is: 'accepted', providerId: attemptId })
  const done = await ask('POST', path, { fields })
  expect(done.status).toBe(200)
  expect(done.text).toContain('Sent again.')
  await kit.turn(1_000)
  expect(provider.last.page.id).toBe('poison')
  const twice = await ask('POST', path, { fields })
  expect(twice.status).toBe(409)
  expect(twice.text).toContain('It was not sent again')
})

import { expect, test } from 'bun:test'
import { openSession } from '../../src/http/auth/session'
import { bearer, setUp } from './doors-support'

const room = () => ({ sessionHolds: async () => true, holdsIncident: async () => false })

function screen(regions: ('NCR' | 'CEB')[]) {
  const set = setUp({}, { room })
  const person = { uid: 'u1', name: 'Ana', alias: 'Desk 1', role: 'operator', regions, epoch: 1 } as const
  const { token } = openSession(set.env, { ...person, regions }, Date.now())
  return { ...set, see: (region: string) => set.ask(`/api/regions/${region}/unplaced`, { headers: bearer(token) }) }
}

test('presses without their room are asked of every shard, and those that do not answer are counted', async () => {
  const { see, dead } = screen(['NCR'])
  expect(await (await see('NCR')).json()).toEqual({ cards: [], missing: 0 })
  dead.add('NCR:1')
  const answer = await see('ncr-manila')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual({ cards: [], missing: 1 })
})

test('they are shown to those with rights in the region, and to nobody else', async () => {
  expect((await screen(['CEB']).see('NCR')).status).toBe(403)
  expect((await screen(['CEB']).see('CEB')).status).toBe(200)
  expect((await screen(['NCR']).see('MARS')).status).toBe(404)
  expect((await setUp({}, { room }).ask('/api/regions/NCR/unplaced')).status).toBe(401)
})

import { expect, test } from 'bun:test'
import type { UserRow } from '../../src/domain/directory'
import { Accounts } from '../../src/http/auth/account'

const ana: UserRow = {
  id: 'u1',
  email: 'ana@tower.example',
  name: 'Ana Reyes',
  alias: 'Desk 3',
  role: 'operator',
  regions: ['NCR'],
  passwordHash: '',
  sessionEpoch: 1,
  active: true,
}
const down = async (): Promise<never> => {
  throw new Error('down')
}
const never = (): Promise<never> => new Promise(() => {})

test('Postgres is asked first, and its word that there is no such account counts', async () => {
  const found = await new Accounts().find('Ana@Tower.example ', {
    postgres: async () => null,
    rooms: [async () => ana],
  })
  expect(found).toEqual({ user: null, from: 'postgres' })
})

test('while Postgres is away the first room that knows the account answers for it', async () => {
  const rooms = [down, async () => null, async (email: string) => (email === ana.email ? ana : null), never]
  expect(await new Accounts().find('Ana@tower.example', { postgres: down, rooms })).toEqual({ user: ana, from: 'room' })
})

test('after trouble Postgres is left alone for ten seconds, then asked again', async () => {
  let now = 1_000_000
  let asked = 0
  const accounts = new Accounts(() => now)
  const directories = {
    postgres: async () => {
      asked++
      return down()
    },
    rooms: [async () => ana],
  }
  for (let n = 0; n < 5; n++) await accounts.find(ana.email, directories)
  expect(asked).toBe(1)
  now += 10_000
  await accounts.find(ana.email, directories)
  expect(asked).toBe(2)
})

test('with everything away nobody is called wrong', async () => {
  expect(await new Accounts().find(ana.email, { postgres: down, rooms: [down, down] })).toBe('away')
})

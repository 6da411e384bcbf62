// The process that makes passwords' chains: gives the very keys that the tower's own thread makes, to the tower alone, and where it
// is away or wrong the tower makes them itself.

import { afterAll, expect, test } from 'bun:test'
import { servePasswordChains } from '../../scripts/lib/password-chains'
import { here, runChain } from '../../src/http/auth/chain'
import { elsewhere } from '../../src/http/auth/chain-elsewhere'
import { hashPassword, verifyPassword } from '../../src/http/auth/password'

const chains = servePasswordChains()
afterAll(() => chains.stop())

const pepper = new Uint8Array(32).fill(7)
const chain = {
  secret: Buffer.from('of this person'),
  salt: Buffer.alloc(16, 1),
  log2N: 10,
  r: 8,
  links: 3,
  keyBytes: 32,
}
const binding = (address: string, seen: number[] = []) =>
  ({
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url.replace('passwords', address), init)
      seen.push(response.status)
      return response
    },
  }) as unknown as Fetcher

test('gives what the own thread would make', async () => {
  const made = await elsewhere(binding(chains.address), chains.key)?.(chain)
  expect(Buffer.from(made ?? [])).toEqual(Buffer.from(await runChain(chain, here)))
})

test('a log-in asks it, and is right or wrong as before', async () => {
  const stored = await hashPassword('sampaguita-9', pepper)
  const seen: number[] = []
  const asks = elsewhere(binding(chains.address, seen), chains.key)
  expect(await verifyPassword('sampaguita-9', stored, pepper, asks)).toBe(true)
  expect(await verifyPassword('sampaguita-8', stored, pepper, asks)).toBe(false)
  expect(seen).toEqual([200, 200])
})

test('whoever does not know its key gets nothing, and numbers that are no password’s are refused', async () => {
  const ask = (body: unknown, key = chains.key) =>
    fetch(`http://${chains.address}/chain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    }).then(({ status }) => status)
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const asked = { ...chain, secret: text(chain.secret), salt: text(chain.salt) }
  expect(await ask(asked)).toBe(200)
  expect(await ask(asked, 'another')).toBe(401)
  for (const wrong of [
    { log2N: 20 },
    { r: 64 },
    { links: 99 },
    { links: 0 },
    { log2N: 1.5 },
    { salt: '' },
    { secret: 7 },
  ])
    expect(await ask({ ...asked, ...wrong })).toBe(422)
  expect(await ask(null)).toBe(422)
})

test('where it is away, or answers something else, the tower’s own thread makes the chain', async () => {
  const gone = servePasswordChains()
  await gone.stop()
  const liar = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('no key') })
  const stored = await hashPassword('sampaguita-9', pepper)
  for (const address of [gone.address, `127.0.0.1:${liar.port}`]) {
    const asks = elsewhere(binding(address), gone.key)
    expect(await asks?.(chain)).toBeNull()
    expect(await verifyPassword('sampaguita-9', stored, pepper, asks)).toBe(true)
  }
  await liar.stop(true)
})

test('a tower without such a process does not ask', () => {
  expect(elsewhere(undefined, 'key')).toBeNull()
})

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { HashPace, hashPassword, verifyNobody, verifyPassword } from '../../src/http/auth/password'

const pepper = new Uint8Array(32).fill(7)

test('the right password verifies, a wrong one and another pepper do not', async () => {
  const stored = await hashPassword('sampaguita-9', pepper)
  expect(stored).toMatch(/^scrypt-chain\$13\$8\$10\$[\w-]{22}\$[\w-]{43}$/)
  expect(await verifyPassword('sampaguita-9', stored, pepper)).toBe(true)
  expect(await verifyPassword('sampaguita-8', stored, pepper)).toBe(false)
  expect(await verifyPassword('sampaguita-9', stored, new Uint8Array(32).fill(8))).toBe(false)
})

test('two hashes of one password differ', async () => {
  expect(await hashPassword('same', pepper)).not.toBe(await hashPassword('same', pepper))
})

test('a hash with other numbers is verified by the numbers it was made with', async () => {
  const { createHmac, scryptSync } = await import('node:crypto')
  const salt = Buffer.alloc(16, 1)
  const peppered = createHmac('sha256', pepper).update('older').digest()
  const key = scryptSync(peppered, salt, 32, { N: 2 ** 10, r: 4, p: 1 })
  const stored = `scrypt-chain$10$4$1$${salt.toString('base64url')}$${key.toString('base64url')}`
  expect(await verifyPassword('older', stored, pepper)).toBe(true)
  expect(await verifyPassword('newer', stored, pepper)).toBe(false)
})

test('stored numbers that would take all the memory are refused, not computed', async () => {
  const tail = `${'A'.repeat(22)}$${'A'.repeat(43)}`
  for (const numbers of ['20$8$1', '14$64$5', '14$8$99', '0$8$5', '14$0$5', '-1$8$5', '1e1$8$5']) {
    expect(await verifyPassword('x', `scrypt-chain$${numbers}$${tail}`, pepper)).toBe(false)
  }
})

test('nothing that stands in the column of hashes makes verifying throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.constant(`scrypt-chain$14$8$5$$`), fc.constant('')), async (stored) => {
      expect(await verifyPassword('x', stored, pepper)).toBe(false)
    }),
  )
})

test('an account that does not exist is never verified', async () => {
  expect(await verifyNobody('', pepper)).toBe(false)
})

test('hashes start a second apart, and the eleventh that would wait is refused with the time to wait', () => {
  let now = 1_000_000
  const pace = new HashPace(1_000, 10, () => now)
  const waits = Array.from({ length: 11 }, () => pace.reserve()).map((turn) => (turn.ok ? turn.waitMs : -1))
  expect(waits).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000])
  expect(pace.reserve()).toEqual({ ok: false, retryAfterMs: 11_000 })
  now += 60_000
  expect(pace.reserve()).toEqual({ ok: true, waitMs: 0 })
})

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REGION_IDS } from '../../src/domain/region'
import { parseKeys, sameText, signDeviceToken, verifyDeviceToken } from '../../src/ingest/device-token'

const OLD = `old:${Buffer.alloc(32, 1).toString('base64url')}`
const NEW = `new:${Buffer.alloc(32, 2).toString('base64url')}`
const keys = parseKeys(`${NEW},${OLD}`)
const NOW = Date.UTC(2026, 10, 23)
const LATER = NOW / 1000 + 3600
const claims = { deviceId: 'NCR-0042', home: 'NCR', generation: 3, expiresAt: LATER } as const

describe('a device token', () => {
  test('says whose it is, whatever the device is called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
        fc.constantFrom(...REGION_IDS),
        fc.nat(),
        (deviceId, home, generation) => {
          fc.pre(Buffer.from(deviceId, 'utf8').length <= 200 && deviceId.isWellFormed())
          const token = signDeviceToken(keys, { deviceId, home, generation, expiresAt: LATER })
          expect(verifyDeviceToken(keys, token, NOW)).toEqual({
            genuine: true,
            deviceId,
            home,
            generation,
            expired: false,
          })
        },
      ),
    )
  })

  test('can stand in a path as it is, and is short enough for a QR code', () => {
    const token = signDeviceToken(keys, claims)
    expect(token).toMatch(/^[A-Za-z0-9._-]+$/)
    expect(token.length).toBeLessThan(80)
  })

  test('is genuine and expired from its last second on', () => {
    const token = signDeviceToken(keys, claims)
    expect(verifyDeviceToken(keys, token, LATER * 1000 - 1)).toMatchObject({ genuine: true, expired: false })
    expect(verifyDeviceToken(keys, token, LATER * 1000)).toMatchObject({ genuine: true, expired: true })
  })

  test('of an older key is genuine while that key is among ours, and forged afterwards', () => {
    const token = signDeviceToken(parseKeys(OLD), claims)
    expect(verifyDeviceToken(parseKeys(`${NEW},${OLD}`), token, NOW).genuine).toBe(true)
    expect(verifyDeviceToken(parseKeys(NEW), token, NOW).genuine).toBe(false)
  })

  test('that was shown before is asked its time and its keys again', () => {
    const token = signDeviceToken(keys, claims)
    for (const again of [1, 2]) {
      expect([again, verifyDeviceToken(keys, token, NOW)]).toMatchObject([again, { genuine: true, expired: false }])
      expect(verifyDeviceToken(keys, token, LATER * 1000)).toMatchObject({ genuine: true, expired: true })
      expect(verifyDeviceToken(parseKeys(OLD), token, NOW)).toEqual({ genuine: false })
      const impostor = parseKeys(`new:${Buffer.alloc(32, 9).toString('base64url')}`)
      expect(verifyDeviceToken(impostor, token, NOW)).toEqual({ genuine: false })
      expect(verifyDeviceToken(keys, token.replace('d1.', 'g1.'), NOW)).toEqual({ genuine: false })
      expect(verifyDeviceToken(keys, `${token}A`, NOW)).toEqual({ genuine: false })
    }
  })

  test('is forged when any one character of it differs', () => {
    const token = signDeviceToken(keys, claims)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      expect(verifyDeviceToken(keys, token.slice(0, at) + other + token.slice(at + 1), NOW).genuine).toBe(false)
    }
  })

  test('is not genuine under another key of the same name', () => {
    const forger = parseKeys(`new:${Buffer.alloc(32, 9).toString('base64url')}`)
    expect(verifyDeviceToken(parseKeys(NEW), signDeviceToken(forger, claims), NOW).genuine).toBe(false)
  })

  test('may be any text whatever: it is forged, never an error', () => {
    const near = fc.array(fc.constantFrom('d1', 'new', 'old', '.', '..', '~', 'AAAA', '=', '%00', '\ud800'))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          near.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(verifyDeviceToken(keys, text, NOW).genuine).toBe(false)
        },
      ),
    )
  })
})

describe('signing keys', () => {
  test('are refused without a name, or when too short, without saying what they were', () => {
    expect(() => parseKeys('c2VjcmV0c2VjcmV0c2VjcmV0')).toThrow('no name')
    expect(() => parseKeys('k:c2hvcnQ')).toThrow('shorter than 128 bits')
    expect(() => parseKeys('')).toThrow()
  })

  test('compare as texts only when they are the same', () => {
    expect(sameText('abc', 'abc')).toBe(true)
    expect(sameText('abc', 'abd')).toBe(false)
    expect(sameText('abc', 'abcd')).toBe(false)
  })
})

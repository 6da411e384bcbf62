import { describe, expect, test } from 'bun:test'
import { CannotStart } from '../../scripts/lib/refusal'
import { checkSafety } from '../../scripts/lib/safety'

const given = { host: '127.0.0.1', port: 8787, publicUrl: null, insecure: false }

describe('a tower', () => {
  test('is on loopback alone unless told', () => {
    expect(checkSafety(given)).toEqual({ host: '127.0.0.1', url: 'http://127.0.0.1:8787', banner: null })
  })

  test('is not opened to other machines without the address that they use', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'tower.example.org']) {
      expect(() => checkSafety({ ...given, host })).toThrow(/needs PUBLIC_URL/)
    }
  })

  test('is reached under its public address, without a slash', () => {
    const where = checkSafety({ ...given, host: '0.0.0.0', publicUrl: 'https://tower.example.org/' })
    expect(where).toEqual({ host: '0.0.0.0', url: 'https://tower.example.org', banner: null })
  })

  test('does not serve plain http to other machines, unless somebody insists and is told so', () => {
    const open = { ...given, host: '0.0.0.0', publicUrl: 'http://192.168.1.5:8787' }
    expect(() => checkSafety(open)).toThrow(/--insecure/)
    expect(checkSafety({ ...open, insecure: true }).banner).toContain('INSECURE')
  })

  test('needs no insisting where a name or number means this machine', () => {
    for (const host of ['localhost', '127.0.0.2', '::1']) expect(checkSafety({ ...given, host }).banner).toBeNull()
    expect(checkSafety({ ...given, host: '::1' }).url).toBe('http://[::1]:8787')
  })

  test('refuses a public address that is none', () => {
    for (const publicUrl of [
      'tower.example.org',
      'ftp://tower.example.org',
      'https://a.example/path',
      'https://u:p@a.example',
    ]) {
      expect(() => checkSafety({ ...given, publicUrl })).toThrow(CannotStart)
    }
  })
})

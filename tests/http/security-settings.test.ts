import { expect, test } from 'bun:test'
import { scrub } from '../../src/http/failure'
import { chooseLanguage } from '../../src/http/language'
import { BadSettings, checkSettings } from '../../src/http/settings'
import { workerEnv } from '../support/worker-env'

const faultOf = (change: Record<string, string | undefined>): string => {
  try {
    checkSettings({ ...workerEnv(), ...change })
    return ''
  } catch (cause) {
    expect(cause).toBeInstanceOf(BadSettings)
    return (cause as Error).message
  }
}

test('good settings pass, with or without what is optional', () => {
  expect(checkSettings(workerEnv()).secure).toBe(true)
  expect(checkSettings(workerEnv({}, { PUBLIC_URL: 'http://localhost:8787', DEADMAN_URL: '' })).secure).toBe(false)
})

test('each bad setting is named, all of them at once', () => {
  expect(faultOf({ SESSION_KEYS: undefined, PEPPER: 'abc', PUBLIC_URL: 'tower.example' })).toMatch(
    /PUBLIC_URL .*SESSION_KEYS is missing.*PEPPER is shorter than 16 bytes/,
  )
  expect(faultOf({ INTAKE_SHARDS: '0' })).toContain('INTAKE_SHARDS is not 1 to 64')
  expect(faultOf({ PUBLIC_URL: 'https://tower.example/app' })).toContain('PUBLIC_URL must be an origin')
  expect(faultOf({ TILE_URL: 'javascript:alert(1)' })).toContain('TILE_URL')
  expect(faultOf({ DEADMAN_URL: 'ftp://x' })).toContain('DEADMAN_URL')
})

test('a Redis is configured whole or not at all', () => {
  const [url, token] = ['https://eu1.upstash.io', 'AX3y-secret=']
  expect(faultOf({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token })).toBe('')
  expect(faultOf({ UPSTASH_REDIS_REST_URL: '', UPSTASH_REDIS_REST_TOKEN: '' })).toBe('')
  expect(faultOf({ UPSTASH_REDIS_REST_URL: url })).toContain('UPSTASH_REDIS_REST_TOKEN is missing')
  expect(faultOf({ UPSTASH_REDIS_REST_TOKEN: token })).toContain('UPSTASH_REDIS_REST_URL is missing')
  const broken = faultOf({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: `${token}\n` })
  expect(broken).toContain('UPSTASH_REDIS_REST_TOKEN')
  expect(broken).not.toContain(token)
})

test('a complaint about a setting never holds its value', () => {
  const secret = 'hunter2hunter2'
  const change = { SESSION_KEYS: `a:${secret}!`, DEVICE_KEYS: secret, PEPPER: `${secret}=!`, PUBLIC_URL: secret }
  expect(faultOf(change)).not.toContain(secret)
})

test('a person is answered in what they chose, else in what their browser prefers', () => {
  expect(chooseLanguage('fil', 'en')).toBe('fil')
  expect(chooseLanguage(undefined, 'fil-PH,fil;q=0.9,en;q=0.8')).toBe('fil')
  expect(chooseLanguage(undefined, 'tl')).toBe('fil')
  expect(chooseLanguage(undefined, 'en-US,en;q=0.9,fil;q=0.8')).toBe('en')
  expect(chooseLanguage(undefined, 'de, fil;q=0.3, en;q=0.2')).toBe('fil')
  expect(chooseLanguage(undefined, 'fil;q=0')).toBe('en')
  expect(chooseLanguage('<script>', undefined)).toBe('en')
})

test('what is logged of a failure has no mail, phone, token or long id in it', () => {
  expect(scrub('no user ana.reyes@tower.example at +63 917 555 0101')).toBe('no user <mail> at <number>')
  expect(scrub('bad token eyJ1aWQiOiJ1MSIsIm5hbWUiOiJB.c2lnbmF0dXJlLWhlcmU1 given')).toBe('bad token <opaque> given')
  const query = 'Failed query: \n INSERT INTO access_log VALUES ($1, $2)\nparams: ana,asked by\nher sister'
  expect(scrub(query)).toBe('Failed query: \n INSERT INTO access_log VALUES ($1, $2)\nparams: <kept>')
  expect(scrub('row 018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1 is gone')).toBe('row <opaque> is gone')
  expect(scrub('no answer within 1500 ms')).toBe('no answer within 1500 ms')
})

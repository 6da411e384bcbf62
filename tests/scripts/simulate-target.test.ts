import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataDir } from '../../scripts/lib/data-dir'
import { findTower } from '../../scripts/simulate/target'

const folder = mkdtempSync(join(tmpdir(), 'xot-simulate-'))
const dataDir = join(folder, 'data')
afterAll(() => rm(folder, { recursive: true, force: true }))

const KEYS = `k1:${Buffer.alloc(32, 1).toString('base64url')}`
const ask = (url?: string, deviceKeys?: string) => findTower({ url, dataDir, deviceKeys })

test('a fleet drives at the tower that runs on its data, with its keys', async () => {
  expect(() => ask()).toThrow(/no tower runs/)
  const data = await openDataDir(dataDir)
  data.write('secrets.json', { DEVICE_KEYS: KEYS })
  data.holdBy({ url: 'https://tower.example', workerd: null, internal: null })
  expect(ask()).toMatchObject({ url: 'https://tower.example', pins: new Map() })
  expect(ask('http://127.0.0.1:8787/').url).toBe('http://127.0.0.1:8787')
  data.write('simulated.json', { generation: 1, devices: [{ id: 'sim-ncr-1', pin: '1234', duressPin: '9876' }] })
  expect(ask().pins.get('sim-ncr-1')).toBe('1234')
  data.release()
})

test('it drives at no other tower without that one’s keys, and knows nobody’s PIN there', () => {
  expect(() => ask('https://other.example')).toThrow(/set its DEVICE_KEYS/)
  expect(ask('https://other.example', KEYS).pins.size).toBe(0)
  expect(() => ask('other.example', KEYS)).toThrow(/no address/)
})

// Which tower is driven at, and with whose keys: only one whose keys this machine has.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseKeys, type SigningKey } from '../../src/ingest/device-token'
import { openRun } from '../lib/data-dir'
import { CannotStart } from '../lib/refusal'
import type { Secrets } from '../lib/secrets'
import { enrolledIn, pinsOf } from './enrol'

export type SimulatedAt = { url: string; keys: readonly SigningKey[]; pins: ReadonlyMap<string, string> }

/** The tower of this data directory, or one at `url` whose DEVICE_KEYS stand in the environment. Throws CannotStart. */
export function findTower(asked: {
  url: string | undefined
  dataDir: string
  deviceKeys: string | undefined
}): SimulatedAt {
  const { dataDir, deviceKeys } = asked
  const run = openRun(dataDir)
  const url = (asked.url ?? run?.url)?.replace(/\/+$/, '')
  if (!url)
    throw new CannotStart(
      `no tower runs on ${dataDir}. Start one with npm start, or name one with --url and DEVICE_KEYS.`,
    )
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CannotStart(`${url} is no address of a tower.`)
  const isOwn = run !== null && (url === run.url || isLoopback(url))
  if (!isOwn && !deviceKeys) {
    // Signed with other keys, all of it would arrive as the noise of strangers.
    throw new CannotStart(`the tower at ${url} is not the one of ${dataDir}: set its DEVICE_KEYS in the environment.`)
  }
  const keys = deviceKeys ?? readKeys(join(dataDir, 'secrets.json'))
  return { url, keys: parseKeys(keys), pins: isOwn ? pinsOf(enrolledIn(dataDir)) : new Map() }
}

const isLoopback = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

function readKeys(file: string): string {
  const secrets = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {}
  if (!secrets.DEVICE_KEYS) throw new CannotStart(`${file} has no keys of devices. Set DEVICE_KEYS in the environment.`)
  return secrets.DEVICE_KEYS
}

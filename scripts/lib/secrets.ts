// The keys of a tower that runs on its own machine: made once, kept beside its data. What the environment says comes first.

import { randomBytes } from 'node:crypto'
import type { DataDir } from './data-dir'

export type Secrets = {
  DEVICE_KEYS: string
  SESSION_KEYS: string
  PEPPER: string
  postgres: { admin: string; owner: string; writer: string; reader: string }
}

const random = (): string => randomBytes(32).toString('base64url')

export function loadSecrets(data: DataDir): Secrets {
  const kept = data.read<Secrets>('secrets.json') ?? makeSecrets()
  data.write('secrets.json', kept)
  const { DEVICE_KEYS, SESSION_KEYS, PEPPER } = process.env
  return {
    ...kept,
    ...(DEVICE_KEYS ? { DEVICE_KEYS } : {}),
    ...(SESSION_KEYS ? { SESSION_KEYS } : {}),
    ...(PEPPER ? { PEPPER } : {}),
  }
}

export const makeSecrets = (): Secrets => ({
  DEVICE_KEYS: `k1:${random()}`,
  SESSION_KEYS: `k1:${random()}`,
  PEPPER: random(),
  postgres: { admin: random(), owner: random(), writer: random(), reader: random() },
})

// The rules about folders: an arrow below is the only import allowed between them, and some words have one home.

import { expect, test } from 'bun:test'
import { dirname, join, normalize } from 'node:path'
import { Glob } from 'bun'

const INSIDE_OBJECTS = ['src/domain', 'src/durable']

const MAY_IMPORT: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/durable': [],
  'src/ingest': INSIDE_OBJECTS,
  // A lifeline is a door inside the object: its presses are read there, by the same readers.
  'src/intake': [...INSIDE_OBJECTS, 'src/ingest'],
  'src/room': INSIDE_OBJECTS,
  'src/fleet': INSIDE_OBJECTS,
  'src/courier': INSIDE_OBJECTS,
  'src/sentinel': INSIDE_OBJECTS,
  'src/store': [...INSIDE_OBJECTS, 'drizzle'],
  'src/geo': INSIDE_OBJECTS,
  'src/http': [
    ...INSIDE_OBJECTS,
    'src/ingest',
    'src/intake',
    'src/room',
    'src/fleet',
    'src/courier',
    'src/sentinel',
    'src/store',
    'src/geo',
    'views',
  ],
  views: ['src/domain'],
  drizzle: ['src/domain'],
  workers: ['src', 'views', 'drizzle'],
}

/** What one side promises another: types and constants, importable by all that talk to it. */
const CONTRACTS = [
  'src/room/contract',
  'src/room/live',
  'src/room/storm-contract',
  'src/room/paging-contract',
  'src/room/outward-contract',
  'src/room/drills-contract',
  'src/room/areas-contract',
  'src/intake/contract',
  'src/sentinel/contract',
  'src/fleet/contract',
  'src/courier/contract',
]

const ROOT = join(import.meta.dir, '..')
const FILES = [...new Glob('{src,views,drizzle,workers}/**/*.{ts,tsx}').scanSync(ROOT)].sort()
const layerOf = (path: string) => Object.keys(MAY_IMPORT).find((layer) => path.startsWith(`${layer}/`)) ?? null
const sourceOf = (path: string) => Bun.file(join(ROOT, path)).text()

const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g)].map(([, target]) => target as string)

/** Null where the import is allowed, else what is wrong with it. */
function fault(path: string, target: string): string | null {
  const layer = layerOf(path)
  if (!layer) return `${path} lies in no layer`
  if (target.startsWith('cloudflare:')) return layer === 'workers' ? null : `${path} imports ${target}`
  if (!target.startsWith('.')) return null
  const file = normalize(join(dirname(path), target))
  const other = layerOf(`${file}/`) ?? dirname(file)
  if (other === layer || CONTRACTS.includes(file)) return null
  const allowed = (MAY_IMPORT[layer] ?? []).some((each) => other === each || other.startsWith(`${each}/`))
  return allowed ? null : `${path} imports ${file}`
}

test('there are files to look at in every layer that is standing', () => {
  expect(FILES.length).toBeGreaterThan(40)
  for (const layer of ['src/domain', 'src/http', 'src/room', 'src/intake', 'views', 'workers']) {
    expect(FILES.some((path) => layerOf(path) === layer)).toBe(true)
  }
})

test('every file imports only what its layer may', async () => {
  const faults: string[] = []
  for (const path of FILES) {
    for (const target of importsOf(await sourceOf(path))) {
      const found = fault(path, target)
      if (found) faults.push(found)
    }
  }
  expect(faults).toEqual([])
})

test('the rule finds a wrong arrow', () => {
  expect(fault('src/domain/incident.ts', '../room/room')).toBe('src/domain/incident.ts imports src/room/room')
  expect(fault('src/room/room.ts', '../intake/intake')).toBe('src/room/room.ts imports src/intake/intake')
  expect(fault('src/intake/intake.ts', '../room/contract')).toBeNull()
  expect(fault('views/tower/card.tsx', '../../src/http/env')).toBe('views/tower/card.tsx imports src/http/env')
  expect(fault('src/store/archive.ts', '../../drizzle/schema')).toBeNull()
  expect(fault('src/http/app.ts', 'cloudflare:workers')).toBe('src/http/app.ts imports cloudflare:workers')
  expect(fault('workers/sos-room.ts', '../src/room/room')).toBeNull()
})

/** Words that may stand only here. */
const ONE_HOME: readonly (readonly [word: RegExp, what: string, homes: readonly string[]])[] = [
  [/\b(getByName|idFromName|newUniqueId|idFromString)\(/, 'names a Durable Object', ['src/http/objects.ts']],
  [/from 'postgres'/, 'knows the Postgres driver', ['src/store/postgres.ts']],
  [/from '@upstash\/redis/, 'knows the Redis client', ['src/store/redis/client.ts']],
  [/\b(eval|new Function)\(/, 'evaluates text', []],
  [/dangerouslySetInnerHTML|\bunsafe-(inline|eval)\b/, 'lets text be code', []],
]

for (const [word, what, homes] of ONE_HOME) {
  test(`nothing outside ${homes.join(', ') || 'nowhere'} ${what}`, async () => {
    const found: string[] = []
    for (const path of FILES) if (!homes.includes(path) && word.test(await sourceOf(path))) found.push(path)
    expect(found).toEqual([])
  })
}

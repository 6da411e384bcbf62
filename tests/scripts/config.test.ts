import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { workerdConfig } from '../../scripts/lib/capnp'
import { COMPATIBILITY_DATE, COMPATIBILITY_FLAGS, OBJECT_CLASSES, WORKER_FIRST } from '../../scripts/lib/objects'
import { ROOT } from '../../scripts/lib/paths'

type Bindings = { durable_objects: { bindings: { name: string; class_name: string }[] }; triggers: { crons: string[] } }
type Wrangler = Bindings & {
  main: string
  no_bundle: boolean
  compatibility_date: string
  compatibility_flags: string[]
  assets: { binding: string; directory: string; run_worker_first: string[]; html_handling: string }
  migrations: { tag: string; new_sqlite_classes: string[] }[]
  vars: Record<string, string>
  env: Record<'staging' | 'production', Bindings & { vars: Record<string, string>; hyperdrive: { binding: string }[] }>
}

const toml = await Bun.file(join(ROOT, 'wrangler.toml')).text()
const wrangler = Bun.TOML.parse(toml) as Wrangler
const capnp = workerdConfig({
  worker: 'worker.js',
  assets: '/somewhere/"public"',
  headers: '/*\n  X-Test: 1',
  storage: '/somewhere/objects',
  settings: ['PUBLIC_URL', 'PEPPER'],
})

describe('Cloudflare and workerd', () => {
  test('have the same object classes under the same names', () => {
    const wanted = OBJECT_CLASSES.map(({ binding, className }) => ({ name: binding, class_name: className }))
    for (const place of [wrangler, wrangler.env.staging, wrangler.env.production]) {
      expect(place.durable_objects.bindings).toEqual(wanted)
    }
    for (const { binding, className, uniqueKey } of OBJECT_CLASSES) {
      expect(capnp).toContain(`( name = "${binding}", durableObjectNamespace = "${className}" )`)
      expect(capnp).toContain(`( className = "${className}", uniqueKey = "${uniqueKey}", enableSql = true )`)
    }
  })

  test('make each class with SQLite, in the migration that the table names', () => {
    const made = wrangler.migrations.flatMap(({ tag, new_sqlite_classes }) =>
      new_sqlite_classes.map((name) => [name, tag]),
    )
    expect(made).toEqual(OBJECT_CLASSES.map(({ className, migration }) => [className, migration]))
  })

  test('run the same bytes with the same date and flags', () => {
    expect(wrangler).toMatchObject({
      main: 'dist/worker.js',
      no_bundle: true,
      compatibility_date: COMPATIBILITY_DATE,
      compatibility_flags: [...COMPATIBILITY_FLAGS],
    })
    expect(capnp).toContain(`compatibilityDate = "${COMPATIBILITY_DATE}"`)
    expect(capnp).toContain('"no_web_socket_compression"')
  })

  test('send the same requests to the Worker before they look for a file', () => {
    expect(wrangler.assets.run_worker_first).toEqual([...WORKER_FIRST])
    expect(capnp).toContain(JSON.stringify(JSON.stringify(WORKER_FIRST)).slice(1, -1))
  })

  test('tick every minute in each environment', () => {
    for (const place of [wrangler, wrangler.env.staging, wrangler.env.production]) {
      expect(place.triggers.crons).toEqual(['* * * * *'])
    }
  })

  test('reach Postgres through Hyperdrive in both environments', () => {
    for (const name of ['staging', 'production'] as const) {
      expect(wrangler.env[name].hyperdrive.map(({ binding }) => binding)).toEqual(['HYPERDRIVE'])
      expect(wrangler.env[name].vars.PUBLIC_URL).toStartWith('https://')
    }
  })
})

describe('the configs', () => {
  test('hold no secret: workerd takes each setting from its environment', () => {
    expect(capnp).toContain('( name = "PEPPER", fromEnvironment = "PEPPER" )')
    for (const vars of [wrangler.vars, wrangler.env.staging.vars, wrangler.env.production.vars]) {
      expect(Object.keys(vars)).not.toContainAnyValues(['PEPPER', 'DEVICE_KEYS', 'SESSION_KEYS', 'DATABASE_URL'])
    }
  })

  test('quote what stands in them', () => {
    expect(capnp).toContain('path = "/somewhere/\\"public\\""')
    expect(capnp).toContain('X-Test: 1')
    expect(capnp).not.toContain('/*\n  X-Test')
  })
})

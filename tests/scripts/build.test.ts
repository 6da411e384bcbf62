import { beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Build, build } from '../../scripts/lib/build'
import { OBJECT_CLASSES } from '../../scripts/lib/objects'
import { PUBLIC, WORKER } from '../../scripts/lib/paths'

let made: Build
beforeAll(async () => {
  made = await build()
})

describe('the build', () => {
  test('is not made again from the same sources', async () => {
    expect(await build()).toEqual({ ...made, fresh: false })
  })

  test('exports the entry, the inner door and every object class', async () => {
    const { exports } = new Bun.Transpiler({ loader: 'js' }).scan(await Bun.file(WORKER).text())
    const classes = OBJECT_CLASSES.map(({ className }) => className)
    expect(exports.sort()).toEqual(['Internal', 'Spool', 'default', ...classes].sort())
  })

  test('imports nothing but what the runtime has', async () => {
    const { imports } = new Bun.Transpiler({ loader: 'js' }).scan(await Bun.file(WORKER).text())
    expect(imports.map(({ path }) => path).filter((path) => !/^(node|cloudflare):/.test(path))).toEqual([])
  })

  test('talks to Postgres through the runtime’s own sockets', async () => {
    const worker = await Bun.file(WORKER).text()
    expect(worker).toContain('cloudflare:sockets')
    expect(worker).not.toContain('node:net')
  })

  test('needs no eval, which the runtime forbids', async () => {
    const worker = await Bun.file(WORKER).text()
    // Redis has a command of that name: a method of its client is none of JavaScript's.
    expect(worker).not.toMatch(/(?<!\.|async )\beval\s*\(/)
  })

  test('has every file that the pages name', async () => {
    const worker = await Bun.file(WORKER).text()
    const named = new Set(worker.match(/\/assets\/[\w/.-]+\.\w+/g))
    expect(named.size).toBeGreaterThan(2)
    for (const path of named) expect([path, existsSync(join(PUBLIC, path))]).toEqual([path, true])
  })

  test('has the headers of its files, and no map of the Worker among them', () => {
    expect(existsSync(join(PUBLIC, '_headers'))).toBe(true)
    expect(existsSync(join(PUBLIC, 'worker.js.map'))).toBe(false)
  })
})

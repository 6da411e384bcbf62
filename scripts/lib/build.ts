// One build for Cloudflare, `wrangler dev` and workerd: dist/worker.js and the static files in dist/public.
// It is made beside the old one and swapped in at the end, so that a running tower never serves half of a build.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { Glob } from 'bun'
import { DIST, ROOT } from './paths'

export type Build = { version: string; workerBytes: number; assets: number; fresh: boolean }

/** Builds unless the last build was made from exactly these sources. Throws with the compiler's message. */
export async function build(options: { force?: boolean } = {}): Promise<Build> {
  const version = await sourcesHash()
  const last = await lastBuild()
  if (!options.force && last?.version === version && existsSync(join(DIST, 'worker.js')))
    return { ...last, fresh: false }
  const made = `${DIST}.${process.pid}.${Date.now().toString(36)}`
  try {
    await mkdir(join(made, 'public', 'assets'), { recursive: true })
    const workerBytes = await buildWorker(made)
    const assets = await buildAssets(join(made, 'public'))
    const result = { version, workerBytes, assets }
    await writeFile(join(made, 'build.json'), JSON.stringify(result))
    await swapIn(made)
    return { ...result, fresh: true }
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

async function buildWorker(out: string): Promise<number> {
  const result = await Bun.build({
    entrypoints: [join(ROOT, 'workers', 'index.ts')],
    outdir: out,
    naming: { entry: 'worker.js' },
    format: 'esm',
    // Not `bun` or `node`: packages must give the code that they made for workerd (postgres: its own `cf` build).
    target: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    jsx: { runtime: 'automatic', importSource: 'hono/jsx', development: false },
    sourcemap: 'linked',
    minify: { syntax: true },
    throw: false,
  })
  if (!result.success) throw new Error(`The Worker does not build:\n${result.logs.map(String).join('\n')}`)
  return Bun.file(join(out, 'worker.js')).size
}

async function buildAssets(out: string): Promise<number> {
  const assets = join(out, 'assets')
  await buildClient(assets)
  for (const [from, to] of STATIC_FILES) {
    const source = join(ROOT, from)
    if (existsSync(source)) await cp(source, join(assets, to), { recursive: true })
  }
  await writeFile(join(out, '_headers'), HEADERS)
  return (await readdir(assets, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length
}

/** Each file directly in views/client is a script of its own; what lies deeper is shared code. */
async function buildClient(out: string): Promise<void> {
  const folder = join(ROOT, 'views', 'client')
  const entrypoints = existsSync(folder)
    ? (await readdir(folder)).filter((name) => /(?<!\.d)\.tsx?$/.test(name)).map((name) => join(folder, name))
    : []
  if (entrypoints.length === 0) return
  const result = await Bun.build({
    entrypoints,
    outdir: out,
    format: 'esm',
    target: 'browser',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    throw: false,
  })
  if (!result.success) throw new Error(`The browser's code does not build:\n${result.logs.map(String).join('\n')}`)
}

const STATIC_FILES: readonly (readonly [from: string, to: string])[] = [
  ['views/assets', '.'],
  ['views/styles', '.'],
  ['node_modules/htmx.org/dist/htmx.min.js', 'htmx.min.js'],
  ['node_modules/htmx.org/dist/ext/hx-csp.min.js', 'hx-csp.js'],
  ['node_modules/leaflet/dist/leaflet.js', 'leaflet.js'],
  ['node_modules/leaflet/dist/leaflet.css', 'leaflet.css'],
  ['node_modules/leaflet/dist/images', 'images'],
]

// Plain names, asked again each time by their ETag: a screen that stands for weeks gets the new script with its next page.
export const HEADERS = `/*
  Cache-Control: public, max-age=0, must-revalidate
  X-Content-Type-Options: nosniff
  Cross-Origin-Resource-Policy: same-origin
  Referrer-Policy: no-referrer
  Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'
/assets/images/*
  ! Cache-Control
  Cache-Control: public, max-age=86400
/assets/fonts/*
  ! Cache-Control
  Cache-Control: public, max-age=86400
`

async function swapIn(made: string): Promise<void> {
  await mkdir(DIST, { recursive: true })
  for (const name of await readdir(made)) {
    const old = join(DIST, `.old-${process.pid}-${name}`)
    await rename(join(DIST, name), old).catch(() => {})
    await rename(join(made, name), join(DIST, name))
    await rm(old, { recursive: true, force: true })
  }
}

async function lastBuild(): Promise<Omit<Build, 'fresh'> | null> {
  try {
    return JSON.parse(await readFile(join(DIST, 'build.json'), 'utf8')) as Omit<Build, 'fresh'>
  } catch {
    return null
  }
}

/** Twelve hex digits over all that goes into a build, names and contents. */
async function sourcesHash(): Promise<string> {
  // A glob for each: Bun's finds nothing at all where one of the braces holds a slash.
  const paths = ['src', 'workers', 'views', 'drizzle/schema'].flatMap((folder) => [
    ...new Glob(`${folder}/**/*`).scanSync({ cwd: ROOT, onlyFiles: true }),
  ])
  paths.push('bun.lock', 'package.json', 'tsconfig.json', relative(ROOT, import.meta.path))
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    const file = join(ROOT, path)
    if (basename(path).startsWith('.') || !existsSync(file)) continue
    hash
      .update(path)
      .update('\0')
      .update(await readFile(file))
      .update('\0')
  }
  return hash.digest('hex').slice(0, 12)
}

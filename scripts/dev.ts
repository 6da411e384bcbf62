// `bun run dev`: wrangler dev, which loads a changed Worker anew, with a PostgreSQL and a demo of its own in .data/dev.

import { existsSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './lib/build'
import { openDataDir } from './lib/data-dir'
import { createTowerDatabase } from './lib/database'
import { seedDemo } from './lib/demo'
import { migrate } from './lib/migrate'
import { ROOT } from './lib/paths'
import { isFree } from './lib/ports'
import { startPostgres } from './lib/postgres'
import { CannotStart, explain } from './lib/refusal'
import { loadSecrets, type Secrets } from './lib/secrets'
import { wrangler } from './lib/wrangler'

const TICK_MS = 60_000
const SETTLE_MS = 150

try {
  process.umask(0o077)
  await dev(Number(process.env.PORT ?? 8787))
  process.exit(0)
} catch (error) {
  explain(error)
  process.exit(1)
}

async function dev(port: number): Promise<void> {
  const data = await openDataDir(join(ROOT, '.data', 'dev'))
  if ((await isFree(port)) !== 'free')
    throw new CannotStart(`port ${port} is taken. Choose another: PORT=${port + 1} bun run dev`)
  const url = `http://127.0.0.1:${port}`
  const secrets = loadSecrets(data)
  data.holdBy({ url, workerd: null, internal: null })
  const postgres = await startPostgres({
    dir: data.at('postgres'),
    password: secrets.postgres.admin,
    logFile: data.at('postgres.log'),
  })
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort())
  try {
    const urls = await createTowerDatabase(postgres, secrets.postgres)
    await migrate(urls.owner)
    const demo = await seedDemo({ database: urls.owner, secrets, data, url })
    await build()
    rebuildOnChange()
    const [operator] = demo.operators
    console.log(`${url}   log in as ${operator?.email} with ${operator?.password}`)
    setInterval(() => void fetch(`${url}/cdn-cgi/handler/scheduled`).catch(() => {}), TICK_MS).unref()
    const vars = { DATABASE_URL: urls.writer, DATABASE_READER_URL: urls.reader, PUBLIC_URL: url }
    await wrangler(
      [
        'dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--env',
        '',
        '--persist-to',
        data.at('wrangler'),
        ...varFiles(data.at('vars'), vars, secrets),
      ],
      { show: true, signal: interrupt.signal },
    )
  } finally {
    await postgres.stop()
    data.release()
  }
}

/** What changes with each start is ours; .dev.vars is yours: it is written once, with keys of its own, and never again. */
function varFiles(own: string, vars: Record<string, string>, { DEVICE_KEYS, SESSION_KEYS, PEPPER }: Secrets): string[] {
  const kept = join(ROOT, '.dev.vars')
  if (!existsSync(kept)) writeFileSync(kept, lines({ DEVICE_KEYS, SESSION_KEYS, PEPPER }), { mode: 0o600 })
  writeFileSync(own, lines(vars), { mode: 0o600 })
  return ['--env-file', kept, '--env-file', own]
}

function lines(vars: Record<string, string>): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('')
}

/** wrangler notices that dist/worker.js is another. */
function rebuildOnChange(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      build().then(
        ({ version, fresh }) => fresh && console.log(`Built ${version}`),
        (error: unknown) => console.error(error instanceof Error ? error.message : error),
      )
    }, SETTLE_MS)
  }
  for (const folder of ['src', 'workers', 'views', 'drizzle']) watch(join(ROOT, folder), { recursive: true }, soon)
}

// `bun run verify-log`: checks the hash chain of every room's log and names the first broken link. Exit 1 where one is broken.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { verifyChain } from '../src/room/chain'
import { openRun } from './lib/data-dir'
import { fromDatabase, fromFile, fromRooms, type Logs } from './lib/log-sources'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'

const HELP = `bun run verify-log [one of]

  (nothing)         the rooms of the tower that runs here
  --data DIR        … that runs on this directory
  --url URL         … whose internal address this is
  --database [URL]  what Postgres has (else DATABASE_READER_URL, else DATABASE_URL)
  --file FILE       events in a file: [...] or {"events": [...]}`

try {
  const logs = await read()
  if (logs) process.exit(report(logs) ? 0 : 1)
} catch (error) {
  explain(error)
  process.exit(1)
}

async function read(): Promise<Logs | null> {
  const { values, positionals } = parseArgs({
    options: {
      data: { type: 'string' },
      url: { type: 'string' },
      file: { type: 'string' },
      database: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  if (values.help) {
    console.log(HELP)
    return null
  }
  if (values.file) return fromFile(values.file)
  if (values.database) {
    const url = positionals[0] ?? process.env.DATABASE_READER_URL ?? process.env.DATABASE_URL
    if (!url) throw new CannotStart('say which database: --database postgres://…, or set DATABASE_READER_URL.')
    return fromDatabase(url)
  }
  const dir = values.data ?? join(ROOT, '.data')
  const url = values.url ?? openRun(dir)?.internal
  if (!url) throw new CannotStart(`no tower runs on ${dir}. Start it, or say --url, --database or --file.`)
  return fromRooms(url)
}

function report(logs: Logs): boolean {
  let whole = true
  for (const [room, events] of logs) {
    const verdict = verifyChain(events)
    if (verdict.ok) {
      const erased = verdict.erased > 0 ? `, ${verdict.erased} of them with their content erased` : ''
      console.log(`${room}: ${verdict.count} events${erased}, each follows from the one before.`)
      continue
    }
    whole = false
    console.log(`${room}: BROKEN at ${verdict.at.epoch} ${verdict.at.seq}: ${verdict.why}.`)
  }
  if (logs.size === 0) console.log('There are no events.')
  return whole
}

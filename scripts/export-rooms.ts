// `bun run export-rooms`: what the objects of a single tower have on its disk, as files for `bun run import-rooms`. The tower must
// be stopped, and must not be started again afterwards: two towers would go on from the same log.

import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { exportObjects } from './lib/cluster/moved-files'
import { openRun } from './lib/data-dir'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'

const HELP = `bun run export-rooms [--data DIR] [--to DIR]

  --data DIR   where the tower keeps everything (else .data); it must be stopped
  --to DIR     a new directory for the files (else rooms-export). They hold names, phones and places: keep them as safe as the data`

try {
  process.umask(0o077)
  const { values } = parseArgs({
    options: { data: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) console.log(HELP)
  else {
    const data = resolve(values.data ?? join(ROOT, '.data'))
    const to = resolve(values.to ?? 'rooms-export')
    const run = openRun(data)
    if (run) throw new CannotStart(`a tower runs on ${data}. Stop it first (kill ${run.supervisor}).`)
    const { objects } = exportObjects(join(data, 'objects'), to)
    for (const { className, name, rows } of objects) console.log(`${className} ${name}: ${rows} rows`)
    console.log(
      `\n${objects.length} objects are in ${to}. Next, with the same database and secrets:\n` +
        `  bun run cluster --data ${data} …\n  bun run import-rooms --data ${data} --from ${to}\n` +
        'before the first press. Do not start the single tower again.',
    )
  }
} catch (error) {
  explain(error)
  process.exit(1)
}

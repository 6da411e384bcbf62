// `bun run import-rooms`: puts what `bun run export-rooms` wrote into a cluster that runs and has taken nothing yet. An object that
// has taken a press, an incident or an attempt is left as it is, and named.

import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { importObjects } from './lib/cluster/move-in'
import { readManifest } from './lib/cluster/moved-files'
import { openRun } from './lib/data-dir'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'

const HELP = `bun run import-rooms [--data DIR] [--from DIR]

  --data DIR   where the cluster keeps what it has on this machine (else .data/cluster); it must run
  --from DIR   what export-rooms wrote (else rooms-export)`

try {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, from: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) console.log(HELP)
  else {
    const data = resolve(values.data ?? join(ROOT, '.data', 'cluster'))
    const from = resolve(values.from ?? 'rooms-export')
    readManifest(from)
    const internal = openRun(join(data, 'machine-1', 'member'))?.internal
    if (!internal) throw new CannotStart(`no cluster runs on ${data}. Start it: bun run cluster --data ${data}`)
    const refused = await importObjects(from, internal, (line) => console.log(line))
    if (refused.length > 0)
      throw new CannotStart(`${refused.join(', ')} had taken something already and stayed as they were.`)
    console.log('Everything is in its place.')
  }
} catch (error) {
  explain(error)
  process.exit(1)
}

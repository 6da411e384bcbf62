// One process's share of the seeds: from `from` on, below `to`. Writes a line of JSON for each that is broken and one at
// the end; with `--stop` it ends at the first.

import { parseArgs } from 'node:util'
import { simulate } from './simulate'

export type Share = {
  done: true
  seeds: number
  ms: number
  cpuMs: number
  counts: Record<'events' | 'presses' | 'answered' | 'incidents' | 'attempts' | 'faults', number>
}
export type BrokenSeed = { seed: number; found: { invariant: string; what: string }[] }

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '101' },
    stop: { type: 'boolean', default: false },
  },
})
const begun = performance.now()
const share: Share = {
  done: true,
  seeds: 0,
  ms: 0,
  cpuMs: 0,
  counts: { events: 0, presses: 0, answered: 0, incidents: 0, attempts: 0, faults: 0 },
}
for (let seed = Number(values.from); seed < Number(values.to); seed++) {
  const found = await simulate(seed).then(
    (verdict) => {
      for (const [what, n] of Object.entries(verdict.counts)) share.counts[what as keyof Share['counts']] += n
      return verdict.found
    },
    (error: unknown) => [
      { invariant: 'bugs', what: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    ],
  )
  share.seeds++
  if (found.length === 0) continue
  say({ seed, found: found.map(({ invariant, what }) => ({ invariant, what })) } satisfies BrokenSeed)
  if (values.stop) break
}
const { user, system } = process.cpuUsage()
say({ ...share, ms: Math.round(performance.now() - begun), cpuMs: Math.round((user + system) / 1_000) })
// Worlds leave nothing behind, but an abandoned promise of one must not keep the process.
process.exit(0)

function say(line: BrokenSeed | Share): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

// `bun run sim`: simulated worlds by the thousand, in which everything goes wrong that can, and what was promised is looked at.
//   --seeds 10000      so many, on all cores; --from 1
//   --seed 7 --trace   one of them again, as a story
//   --guards           takes out each guard in turn, and writes which seed found it into docs/simulator.md

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { GUARDS } from '../tests/sim/guards'
import { planOf } from '../tests/sim/plan'
import { REGRESSIONS } from '../tests/sim/regressions'
import type { BrokenSeed, Share } from '../tests/sim/run'
import { simulate } from '../tests/sim/simulate'
import { foundWithout, runShare, SOURCE } from '../tests/sim/without'
import { stamp } from '../tests/sim/world/world'
import { markdownOf, type Row, writeTable } from './sim/table'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    guards: { type: 'boolean', default: false },
    only: { type: 'string' },
    most: { type: 'string', default: '3000' },
    processes: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
  },
})

const commit = Bun.spawnSync(['git', 'rev-parse', '--short', 'HEAD'], { cwd: SOURCE, stderr: 'ignore' })
  .stdout.toString()
  .trim()

if (values.seed !== undefined) process.exit(await one(Number(values.seed), values.trace))
process.exit(values.guards ? await guards(Number(values.most)) : await many(Number(values.from), Number(values.seeds)))

async function one(seed: number, tells: boolean): Promise<number> {
  const { found, story, counts } = await simulate(seed, tells)
  if (tells) console.log(story.join('\n'))
  console.log(`seed ${seed}, commit ${commit || 'unknown'}: ${JSON.stringify(counts)}`)
  for (const { at, invariant, what } of found) console.log(`${stamp(at)} ${invariant}: ${what}`)
  console.log(found.length === 0 ? 'all that was promised holds' : 'BROKEN')
  return found.length === 0 ? 0 : 1
}

async function many(from: number, seeds: number): Promise<number> {
  const processes = Math.max(1, Math.min(Number(values.processes), Math.ceil(seeds / 50)))
  const begun = performance.now()
  // Each a stretch of its own: every so many seeds a world is wide, and by turns one process would have all of those.
  const startOf = (n: number) => from + Math.floor((seeds * n) / processes)
  const shares = await Promise.all(
    Array.from({ length: processes }, (_, n) => runShare(SOURCE, { from: startOf(n), to: startOf(n + 1) }, tellOf)),
  )
  const again = await Promise.all(REGRESSIONS.map(({ seed, mix }) => simulate(seed, false, planOf(seed, mix))))
  const broken = shares.flatMap((each) => each.broken).length + again.filter(({ found }) => found.length > 0).length
  for (const { seed, found } of again)
    if (found.length > 0) tellOf({ seed, found: found.map(({ invariant, what }) => ({ invariant, what })) })
  const sum = (what: keyof Share['counts']) => shares.reduce((all, { share }) => all + share.counts[what], 0)
  const cpuMs = shares.reduce((all, { share }) => all + share.cpuMs, 0)
  const seconds = (performance.now() - begun) / 1_000
  console.log(
    `${seeds} seeds from ${from} and ${REGRESSIONS.length} kept ones in ${seconds.toFixed(1)} s on ${processes} processes (${(cpuMs / 1_000).toFixed(0)} s of CPU), commit ${commit || 'unknown'}`,
  )
  console.log(
    `${sum('presses')} presses (${sum('answered')} answered), ${sum('incidents')} incidents, ${sum('attempts')} calls and texts, ${sum('faults')} faults, ${sum('events')} events; ${broken} seeds broken`,
  )
  return broken === 0 ? 0 : 1
}

function tellOf({ seed, found }: BrokenSeed): void {
  const [first] = found
  console.log(`BROKEN seed ${seed}, commit ${commit || 'unknown'}: ${first?.invariant}: ${first?.what}`)
  console.log(`  again: bun run sim --seed ${seed} --trace`)
}

async function guards(most: number): Promise<number> {
  const todo = GUARDS.filter(({ name }) => !values.only || name.includes(values.only))
  const rows: Row[] = []
  const next = async (): Promise<void> => {
    for (let guard = todo.shift(); guard; guard = todo.shift()) {
      const found = await foundWithout(guard, most)
      rows.push({ guard, found })
      console.log(
        `${guard.name}: ${found ? `found by ${found.found[0]?.invariant} at seed ${found.seed}` : `NOT FOUND in ${most} seeds`}`,
      )
    }
  }
  await Promise.all(Array.from({ length: Number(values.processes) }, next))
  rows.sort((a, b) => GUARDS.indexOf(a.guard) - GUARDS.indexOf(b.guard))
  if (!values.only) await writeTable(join(SOURCE, 'docs/simulator.md'), markdownOf(rows, most))
  return rows.every(({ found }) => found !== null) ? 0 : 1
}

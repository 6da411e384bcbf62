// What became of one fault, from the words of its tests: did it hold, and the figures of all its lines together.

import type { Told } from './line'
import { readLine } from './line'
import type { Fault } from './list'

export type Case = { name: string; state: 'passed' | 'failed' | 'skipped'; seconds: number }

export type Outcome = {
  id: string
  what: string
  /** `absent`: its tests were not found, or their process died before them. `skipped`: this machine cannot do it. */
  state: 'held' | 'failed' | 'skipped' | 'absent'
  did: string
  /** Null where the fault is about nothing that can be counted so. */
  answered: number | null
  lost: number | null
  doubled: number | null
  convergedMs: number | null
  seen: string
  seconds: number
  /** Names of the tests that failed. */
  broken: string[]
}

/** Test cases from a JUnit report of Bun's. */
export function casesOf(xml: string): Case[] {
  return [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?time="([^"]*)"[^>]*?(\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, name = '', time, , inside = '']) => ({
      name: plain(name),
      seconds: Number(time),
      state: inside.includes('<failure') || inside.includes('<error') ? 'failed' : skippedIn(inside),
    }),
  )
}

const skippedIn = (inside: string): Case['state'] => (inside.includes('<skipped') ? 'skipped' : 'passed')

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const plain = (text: string): string => text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)

/** `output`: all that the process of its file said. */
export function outcomeOf({ id, what }: Fault, cases: readonly Case[], output: string): Outcome {
  const own = cases.filter(({ name }) => name.startsWith(`${id} `))
  const run = own.filter(({ state }) => state !== 'skipped')
  const lines = output.split('\n').flatMap((line): Told[] => {
    const told = readLine(line)
    return told?.fault === id ? [told] : []
  })
  const broken = own.filter(({ state }) => state === 'failed').map(({ name }) => name)
  const [lost, doubled] = [sumOf(lines, 'lost'), sumOf(lines, 'doubled')]
  // A test that passed and tells of a loss is a test that does not look.
  const isClean = (lost ?? 0) === 0 && (doubled ?? 0) === 0
  const held = broken.length === 0 && isClean
  return {
    id,
    what,
    state: own.length === 0 ? 'absent' : run.length === 0 ? 'skipped' : held ? 'held' : 'failed',
    did: lines.map(({ did }) => did).join(' · '),
    answered: sumOf(lines, 'answered'),
    lost,
    doubled,
    convergedMs: largestOf(lines.flatMap(({ convergedMs }) => convergedMs ?? [])),
    seen: lines.flatMap(({ seen }) => seen ?? []).join(' · '),
    seconds: run.reduce((sum, each) => sum + each.seconds, 0),
    broken,
  }
}

function sumOf(lines: readonly Told[], name: 'answered' | 'lost' | 'doubled'): number | null {
  const counts = lines.flatMap((line) => line[name] ?? [])
  return counts.length === 0 ? null : counts.reduce((sum, each) => sum + each, 0)
}

const largestOf = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values))

/** "R29   held     50 posts at once: answered 50, lost 0, duplicated 0, converged 312 ms; one card (1.2 s)" */
export function rowOf(outcome: Outcome): string {
  const { id, state, what, did, answered, lost, doubled, convergedMs, seen, seconds, broken } = outcome
  const counted = [
    answered === null ? [] : `answered ${answered}`,
    lost === null ? [] : `lost ${lost}`,
    doubled === null ? [] : `duplicated ${doubled}`,
    convergedMs === null ? [] : `converged ${convergedMs} ms`,
  ].flat()
  const said = [counted.join(', '), seen, ...broken.map((name) => `FAILED: ${name}`)].filter((part) => part !== '')
  const after = state === 'skipped' ? 'not possible on this machine' : said.join('; ')
  return `${id.padEnd(6)}${WORDS[state].padEnd(9)}${did || what}: ${after} (${seconds.toFixed(1)} s)`
}

const WORDS: Record<Outcome['state'], string> = { held: 'held', failed: 'FAILED', skipped: 'skipped', absent: 'ABSENT' }

// Runs faults: the tests of one file after the other, each file in a process of its own, and what they say read as they end.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../lib/paths'
import type { Fault } from './list'
import { casesOf, type Outcome, outcomeOf } from './outcome'
import { PACE_NAME, type Pace } from './pace'

export type RunOptions = {
  pace: Pace
  /** Told of each fault as soon as its file is through. */
  ended(outcome: Outcome): void
  /** Whatever the tests print, as it comes. */
  heard?(text: string): void
}

/** Of a test. What is longer has a limit of its own. */
const TEST_LIMIT_MS: Record<Pace, number> = { quick: 120_000, standard: 300_000, full: 3_600_000 }
/** Of a file's process: whatever hangs ends with it. */
const FILE_LIMIT_MS: Record<Pace, number> = { quick: 240_000, standard: 600_000, full: 4 * 3_600_000 }

/** In the order of their files. Resolves when the last has ended, well or not. */
export async function runFaults(faults: readonly Fault[], options: RunOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [file, own] of Map.groupBy(faults, (fault) => fault.file)) {
    const { xml, output } = await testsOf(file, own, options)
    const cases = casesOf(xml)
    for (const fault of own) {
      const outcome = outcomeOf(fault, cases, output)
      outcomes.push(outcome)
      options.ended(outcome)
    }
  }
  return outcomes
}

async function testsOf(
  file: string,
  faults: readonly Fault[],
  { pace, heard }: RunOptions,
): Promise<{ xml: string; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'xot-faults-'))
  const report = join(folder, 'report.xml')
  const args = [
    'test',
    `--timeout=${TEST_LIMIT_MS[pace]}`,
    `--test-name-pattern=\\b(${faults.map(({ id }) => id).join('|')}) `,
    '--reporter=junit',
    `--reporter-outfile=${report}`,
    `./tests/faults/${file}.test.ts`,
  ]
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, [PACE_NAME]: pace, ...(pace === 'full' ? { FULL: '1' } : {}) },
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), FILE_LIMIT_MS[pace])
  const stop = () => child.kill('SIGTERM')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    const [out, err] = await Promise.all([textOf(child.stdout, heard), textOf(child.stderr, heard), child.exited])
    return { xml: await readFile(report, 'utf8').catch(() => ''), output: `${out}\n${err}` }
  } finally {
    clearTimeout(limit)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    await rm(folder, { recursive: true, force: true })
  }
}

async function textOf(stream: ReadableStream<Uint8Array>, heard?: (text: string) => void): Promise<string> {
  const decoder = new TextDecoder()
  let all = ''
  for await (const piece of stream) {
    const text = decoder.decode(piece, { stream: true })
    heard?.(text)
    all += text
  }
  return all
}

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lineOf, readLine } from '../../scripts/faults/line'
import { FAULTS } from '../../scripts/faults/list'
import { casesOf, outcomeOf, rowOf } from '../../scripts/faults/outcome'
import { judge, type Sample } from '../../scripts/faults/soak'

const folder = join(import.meta.dir, '../faults')
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `R${from + n}`)

describe('the list of faults', () => {
  test('has all that the tower must stand now, once', () => {
    const wanted = [...numbers(1, 11), ...numbers(13, 35), ...numbers(37, 39), ...numbers(41, 46)]
    const ids = FAULTS.map(({ id }) => id)
    expect(ids.filter((id) => /^R\d/.test(id))).toEqual(wanted)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(FAULTS.map(({ id, file }) => [id, file] as const))('%s is a test of tests/faults/%s', (id, file) => {
    const source = readFileSync(join(folder, `${file}.test.ts`), 'utf8')
    expect(source).toMatch(new RegExp(`['"\`]${id} \\S`))
  })
})

describe('what a fault says', () => {
  const told = {
    ...{ fault: 'R29', did: '50 posts at once: by two lines', answered: 51, lost: 0, doubled: 0, convergedMs: 312 },
    seen: 'one card; 3 answers 201',
  }

  test('is read back as it was said', () => {
    const plain = { ...told, did: '50 posts at once' }
    expect(readLine(lineOf(plain))).toEqual(plain)
    expect(readLine(lineOf({ fault: 'R7', did: 'slept' }))).toEqual({ fault: 'R7', did: 'slept' })
  })

  test('is read in the words of tests that write their own line, too', () => {
    expect(readLine('FAULT R24 events of a SIM: 25 events, 1 believed; lost 2, extra messages 0')).toEqual({
      ...{ fault: 'R24', did: 'events of a SIM', lost: 2, seen: '25 events, 1 believed; extra messages 0' },
    })
    expect(readLine('(pass) R24 a text [12ms]')).toBeNull()
  })
})

describe('what became of a fault', () => {
  const xml = (inside: string) =>
    `<testsuite><testcase name="R9 a &lt;b&gt; &amp; c" classname="x" time="1.5" file="f">${inside}</testcase>` +
    '<testcase name="R90 other" time="2" assertions="1" /></testsuite>'
  const fault = { id: 'R9', file: 'f', what: 'Postgres is down' }
  const clean = 'FAULT R9 down: answered 10; lost 0; duplicated 0; converged 20 ms; all well\n'
  const of = (inside: string, output = clean) => outcomeOf(fault, casesOf(xml(inside)), output)

  test('is held where its own tests passed and nothing was lost', () => {
    expect(of('')).toMatchObject({ state: 'held', answered: 10, lost: 0, doubled: 0, convergedMs: 20, seconds: 1.5 })
    expect(rowOf(of(''))).toBe(
      'R9    held     down: answered 10, lost 0, duplicated 0, converged 20 ms; all well (1.5 s)',
    )
  })

  test('is not, where a test failed, or one passed that tells of a loss', () => {
    expect(of('<failure type="AssertionError" />')).toMatchObject({ state: 'failed', broken: ['R9 a <b> & c'] })
    expect(of('', clean.replace('lost 0', 'lost 1')).state).toBe('failed')
    expect(of('', clean.replace('duplicated 0', 'duplicated 1')).state).toBe('failed')
  })

  test('is said where the machine cannot do it, and where its test was never run', () => {
    expect(of('<skipped />').state).toBe('skipped')
    expect(outcomeOf(fault, casesOf(''), '').state).toBe('absent')
    expect(outcomeOf(fault, casesOf('<testcase name="R90 other" time="2" />'), '').state).toBe('absent')
  })

  test('is the sum of all its lines', () => {
    const two = `${clean}FAULT R9 and again: answered 5; lost 0; duplicated 0; converged 70 ms\nFAULT R90 x: lost 9`
    expect(of('', two)).toMatchObject({ answered: 15, lost: 0, convergedMs: 70, did: 'down · and again' })
  })
})

describe('a soak', () => {
  const samples = (change: (n: number) => Partial<Sample>): Sample[] =>
    Array.from({ length: 40 }, (_, n) => ({
      ...{ atS: n * 60, memoryMb: 300, descriptors: 400, storageMb: 10, timers: 80, presses: n * 30 },
      ...change(n),
    }))
  const broken = (change: (n: number) => Partial<Sample>) =>
    judge(samples(change)).flatMap(({ what, holds }) => (holds ? [] : [what]))

  test('is flat where nothing grows but what presses leave', () => {
    expect(broken(() => ({}))).toEqual([])
    expect(broken((n) => ({ memoryMb: 300 + (n % 5) * 20, storageMb: 10 + n * 0.5 }))).toEqual([])
  })

  test('finds each thing that grows', () => {
    expect(broken((n) => ({ memoryMb: 300 + n * 8 }))).toEqual(['memory of workerd in MB'])
    expect(broken((n) => ({ descriptors: 400 + n * 20 }))).toEqual(['descriptors'])
    expect(broken((n) => ({ timers: 80 + n * 10 }))).toEqual(['timers of all objects'])
    expect(broken((n) => ({ storageMb: 10 + n * 5 }))).toEqual(['storage in MB beyond what presses leave'])
  })
})

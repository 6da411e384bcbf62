// `npm test`: brings Bun and the packages, checks types and style, then runs every test. The last line is the sum.
// `npm test -- fast` (or types, style, system, browser, faults) runs only that.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { bootstrap, endWithNpm, ROOT, withOwnTools } from './lib/bootstrap.mjs'

const TESTS = join(ROOT, 'tests')
// These start processes of their own and are slow, so each has a process and a time limit of its own. Where a machine has cores to
// spare, those in the browser, which wait for pages more than they compute, go in lanes; the others look at the clock.
const SLOW = {
  system: { limit: 120_000, lanes: 1 },
  browser: { limit: 180_000, lanes: cpus().length > 3 ? 2 : 1 },
  faults: { limit: 300_000, lanes: 1 },
}
const FAST_LIMIT_MS = 20_000

const bun = bootstrap()
mkdirSync(join(ROOT, 'artifacts'), { recursive: true })
const only = process.argv.slice(2)
const isAsked = (name) => only.length === 0 || only.includes(name)
const sum = { passed: 0, failed: 0 }

if (isAsked('types')) await check('types', ['run', 'tsc', '--noEmit'])
if (isAsked('style')) await check('style', ['run', 'biome', 'check'])
if (isAsked('fast')) await tests('fast', fastPaths(), FAST_LIMIT_MS)
for (const [name, { limit, lanes }] of Object.entries(SLOW)) {
  if (!isAsked(name) || !hasTests(join(TESTS, name))) continue
  if (lanes === 1) await tests(name, [`./tests/${name}/`], limit)
  else await inLanes(name, lanes, limit)
}
console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
process.exit(sum.failed > 0 || sum.passed === 0 ? 1 : 0)

async function check(name, args) {
  console.log(`\n== ${name}`)
  const { code } = await run(args)
  if (code === 0) sum.passed++
  else sum.failed++
}

async function tests(name, paths, limit) {
  console.log(`\n== ${name}`)
  const report = ['--reporter=junit', `--reporter-outfile=${join('artifacts', `${name}.xml`)}`]
  const { code, output } = await run(['test', `--timeout=${limit}`, ...report, ...paths])
  const passed = Number(/^\s*(\d+) pass$/m.exec(output)?.[1] ?? 0)
  const failed = Number(/^\s*(\d+) fail$/m.exec(output)?.[1] ?? 0)
  sum.passed += passed
  // One that died before it could count, or failed outside of a test, has failed all the same.
  sum.failed += code === 0 ? failed : Math.max(1, failed)
}

/** So many processes at once, each with its share of the files. They build before, or each would. */
async function inLanes(name, lanes, limit) {
  await run(['run', 'build'])
  const files = readdirSync(join(TESTS, name))
    .filter((file) => /\.test\.tsx?$/.test(file))
    .sort((a, b) => statSync(join(TESTS, name, b)).size - statSync(join(TESTS, name, a)).size)
  const shares = Array.from({ length: lanes }, (_, lane) =>
    files.filter((_, at) => at % lanes === lane).map((file) => `./tests/${name}/${file}`),
  )
  await Promise.all(shares.map((paths, lane) => tests(`${name}-${lane + 1}`, paths, limit)))
}

function fastPaths() {
  return readdirSync(TESTS, { withFileTypes: true })
    .filter(({ name }) => !(name in SLOW) && name !== 'support')
    .filter((entry) => (entry.isDirectory() ? hasTests(join(TESTS, entry.name)) : entry.name.endsWith('.test.ts')))
    .map((entry) => `./tests/${entry.name}${entry.isDirectory() ? '/' : ''}`)
}

function hasTests(folder) {
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => /\.test\.tsx?$/.test(String(name)))
  )
}

/** Shows what the command prints, and keeps its end for the counting. Lines of two lanes come as they come. */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(bun, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: withOwnTools() })
    let output = ''
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on('data', (chunk) => {
        to.write(chunk)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
        output = (output + String(chunk).replace(/\x1b\[[0-9;]*m/g, '')).slice(-20_000)
      })
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    endWithNpm(() => child.kill('SIGTERM'))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

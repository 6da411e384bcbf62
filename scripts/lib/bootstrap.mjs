// From a fresh clone to Bun with everything installed, with what Node and npm bring: nothing here may import a package.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const BIN = join(ROOT, 'node_modules', '.bin')
const STAMP = join(ROOT, 'node_modules', '.installed')
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const WANTED = MANIFEST.dependencies.bun
const EXE = process.platform === 'win32' ? '.exe' : ''

/** Path of a Bun that can run everything here, after installing what the lock file names. Ends the process where it cannot. */
export function bootstrap() {
  const own = join(BIN, `bun${EXE}`)
  if (isInstalled() && versionOf(own) === WANTED) return own
  const bun = findBun() ?? fetchBun()
  console.log('Installing what bun.lock names …')
  const { status } = spawnSync(bun, ['install', '--frozen-lockfile'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0)
    fail('the packages could not be installed. Is the npm registry reachable, and may this user write node_modules?')
  try {
    writeFileSync(STAMP, wantedStamp())
  } catch {
    // Only costs the next start a look at the lock file.
  }
  return versionOf(own) ? own : bun
}

/** Runs a command until it ends, passing on what this process is told, and ends as it does. */
export function become(command, args) {
  const child = spawn(command, args, { cwd: process.cwd(), stdio: 'inherit', env: withOwnTools() })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  endWithNpm(() => child.kill('SIGTERM'))
  child.on('error', (error) => fail(String(error)))
  child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)))
}

/** npm passes a signal on to its shell alone, and a shell that dies of it tells nobody: our parent is then another. */
export function endWithNpm(end) {
  const parent = process.ppid
  if (!process.env.npm_lifecycle_event) return
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, 500)
  timer.unref()
}

export const withOwnTools = () => ({ ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` })

export function fail(message) {
  console.error(`Cannot start: ${message}`)
  process.exit(1)
}

const wantedStamp = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'bun.lock')))
    .update(readFileSync(join(ROOT, 'package.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')

const isInstalled = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()

const versionOf = (bun) => spawnSync(bun, ['--version'], { encoding: 'utf8' }).stdout?.trim() || null

/** One that the lock file was not written with may read it otherwise: only the same release line will do. */
function findBun() {
  const line = WANTED.split('.').slice(0, 2).join('.')
  const running = process.versions.bun ? [process.execPath] : []
  const candidates = [...running, join(BIN, `bun${EXE}`), `bun${EXE}`, bunOf(fetched())]
  return candidates.find((each) => each && versionOf(each)?.startsWith(`${line}.`)) ?? null
}

const fetched = () => join(ROOT, '.data', 'bootstrap')

function fetchBun() {
  console.log(`Fetching Bun ${WANTED} with npm …`)
  try {
    mkdirSync(join(ROOT, '.data'), { recursive: true, mode: 0o700 })
    mkdirSync(fetched(), { recursive: true })
    writeFileSync(join(fetched(), 'package.json'), '{ "private": true }\n')
  } catch (error) {
    fail(`${fetched()} cannot be written (${error.code}). Give this user the right to it.`)
  }
  const args = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `bun@${WANTED}`,
  ]
  // npm is a script on Windows, which only a shell runs.
  const { status } = spawnSync('npm', args, {
    cwd: fetched(),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: EXE !== '',
  })
  const bun = bunOf(fetched())
  if (status !== 0 || !bun)
    fail(
      `Bun ${WANTED} could not be fetched with npm. Is the npm registry reachable? Or install Bun yourself: https://bun.sh`,
    )
  return bun
}

/** The package's install script puts the program into place; where scripts are not run, it lies in the platform's package. */
function bunOf(folder) {
  const modules = join(folder, 'node_modules')
  const scope = join(modules, '@oven')
  const native = existsSync(scope) ? readdirSync(scope).map((name) => join(scope, name, 'bin', `bun${EXE}`)) : []
  return [join(modules, '.bin', `bun${EXE}`), ...native].find((each) => existsSync(each) && versionOf(each)) ?? null
}

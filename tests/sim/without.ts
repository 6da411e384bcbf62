// A copy of the source with a guard taken out, and the seeds that are tried on it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Guard } from './guards/guard'
import type { BrokenSeed, Share } from './run'

const ROOT = join(import.meta.dir, '..', '..')
/** All that a world is made of. */
const COPIED = ['src', 'tests/sim', 'views/client/live', 'package.json', 'tsconfig.json']

export class PatchMissing extends Error {
  override name = 'PatchMissing'
}

/** The source with this guard taken out. Throws where what is to be patched does not stand there exactly once. */
export function patched({ name, patches }: Guard): Map<string, string> {
  const files = new Map<string, string>()
  for (const { file, find, put } of patches) {
    const source = files.get(file) ?? readFileSync(join(ROOT, file), 'utf8')
    const pieces = source.split(find)
    if (pieces.length !== 2)
      throw new PatchMissing(`${name}: ${file} has ${pieces.length - 1} times what was to be patched: ${find}`)
    files.set(file, pieces.join(put))
  }
  return files
}

/** The first seed, counted from 1, that is broken without the guard; null where none of the first `most` is. */
export async function foundWithout(guard: Guard, most: number): Promise<BrokenSeed | null> {
  const files = patched(guard)
  const copy = mkdtempSync(join(tmpdir(), 'sim-'))
  try {
    for (const path of COPIED) {
      mkdirSync(dirname(join(copy, path)), { recursive: true })
      cpSync(join(ROOT, path), join(copy, path), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    for (const [file, source] of files) writeFileSync(join(copy, file), source)
    const { broken } = await runShare(copy, { from: 1, to: most + 1, stop: true })
    return broken[0] ?? null
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

export type Range = { from: number; to: number; stop?: boolean }

/** Runs seeds in a process of their own. `heard` is told of each that is broken as soon as it is. */
export async function runShare(
  root: string,
  { from, to, stop }: Range,
  heard: (broken: BrokenSeed) => void = () => {},
): Promise<{ broken: BrokenSeed[]; share: Share }> {
  const args = [`--from=${from}`, `--to=${to}`, ...(stop ? ['--stop'] : [])]
  const child = Bun.spawn([process.execPath, join(root, 'tests/sim/run.ts'), ...args], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const errors = new Response(child.stderr).text()
  const broken: BrokenSeed[] = []
  let share: Share | null = null
  let rest = ''
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('{')) continue
      const said = JSON.parse(line) as BrokenSeed | Share
      if ('done' in said) share = said
      else {
        broken.push(said)
        heard(said)
      }
    }
  }
  await child.exited
  if (share === null) throw new Error(`the seeds ended without a word:\n${(await errors).slice(-2_000)}`)
  return { broken, share }
}

export const SOURCE = ROOT

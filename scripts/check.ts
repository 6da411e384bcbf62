// `bun run check`: types, style, layers, and whether Cloudflare would take the release, for each environment.

import { spawnSync } from 'node:child_process'
import { build } from './lib/build'
import { installed, ROOT } from './lib/paths'
import { explain } from './lib/refusal'
import { wrangler } from './lib/wrangler'

type Check = { name: string; run: () => Promise<{ code: number; output: string }> }

const command =
  (name: string, ...args: string[]): Check['run'] =>
  async () => {
    const { status, stdout, stderr } = spawnSync(installed(name), args, { cwd: ROOT, encoding: 'utf8' })
    return { code: status ?? 1, output: `${stdout}${stderr}` }
  }

const dryRun = (environment: string | null): Check => ({
  name: `wrangler deploy --dry-run${environment ? ` --env ${environment}` : ''}`,
  // An empty --env names the top level, which wrangler otherwise warns about.
  run: () => wrangler(['deploy', '--dry-run', '--outdir', 'dist/dry-run', '--env', environment ?? '']),
})

const CHECKS: readonly Check[] = [
  { name: 'types', run: command('tsc', '--noEmit') },
  { name: 'style', run: command('biome', 'check') },
  { name: 'layers', run: command('bun', 'test', './tests/layers.test.ts') },
  {
    name: 'build',
    run: async () => build({ force: true }).then((made) => ({ code: 0, output: JSON.stringify(made) })),
  },
  dryRun(null),
  dryRun('staging'),
  dryRun('production'),
]

let failed = 0
for (const { name, run } of CHECKS) {
  const { code, output } = await run().catch((error: unknown) => ({ code: 1, output: String(error) }))
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (code === 0) continue
  failed++
  console.log(output)
}
if (failed > 0) explain(`${failed} of ${CHECKS.length} checks failed.`)
process.exit(failed > 0 ? 1 : 0)

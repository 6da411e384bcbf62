// Runs wrangler, which needs a newer Node than a machine may have and does not run under Bun.

import { type StdioOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './paths'
import { CannotStart } from './refusal'

const PACKAGES = [
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  `node-bin-${process.platform}-${process.arch}`,
]

/** The Node that came with the install as an optional dependency. */
export function nodeForWrangler(): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const found = PACKAGES.map((each) => join(ROOT, 'node_modules', each, 'bin', name)).find(existsSync)
  if (!found)
    throw new CannotStart(
      `wrangler needs Node 22.12 or newer, and none was installed for this machine (${PACKAGES[0]}). Run: bun install`,
    )
  return found
}

export type Run = { code: number; output: string }

/** `stdio: 'inherit'` shows what it prints; else it comes back as `output`. */
export function wrangler(
  args: readonly string[],
  options: { show?: boolean; env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = options.show ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const script = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js')
    const child = spawn(nodeForWrangler(), [script, ...args], {
      cwd: ROOT,
      stdio,
      env: {
        ...process.env,
        // Else it asks Cloudflare for a made-up `request.cf` at each start, and for news of itself.
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        ...options.env,
      },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
    options.signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

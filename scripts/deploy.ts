// `bun run deploy staging` or `production`: uploads the build as a version that has no traffic, asks it for its health, gives
// it 10, 50 and 100 percent, asks again after each, and goes back to the version before as soon as it is not healthy.
//
// A release that adds a Durable Object class cannot be staged, for Cloudflare applies its migration whole: make it alone, with
// nothing else in it, as `bun run deploy production --plain`. wrangler asks for an account: `wrangler login`, or
// CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID in the environment.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './lib/build'
import {
  currentVersion,
  type Environment,
  onlyTo,
  plainArgs,
  rollBackArgs,
  STEPS,
  statusArgs,
  stepArgs,
  uploadArgs,
  uploadedVersion,
} from './lib/deploy'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'
import { type Run, wrangler } from './lib/wrangler'

const WATCH_MS = 60_000
const EVERY_MS = 5_000

try {
  const { values, positionals } = parseArgs({
    options: { plain: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const [environment] = positionals
  if (environment !== 'staging' && environment !== 'production')
    throw new CannotStart('say where to: bun run deploy staging')
  const { url, worker } = await addressOf(environment)
  const { version } = await build({ force: true })
  if (values.plain) {
    await must(plainArgs(environment))
    if (!(await staysHealthy(url, {})))
      throw new CannotStart(
        `${url} is not healthy. Put the release before it back with: wrangler rollback --env ${environment}`,
      )
  } else await stage(environment, version, url, worker)
  console.log(`${version} serves ${url}.`)
} catch (error) {
  explain(error)
  process.exit(1)
}

async function stage(environment: Environment, tag: string, url: string, worker: string): Promise<void> {
  const previous = currentVersion((await must(statusArgs(environment))).output)
  if (previous === null)
    throw new CannotStart(
      `nothing was released there yet. The first release makes the objects: bun run deploy ${environment} --plain`,
    )
  const next = uploadedVersion((await must(uploadArgs(environment, tag))).output)
  if (!next) throw new CannotStart('wrangler did not say which version it uploaded.')
  for (const percent of STEPS) {
    console.log(`${percent} % to ${next}`)
    await must(stepArgs(environment, previous, next, percent))
    if (await staysHealthy(url, percent === 100 ? {} : onlyTo(worker, next))) continue
    await must(rollBackArgs(environment, previous))
    throw new CannotStart(`${next} is not healthy. All of the traffic is with ${previous} again.`)
  }
}

async function must(args: readonly string[]): Promise<Run> {
  const run = await wrangler(args)
  if (run.code === 0) return run
  throw new CannotStart(`wrangler ${args.join(' ')}\n${run.output}`)
}

/** Healthy for a minute, a canary's whole way included. */
async function staysHealthy(url: string, headers: Record<string, string>): Promise<boolean> {
  const until = Date.now() + WATCH_MS
  do {
    for (const path of ['/api/health', '/api/emergency/health']) {
      const ok = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(10_000) }).then(
        (response) => response.ok,
        () => false,
      )
      if (!ok) return false
    }
    await Bun.sleep(EVERY_MS)
  } while (Date.now() < until)
  return true
}

async function addressOf(environment: Environment): Promise<{ url: string; worker: string }> {
  const config = Bun.TOML.parse(await Bun.file(join(ROOT, 'wrangler.toml')).text()) as {
    env: Record<Environment, { name: string; vars: { PUBLIC_URL: string } }>
  }
  const { name, vars } = config.env[environment]
  return { url: vars.PUBLIC_URL, worker: name }
}

// `bun run redis-bridge`: Upstash's REST interface in front of a Redis of one's own, until Ctrl-C.

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startRedisBridge } from './lib/redis-bridge'
import { CannotStart, codeOf, explain } from './lib/refusal'

const HELP = `bun run redis-bridge [options]

  --redis URL    the Redis behind it (else redis://127.0.0.1:6379)
  --port N       where it listens (else 8079)
  --host NAME    (else 127.0.0.1; it speaks plain HTTP, so put TLS before it anywhere else)

The token is UPSTASH_REDIS_REST_TOKEN of the environment, or one that is made up and printed.`

const MIN_TOKEN_CHARS = 16

try {
  const options = readOptions()
  if (options) await run(options)
} catch (error) {
  explain(error)
  process.exit(1)
}

async function run({ redis, host, port }: { redis: string; host: string; port: number }): Promise<void> {
  const given = process.env.UPSTASH_REDIS_REST_TOKEN || null
  if (given !== null && given.length < MIN_TOKEN_CHARS)
    throw new CannotStart(`UPSTASH_REDIS_REST_TOKEN is shorter than ${MIN_TOKEN_CHARS} characters.`)
  const token = given ?? randomBytes(24).toString('base64url')
  const bridge = await startRedisBridge({ redis, token, host, port }).catch((error: unknown) => {
    if (codeOf(error) === 'EADDRINUSE') throw new CannotStart(`port ${port} is taken. Choose another with --port.`)
    throw error
  })
  console.log(`Before the tower starts:\n\n  export UPSTASH_REDIS_REST_URL=${bridge.url}`)
  if (given === null) console.log(`  export UPSTASH_REDIS_REST_TOKEN=${token}`)
  const end = () => void bridge.stop().then(() => process.exit(0))
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

function readOptions(): { redis: string; host: string; port: number } | null {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          redis: { type: 'string', default: 'redis://127.0.0.1:6379' },
          host: { type: 'string', default: '127.0.0.1' },
          port: { type: 'string', default: '8079' },
          help: { type: 'boolean', default: false },
        },
      })
    } catch (error) {
      throw new CannotStart(
        `${error instanceof Error ? error.message : String(error)} See: bun run redis-bridge --help`,
      )
    }
  })()
  if (values.help) {
    console.log(HELP)
    return null
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new CannotStart('--port is a number up to 65535.')
  if (!['redis:', 'rediss:'].includes(URL.parse(values.redis)?.protocol ?? ''))
    throw new CannotStart('--redis is an address as redis://127.0.0.1:6379.')
  return { redis: values.redis, host: values.host, port }
}

// A real redis-server on a free port with a directory of its own, and the bridge before it. Tests skip, and say so, where the
// machine has none.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../scripts/lib/ports'
import { type RedisBridge, startRedisBridge } from '../../scripts/lib/redis-bridge'
import { RespConnection } from '../../scripts/lib/resp'

const BINARY = Bun.which('redis-server') ?? Bun.which('valkey-server')

/** False where there is no redis-server to test with. */
export const HAS_REDIS = BINARY !== null
if (!HAS_REDIS) console.warn('SKIPPED: there is no redis-server here (Debian: apt-get install redis-server)')

export const TOKEN = 'a-token-of-the-tests'

export type RedisServer = {
  url: string
  bridge: RedisBridge
  flush(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  if (BINARY === null) throw new Error('there is no redis-server')
  const dir = mkdtempSync(join(tmpdir(), 'xot-redis-'))
  const port = await freePort()
  const server = Bun.spawn(
    [BINARY, '--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'],
    { stdout: 'ignore', stderr: 'ignore' },
  )
  const url = `redis://127.0.0.1:${port}`
  const direct = new RespConnection(new URL(url))
  for (let n = 0; ; n++) {
    const up = await direct.send([['PING']]).catch(() => null)
    if (up) break
    if (n > 200) throw new Error('redis-server does not answer')
    await Bun.sleep(25)
  }
  const bridge = await startRedisBridge({ redis: url, token: TOKEN })
  return {
    url,
    bridge,
    flush: async () => void (await direct.send([['FLUSHALL']])),
    stop: async () => {
      await bridge.stop()
      direct.close()
      server.kill()
      await server.exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

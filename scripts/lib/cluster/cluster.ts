// A cluster of three members on this machine: Postgres, the schema, the build, the bucket, the members with their spools, and
// one address before them. `bun run cluster`, its tests and its proof start it from here.

import { randomBytes } from 'node:crypto'
import { build } from '../build'
import { openDataDir } from '../data-dir'
import { createTowerDatabase, type DatabaseUrls } from '../database'
import { type Demo, seedDemo } from '../demo'
import { migrate } from '../migrate'
import { freePort } from '../ports'
import type { PostgresServer } from '../postgres'
import { loadSecrets, type Secrets } from '../secrets'
import { address, checkPort, EVERY_ADDRESS, everyMinute, startOwnPostgres, workerSettings } from '../tower'
import { socketLimit } from '../workerd'
import { type Bucket, openBucket } from './bucket'
import { startFront } from './front'
import { type Member, startMember } from './member'

export type ClusterOptions = {
  /** Everything that the cluster keeps on this machine lies here. */
  dataDir: string
  members?: number
  host?: string
  port?: number
  publicUrl?: string
  database?: DatabaseUrls
  demo?: boolean
  /** `s3://…` or `gs://…`; else a small store of our own. */
  bucket?: string | null
  /** Of our own store. */
  store?: { latencyMs?: number; inMemory?: boolean }
  settings?: Record<string, string>
  log?: (line: string) => void
}

export type Cluster = {
  url: string
  /** Of a member that lives: answers `POST /tick`. On loopback only. */
  readonly internalUrl: string
  demo: Demo | null
  dataDir: string
  databaseUrl: string
  databaseUrls: DatabaseUrls
  secrets: Secrets
  postgres: PostgresServer | null
  members: Member[]
  bucket: Bucket
  tick(): Promise<unknown>
  /**
   * Builds, and starts one member after the other on it, each when the one before serves again. `called`: of the build that
   * is there, what its version says that it is.
   */
  upgrade(called?: string): Promise<{ version: string }>
  stop(): Promise<void>
}

/** Neighbouring shards lie on different members, so that a press whose shard's owner died has another one. */
const INTAKE_SHARDS = 6
/** Between two members of a rolling restart: the balancer finds the one, and its objects settle, before the next goes. */
const SETTLE_MS = 2_000
const TICK_MS = 30_000

/** Resolves when all serve. Throws CannotStart, and leaves nothing running, where it cannot. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const log = options.log ?? (() => {})
  const data = await openDataDir(options.dataDir)
  const ending: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of ending.splice(0).reverse()) await each().catch((error: unknown) => log(String(error)))
    data.release()
  }
  try {
    const secrets = loadSecrets(data)
    const key = data.read<{ key: string }>('cluster.json')?.key ?? randomBytes(32).toString('hex')
    data.write('cluster.json', { key })
    const host = options.host ?? '127.0.0.1'
    const port = options.port ?? (await freePort())
    await checkPort(port, host)
    const url = options.publicUrl ?? `http://127.0.0.1:${port}`
    data.holdBy({ url, workerd: null, internal: null })

    const building = build()
    building.catch(() => {})
    const postgres = options.database ? null : await startOwnPostgres(data, secrets, log)
    if (postgres) ending.push(() => postgres.stop())
    const databaseUrls = options.database ?? (await createTowerDatabase(postgres as PostgresServer, secrets.postgres))
    await migrate(databaseUrls.owner)
    const demo = postgres || options.demo ? await seedDemo({ database: databaseUrls.owner, secrets, data, url }) : null
    const { version } = await building

    const bucket = await openBucket(options.bucket ?? null, data, options.store)
    ending.push(() => bucket.stop())
    const count = options.members ?? 3
    const own = {
      INTAKE_SHARDS: process.env.INTAKE_SHARDS ?? String(INTAKE_SHARDS),
      // A call that failed goes to the neighbouring shard in any case. Around one that is slow it would be written twice, and the
      // spool answers in time for it.
      STEP_AROUND: 'off',
      SOCKET_LIMIT: String(socketLimit()),
      ...options.settings,
    }
    const settings = workerSettings({ dataDir: data.path, settings: own }, secrets, databaseUrls, url, version)
    const members: Member[] = []
    ending.push(async () => void (await Promise.all(members.map((member) => member.stop()))))
    for (let n = 1; n <= count; n++) {
      members.push(
        await startMember({
          dir: data.at(`machine-${n}`),
          bucket: bucket.url,
          bucketEnv: bucket.env,
          key,
          settings: { ...settings },
          log: (line) => log(`machine ${n}: ${line}`),
        }),
      )
    }
    await Promise.all(members.map(({ internalUrl }, part) => post(`${internalUrl}/own?part=${part}&of=${count}`)))
    const backends = members.map(({ url: member, spool }) => ({ member, spool: spool.url }))
    const front = startFront({ port, host: EVERY_ADDRESS.includes(host) ? host : address(host), backends })
    ending.push(() => front.stop())

    const tick = async (): Promise<unknown> => (await post(`${cluster.internalUrl}/tick`)).json()
    const cluster: Cluster = {
      url,
      get internalUrl() {
        return (members.find(({ worker }) => worker.pid !== null) ?? (members[0] as Member)).internalUrl
      },
      demo,
      dataDir: data.path,
      databaseUrl: databaseUrls.writer,
      databaseUrls,
      secrets,
      postgres,
      members,
      bucket,
      tick,
      upgrade: async (called) => {
        const version = called ?? (await build()).version
        for (const member of members) {
          await member.upgrade(version)
          await Bun.sleep(SETTLE_MS)
        }
        return { version }
      },
      stop,
    }
    ending.push(everyMinute(tick, log))
    return cluster
  } catch (error) {
    await stop()
    throw error
  }
}

async function post(url: string): Promise<Response> {
  const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(TICK_MS) })
  if (!response.ok) throw new Error(`${new URL(url).pathname} was answered ${response.status}`)
  return response
}

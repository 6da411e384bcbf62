// One machine of a cluster, on this one: a member, which shares its objects with the others over the bucket, and beside it the
// spool, which shares nothing. Each is a workerd of its own, with a directory of its own, looked after like any other.

import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { HEADERS } from '../build'
import { type WorkerdConfig, workerdConfig } from '../capnp'
import { type DataDir, openDataDir } from '../data-dir'
import { SPOOL_CLASSES } from '../objects'
import { PUBLIC, WORKER } from '../paths'
import { freePort } from '../ports'
import { CannotStart } from '../refusal'
import { superviseWorkerd, type Workerd } from '../workerd'

export type MemberOptions = {
  dir: string
  /** `s3://…` or `gs://…`. */
  bucket: string
  /** What gives access to it, for the process alone. */
  bucketEnv: Record<string, string>
  /** Known to members only. */
  key: string
  settings: Record<string, string>
  log: (line: string) => void
}

export type Member = {
  /** Origins on loopback: for the world, for the supervisor, for the other members. */
  url: string
  internalUrl: string
  peerUrl: string
  spool: { url: string; internalUrl: string; worker: Workerd }
  worker: Workerd
  /** Directories of its two processes. */
  dirs: string[]
  /** Copies the newest build and starts member and spool on it, one after the other. Their addresses stay. */
  upgrade(version: string): Promise<void>
  stop(): Promise<void>
}

/** From SIGTERM to the end: half of it for requests under way, a quarter for handing objects over. */
const STOP_MS = 8_000
const DRAIN_MS = STOP_MS + 2_000

/** Resolves when both answer. Throws CannotStart, and leaves nothing running, where they do not. */
export async function startMember(options: MemberOptions): Promise<Member> {
  const { settings, log } = options
  const ports = await Promise.all(Array.from({ length: 5 }, () => freePort()))
  const [main, internal, peer, spoolMain, spoolInternal] = ports.map((port) => `127.0.0.1:${port}`) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const own = await openDataDir(`${options.dir}/member`)
  const beside = await openDataDir(`${options.dir}/spool`)
  writeFileSync(own.at('cluster.key'), options.key, { mode: 0o600 })
  const names = Object.keys(settings)
  const shape = { settings: names, assets: PUBLIC, headers: HEADERS, worker: 'worker.js' }

  const spoolConfig = writeConfig(beside, { ...shape, objects: SPOOL_CLASSES, neighbours: { MEMBER: internal } })
  const spool = await superviseWorkerd({
    config: spoolConfig,
    main: spoolMain,
    internal: spoolInternal,
    healthUrl: `http://${spoolInternal}/spool`,
    env: settings,
    logFile: beside.at('workerd.log'),
    log,
    onPid: (workerd) => beside.holdBy({ url: `http://${spoolMain}`, workerd, internal: `http://${spoolInternal}` }),
  })
  const memberConfig = writeConfig(own, {
    ...shape,
    neighbours: { SPOOL: spoolInternal },
    cluster: { bucket: options.bucket, keyFile: 'cluster.key', stopTimeoutMs: STOP_MS },
  })
  const env = { ...settings, ...options.bucketEnv }
  const worker = await superviseWorkerd({
    config: memberConfig,
    main,
    internal,
    flags: [`--cluster-addr=${peer}`],
    drainMs: DRAIN_MS,
    // Serves, and holds its lease: what the objects do is asked elsewhere.
    healthUrl: `http://${peer}/ready`,
    env,
    logFile: own.at('workerd.log'),
    log,
    onPid: (workerd) => own.holdBy({ url: `http://${main}`, workerd, internal: `http://${internal}` }),
  }).catch(async (error: unknown) => {
    await spool.stop()
    throw error
  })

  return {
    url: `http://${main}`,
    internalUrl: `http://${internal}`,
    peerUrl: `http://${peer}`,
    spool: { url: `http://${spoolMain}`, internalUrl: `http://${spoolInternal}`, worker: spool },
    worker,
    dirs: [own.path, beside.path],
    upgrade: async (version) => {
      env.VERSION = version
      settings.VERSION = version
      copyWorker(own)
      await worker.restart()
      copyWorker(beside)
      await spool.restart()
    },
    stop: async () => {
      // The member first: what it cannot hand over still finds the spool.
      await worker.stop()
      await spool.stop()
      own.release()
      beside.release()
    },
  }
}

function writeConfig(data: DataDir, config: Omit<WorkerdConfig, 'storage'>): string {
  const storage = data.at('objects')
  mkdirSync(storage, { recursive: true, mode: 0o700 })
  copyWorker(data)
  writeFileSync(data.at('workerd.capnp'), workerdConfig({ ...config, storage }), { mode: 0o600 })
  return data.at('workerd.capnp')
}

/** Beside its config: a build that is made meanwhile does not change what a restart starts. */
function copyWorker(data: DataDir): void {
  if (!existsSync(WORKER)) throw new CannotStart('there is no build. Run: bun run build')
  copyFileSync(WORKER, data.at('worker.js'))
}

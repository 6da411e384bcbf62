// Writes workerd's config. It holds no secret: settings reach the Worker from the environment of the process.

import { COMPATIBILITY_DATE, COMPATIBILITY_FLAGS, OBJECT_CLASSES, type ObjectClass, WORKER_FIRST } from './objects'

export type WorkerdConfig = {
  /** Path of the built Worker, relative to the directory in which the config lies. */
  worker: string
  /** Absolute path of the static files. */
  assets: string
  /** Text of the static files' `_headers`. */
  headers: string
  /** Absolute path of the directory that keeps the objects' SQLite files. */
  storage: string
  /** Names of the environment variables that become bindings of the same name. */
  settings: readonly string[]
  /** The tower's unless told. */
  objects?: readonly Omit<ObjectClass, 'migration'>[]
  /** Processes on this machine that the Worker may call: name of the binding, and `127.0.0.1:port`. */
  neighbours?: Readonly<Record<string, string>>
  /** Set where this process is one of several that share their objects. */
  cluster?: ClusterConfig
}

export type ClusterConfig = {
  /** `s3://bucket/prefix` or `gs://bucket/prefix`. Keys to it come from the environment of the process. */
  bucket: string
  /** Path of the file with the members' secret, relative to the config. */
  keyFile: string
  /** Time that a member has for handing over what it serves, from SIGTERM to its end. */
  stopTimeoutMs?: number
}

/**
 * An SOS meets code that has rarely run: compiled without waiting for it to prove hot, a burst over lifelines is answered
 * a quarter sooner. The smallest young generation is collected often and in a few milliseconds: what a collection finds dead of
 * the runtime's own objects, it ends one by one afterwards, with 4 MB for 30 ms and with 32 for a third of a second, and every
 * press waits. The old generation is collected as a whole, and holds the thread meanwhile: for 40 ms or more to mark what lives
 * (150 ms with 10,000 incidents), and for 2 to 6 ms for each MB that is dead, since each request leaves some of the runtime's own
 * objects there, also with a Worker that does nothing. So it is a choice: small steps (--heap-growing-percent=10) were pauses of
 * 60 to 250 ms every few seconds, and an answer's p99 at 200 presses a second was three times as long; these large ones are
 * pauses of 0.4 to 0.6 s about once a minute in a storm of presses, and of 1.4 s once in 220,000 forged ones.
 */
const V8_FLAGS = [
  '--always-sparkplug',
  '--min-semi-space-size=1',
  '--max-semi-space-size=1',
  '--initial-heap-size=256',
  '--heap-growing-percent=700',
]

/**
 * The config of one workerd. Its two sockets are bound on the command line: `main` for the world, and `internal`, which
 * answers `POST /tick` and must never be bound to anything but loopback.
 */
export function workerdConfig(config: WorkerdConfig): string {
  const { worker, assets, headers, storage, settings, objects = OBJECT_CLASSES, neighbours = {}, cluster } = config
  const router = JSON.stringify({ run_worker_first: WORKER_FIRST, headers, html_handling: 'none' })
  return `# Written at each start by scripts/lib/capnp.ts: changes made here are lost.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  v8Flags = [ ${V8_FLAGS.map(text).join(', ')} ],
  services = [
    ( name = "assets",
      assets = ( path = ${text(assets)}, config = ${text(router)}, userWorker = "tower" ) ),
    ( name = "tower", worker = .tower ),
    ( name = "objects", disk = ( path = ${text(storage)}, writable = true ) ),
    # Loopback and private networks too: Postgres is there.
    ( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ( trustBrowserCas = true ) ) ),
${Object.entries(neighbours)
  .map(
    ([name, address]) =>
      `    ( name = ${text(`neighbour ${name}`)}, external = ( address = ${text(address)}, http = () ) ),\n`,
  )
  .join('')}  ],
  sockets = [
    ( name = "main", http = ( forwardedProtoHeader = "X-Forwarded-Proto" ), service = "tower" ),
    ( name = "internal", http = (), service = ( name = "tower", entrypoint = "Internal" ) ),
  ],${cluster ? clusterText(cluster) : ''}
);

const tower :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = embed ${text(worker)} ) ],
  compatibilityDate = ${text(COMPATIBILITY_DATE)},
  compatibilityFlags = [ ${COMPATIBILITY_FLAGS.map(text).join(', ')} ],
  durableObjectNamespaces = [
${objects.map(({ className, uniqueKey }) => `    ( className = ${text(className)}, uniqueKey = ${text(uniqueKey)}, enableSql = true ),`).join('\n')}
  ],
  durableObjectStorage = ( localDisk = "objects" ),
  bindings = [
${objects.map(({ binding, className }) => `    ( name = ${text(binding)}, durableObjectNamespace = ${text(className)} ),`).join('\n')}
    ( name = "ASSETS", service = ( name = "assets", entrypoint = "AssetWorker" ) ),
${Object.keys(neighbours)
  .map((name) => `    ( name = ${text(name)}, service = ${text(`neighbour ${name}`)} ),\n`)
  .join('')}${settings.map((name) => `    ( name = ${text(name)}, fromEnvironment = ${text(name)} ),`).join('\n')}
  ],
);
`
}

/** Each member's own address is given on its command line. */
const clusterText = ({ bucket, keyFile, stopTimeoutMs }: ClusterConfig): string => `
  cluster = (
    bucket = ${text(bucket)},
    key = embed ${text(keyFile)},${
      stopTimeoutMs === undefined
        ? ''
        : `
    stopTimeoutMs = ${stopTimeoutMs},`
    }
  ),`

/** A Cap'n Proto string. */
const text = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`

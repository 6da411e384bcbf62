// Writes workerd's config. It holds no secret: settings reach the Worker from the environment of the process.

import { COMPATIBILITY_DATE, COMPATIBILITY_FLAGS, OBJECT_CLASSES, WORKER_FIRST } from './objects'

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
}

/**
 * An SOS meets code that has rarely run: compiled without waiting for it to prove hot, a burst over lifelines is answered
 * a quarter sooner. The smallest young generation is collected often and in a few milliseconds: what a collection finds dead of
 * the runtime's own objects, it ends one by one afterwards, with 4 MB for 30 ms and with 32 for a third of a second, and every
 * press waits. The old generation is collected as a whole, for a tenth of a second: seldom, so that it has to grow a lot first.
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
export function workerdConfig({ worker, assets, headers, storage, settings }: WorkerdConfig): string {
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
  ],
  sockets = [
    ( name = "main", http = ( forwardedProtoHeader = "X-Forwarded-Proto" ), service = "tower" ),
    ( name = "internal", http = (), service = ( name = "tower", entrypoint = "Internal" ) ),
  ],
);

const tower :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = embed ${text(worker)} ) ],
  compatibilityDate = ${text(COMPATIBILITY_DATE)},
  compatibilityFlags = [ ${COMPATIBILITY_FLAGS.map(text).join(', ')} ],
  durableObjectNamespaces = [
${OBJECT_CLASSES.map(({ className, uniqueKey }) => `    ( className = ${text(className)}, uniqueKey = ${text(uniqueKey)}, enableSql = true ),`).join('\n')}
  ],
  durableObjectStorage = ( localDisk = "objects" ),
  bindings = [
${OBJECT_CLASSES.map(({ binding, className }) => `    ( name = ${text(binding)}, durableObjectNamespace = ${text(className)} ),`).join('\n')}
    ( name = "ASSETS", service = ( name = "assets", entrypoint = "AssetWorker" ) ),
${settings.map((name) => `    ( name = ${text(name)}, fromEnvironment = ${text(name)} ),`).join('\n')}
  ],
);
`
}

/** A Cap'n Proto string. */
const text = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`

// `bun run cluster`: the tower as a cluster of three members on this machine, each with its spool, over a bucket, until Ctrl-C.
// What it costs and guarantees, and when one process is better, is in docs/where-to-run.md.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cluster, type ClusterOptions, startCluster } from './lib/cluster/cluster'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'
import { checkSafety } from './lib/safety'

const HELP = `bun run cluster [options]

  --members N      how many (else 3)
  --port N         where the one address before them listens (else PORT, else 8787)
  --host ADDR      on which address (else 127.0.0.1); others than loopback need PUBLIC_URL
  --data DIR       where to keep everything (else .data/cluster)
  --bucket URL     s3://bucket/prefix or gs://bucket/prefix, with the usual AWS_* or Google variables;
                   else a small store on this machine, for trying it out, with 20 ms to each answer
  --demo           put made-up people and devices into an empty database of yours (DATABASE_URL)
  --insecure       serve http beyond this machine, where everybody on the way can read and change it

  Enter u: build, and start one member after the other on it. k1, k2, k3: kill a member with -9.`

const STOP_WITHIN_MS = 40_000

try {
  process.umask(0o077)
  const asked = readOptions()
  if (asked) run(await start(asked))
} catch (error) {
  explain(error)
  process.exit(1)
}

type Asked = ClusterOptions & { banner: string | null }

function readOptions(): Asked | null {
  const { values } = (() => {
    try {
      const text = { type: 'string' } as const
      const flag = { type: 'boolean', default: false } as const
      const options = {
        members: text,
        port: text,
        host: text,
        data: text,
        bucket: text,
        demo: flag,
        insecure: flag,
        help: flag,
      }
      return parseArgs({ options })
    } catch (error) {
      throw new CannotStart(`${error instanceof Error ? error.message : String(error)} See: bun run cluster --help`)
    }
  })()
  if (values.help) {
    console.log(HELP)
    return null
  }
  const port = wholeNumber('the port', values.port ?? process.env.PORT ?? '8787', 1, 65_535)
  const where = checkSafety({
    host: values.host ?? process.env.HOST ?? '127.0.0.1',
    port,
    publicUrl: process.env.PUBLIC_URL || null,
    insecure: values.insecure,
  })
  const { DATABASE_URL, DATABASE_OWNER_URL, DATABASE_READER_URL } = process.env
  return {
    port,
    host: where.host,
    publicUrl: where.url,
    banner: where.banner,
    members: wholeNumber('--members', values.members ?? '3', 1, 9),
    dataDir: values.data ?? join(ROOT, '.data', 'cluster'),
    bucket: values.bucket ?? null,
    demo: values.demo,
    ...(DATABASE_URL
      ? {
          database: {
            owner: DATABASE_OWNER_URL || DATABASE_URL,
            writer: DATABASE_URL,
            reader: DATABASE_READER_URL || DATABASE_URL,
          },
        }
      : {}),
    log: (line) => console.log(line),
  }
}

function wholeNumber(what: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number > most)
    throw new CannotStart(`${what} must be a number from ${least} to ${most}.`)
  return number
}

async function start({ banner, ...options }: Asked): Promise<Cluster> {
  if (banner) console.log(banner)
  const interrupt = new AbortController()
  for (const signal of SIGNALS) process.once(signal, () => interrupt.abort())
  console.log(`Starting ${options.members} members on ${options.publicUrl} …`)
  const cluster = await startCluster(options)
  if (interrupt.signal.aborted) {
    await cluster.stop()
    process.exit(0)
  }
  return cluster
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function run(cluster: Cluster): void {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    console.log('\nStopping: members hand over what they serve …')
    const late = setTimeout(() => process.exit(1), STOP_WITHIN_MS)
    await cluster.stop()
    clearTimeout(late)
    process.exit(0)
  }
  for (const signal of SIGNALS) {
    process.removeAllListeners(signal)
    process.on(signal, () => void stop())
  }
  console.log(welcome(cluster))
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (typed) => void hear(cluster, String(typed).trim()).catch((error) => console.error(error)))
  // The supervisor's own work is timers and processes; this keeps it alive between them.
  setInterval(() => {}, 1 << 30)
}

async function hear({ members, upgrade }: Cluster, typed: string): Promise<void> {
  if (typed === 'u') {
    console.log('One member after the other …')
    console.log(`All serve ${(await upgrade()).version}.`)
  }
  const killed = /^k(\d)$/.exec(typed)
  if (killed) await members[Number(killed[1]) - 1]?.worker.kill('SIGKILL')
}

function welcome({ url, demo, dataDir, members, bucket }: Cluster): string {
  const lines = ['', `  Xpress Ops Tower   ${url}   ${members.length} members over ${bucket.url}`, '']
  const [operator] = demo?.operators ?? []
  const [device] = demo?.devices ?? []
  if (operator && device) {
    lines.push(
      `  Log in             ${operator.email}   ${operator.password}`,
      `  Press an SOS       curl -X POST ${url}/api/sos -H 'Authorization: Bearer ${device.token}' -d '{"kind":"medical"}'`,
      `  All of the demo    ${join(dataDir, 'demo.json')}`,
    )
  } else lines.push('  First person       bun run seed --admin you@example.org')
  members.forEach(({ url: own, worker, spool }, at) => {
    lines.push(`  Machine ${at + 1}          ${own} (process ${worker.pid}), spool ${spool.url} (${spool.worker.pid})`)
  })
  if (bucket.store)
    lines.push('', '  The bucket is a small store for trying this out. Give your own with --bucket to keep anything.')
  lines.push('', '  Ctrl-C stops all of it; u upgrades, k1 kills the first.', '')
  return lines.join('\n')
}

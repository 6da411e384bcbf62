// Starts the stacks that the tower is compared with: a PostgreSQL of their own with its usual durability, and each
// rival's server on the server's core. They are installed here, and only here, from their own lock file.

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { RegionId } from '../../../src/domain/region'
import { type PostgresServer, startPostgres } from '../../lib/postgres'
import { endedWithBench } from '../ending'
import { pinned } from '../pin'
import type { Subject } from './subject'

type Rival = { system: 'express' | 'bun'; name: string; command: string[] }

export const RIVALS: readonly Rival[] = [
  { system: 'express', name: '(a) Express + Socket.IO + pg', command: ['node', 'express.js'] },
  { system: 'bun', name: '(b) Bun.serve + postgres.js', command: [process.execPath, 'bun.js'] },
]

const FOLDER = join(import.meta.dir, '../rivals')
const START_LIMIT_MS = 15_000

/** `stop` ends the servers and their database, and removes its data. */
export async function startRivals(): Promise<{ subjects: Subject[]; stop(): Promise<void> }> {
  install()
  const dir = await mkdtemp(join(tmpdir(), 'xot-bench-rivals-'))
  await chmod(dir, 0o711) // PostgreSQL runs as another account where we are root
  await mkdir(join(dir, 'postgres'))
  const password = randomBytes(12).toString('hex')
  const database = await startPostgres({
    dir: join(dir, 'postgres', 'data'),
    password,
    logFile: join(dir, 'postgres.log'),
  })
  const subjects: Subject[] = []
  const stop = endedWithBench(async () => {
    for (const subject of subjects) await subject.stop()
    await database.stop()
    await rm(dir, { recursive: true, force: true })
  })
  try {
    for (const rival of RIVALS) subjects.push(await startRival(rival, database))
  } catch (error) {
    await stop()
    throw error
  }
  return { subjects, stop }
}

function install(): void {
  if (existsSync(join(FOLDER, 'node_modules', '.bin'))) return
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'install', '--frozen-lockfile'], { cwd: FOLDER })
  if (exitCode !== 0) throw new Error(`the rivals could not be installed: ${stderr.toString()}`)
}

async function startRival(rival: Rival, database: PostgresServer): Promise<Subject> {
  const admin = postgres(database.adminUrl('postgres'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`CREATE DATABASE ${rival.system}`)
  await admin.end()
  const signingKeys = randomBytes(32).toString('base64url')
  const server = Bun.spawn([...pinned('server'), ...rival.command], {
    cwd: FOLDER,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: database.adminUrl(rival.system),
      TOKEN_KEY: signingKeys,
      ...(process.env.PUSH_TOGETHER_MS ? { PUSH_TOGETHER_MS: process.env.PUSH_TOGETHER_MS } : {}),
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const port = await portOf(server.stdout, rival.name)
  return {
    system: rival.system,
    name: rival.name,
    regions: ['NCR', 'CEB', 'DVO', 'ILO'] satisfies RegionId[],
    target: (region, devices) => ({
      system: rival.system,
      url: `http://127.0.0.1:${port}`,
      region,
      signingKeys,
      devices,
    }),
    databaseUrl: database.adminUrl(rival.system),
    cookie: async () => '',
    settled: async () => {},
    stop: async () => {
      server.kill()
      await server.exited
    },
  }
}

async function portOf(output: ReadableStream<Uint8Array>, name: string): Promise<number> {
  const limit = Bun.sleep(START_LIMIT_MS).then(() => {
    throw new Error(`${name} did not start`)
  })
  const read = async (): Promise<number> => {
    let text = ''
    for await (const chunk of output) {
      text += new TextDecoder().decode(chunk)
      const port = /^port (\d+)$/m.exec(text)?.[1]
      if (port) return Number(port)
    }
    throw new Error(`${name} ended at once`)
  }
  return await Promise.race([read(), limit])
}

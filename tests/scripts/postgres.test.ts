import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres'
import { gone, isAlive } from '../../scripts/lib/processes'
import { leaveNothing } from '../support/leave-nothing'

const folder = mkdtempSync(join(tmpdir(), 'xot-lifecycle-'))
leaveNothing(folder)
const SUPERVISOR = `
  const { startPostgres } = await import('${join(import.meta.dir, '../../scripts/lib/postgres')}')
  const { pid } = await startPostgres(JSON.parse(process.argv.at(-1)))
  await Bun.write(Bun.stdout, String(pid))
  process.kill(process.pid, 'SIGKILL')`
const options = { dir: join(folder, 'postgres'), password: 'secret', logFile: join(folder, 'postgres.log') }
let server: PostgresServer

afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function query<T>(text: string): Promise<T> {
  const sql = postgres(server.adminUrl('postgres'), { max: 1, onnotice: () => {} })
  try {
    return (await sql.unsafe(text)) as unknown as T
  } finally {
    await sql.end()
  }
}

describe('our own PostgreSQL', () => {
  test('begins in a directory that is not there yet, readable by its owner alone', async () => {
    server = await startPostgres(options)
    await query('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)')
    expect((await Bun.file(options.dir).stat()).mode & 0o777).toBe(0o700)
  })

  test('lets nobody in without the password', async () => {
    const sql = postgres(server.adminUrl('postgres').replace('secret', 'guess'), { max: 1, onnotice: () => {} })
    await expect(sql`SELECT 1`.then()).rejects.toThrow('password authentication failed')
    await sql.end()
  })

  test('stops and starts again on its port, with what was written', async () => {
    const { port } = server
    const { pid } = server
    await server.stop()
    expect(isAlive(pid)).toBe(false)
    await server.start()
    expect(server.port).toBe(port)
    expect(await query<{ n: number }[]>('SELECT n FROM kept')).toEqual([{ n: 1 }] as never)
  })

  test('is started again where it dies by itself, with all that was committed', async () => {
    await query('INSERT INTO kept VALUES (2)')
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    await gone(pid, 5_000)
    while (server.pid === 0 || server.pid === pid) await Bun.sleep(20)
    expect([...(await query<{ n: number }[]>('SELECT n FROM kept ORDER BY n'))]).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('takes over from a server whose supervisor was killed', async () => {
    // As a supervisor that was killed leaves it: running, and nobody's child.
    const left = Bun.spawnSync([
      process.execPath,
      '-e',
      SUPERVISOR,
      JSON.stringify({ ...options, dir: join(folder, 'left') }),
    ])
    const before = Number(left.stdout.toString())
    expect(isAlive(before)).toBe(true)
    const second = await startPostgres({ ...options, dir: join(folder, 'left') })
    expect(second.pid).not.toBe(before)
    expect(isAlive(before)).toBe(false)
    await second.stop()
    expect(await query<{ n: number }[]>('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }] as never)
  })

  test('does not mistake a stranger’s process for its own, nor end it', async () => {
    await server.stop()
    const stranger = Bun.spawn(['sleep', '60'])
    await writeFile(join(options.dir, 'postmaster.pid'), `${stranger.pid}\n${options.dir}\n1\n1\n\n\n1 1\nready\n`)
    server = await startPostgres(options)
    expect(isAlive(stranger.pid)).toBe(true)
    stranger.kill()
  })

  test('says in one line what to do with a damaged directory', async () => {
    const dir = join(folder, 'damaged')
    mkdirSync(dir)
    await writeFile(join(dir, 'PG_VERSION'), '18\n')
    const failure = await startPostgres({ ...options, dir }).catch((error: Error) => error)
    expect(failure).toMatchObject({ name: 'CannotStart' })
    expect((failure as Error).message).toMatch(/is damaged.*Restore a backup.*or move it away/)
    expect((failure as Error).message).not.toContain('\n')
  })

  test('says so, too, where the damage shows only when it starts', async () => {
    await server.stop()
    const control = join(options.dir, 'global', 'pg_control')
    const whole = await readFile(control)
    await writeFile(control, Buffer.alloc(whole.length))
    const failure = await startPostgres(options).catch((error: Error) => error)
    expect((failure as Error).message).toMatch(/is damaged \(.+\)\. Restore/)
    await writeFile(control, whole)
    server = await startPostgres(options)
    expect(await query<{ n: number }[]>('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }] as never)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { type DataDir, openDataDir } from '../../scripts/lib/data-dir'
import type { DatabaseUrls } from '../../scripts/lib/database'
import { seedDemo } from '../../scripts/lib/demo'
import { commandOf, isAlive } from '../../scripts/lib/processes'
import { loadSecrets } from '../../scripts/lib/secrets'
import { verifyPassword } from '../../src/http/auth/password'
import { parseKeys, verifyDeviceToken } from '../../src/ingest/device-token'
import { judgePin, pinMac } from '../../src/intake/pin'
import { pullDirectory, userByEmail } from '../../src/store/directory'
import { withPostgres } from '../../src/store/postgres'
import { testDatabase } from '../support/postgres'

const folder = mkdtempSync(join(tmpdir(), 'xot-data-'))
let data: DataDir

beforeAll(async () => {
  data = await openDataDir(join(folder, 'one'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const modeOf = async (path: string) => (await Bun.file(path).stat()).mode & 0o777

describe('the data directory', () => {
  test('is for its owner alone, and so is every file in it', async () => {
    data.write('note.json', { a: 1 })
    expect(await modeOf(data.path)).toBe(0o700)
    expect(await modeOf(data.at('note.json'))).toBe(0o600)
  })

  test('is closed again where somebody had opened it', async () => {
    chmodSync(data.path, 0o755)
    await openDataDir(data.path)
    expect(await modeOf(data.path)).toBe(0o700)
  })

  test('is said in one line to be unusable where it is', async () => {
    writeFileSync(join(folder, 'file'), '')
    const failure = await openDataDir(join(folder, 'file', 'data')).catch((error: Error) => error)
    expect((failure as Error).message).toMatch(/cannot be written .*--data/)
    expect((failure as Error).message).not.toContain('\n')
  })

  test('belongs to one tower at a time', async () => {
    const other = Bun.spawn(['sleep', '60'])
    await Bun.sleep(50)
    data.write('run.json', {
      supervisor: other.pid,
      command: commandOf(other.pid),
      url: 'http://127.0.0.1:1',
      workerd: null,
    })
    await expect(openDataDir(data.path)).rejects.toThrow(`kill ${other.pid}`)
    other.kill()
    await other.exited
    await openDataDir(data.path)
    expect(data.read('run.json')).toBeNull()
  })

  test('is freed of a Worker whose supervisor was killed, and of nobody else', async () => {
    const worker = Bun.spawn(['sh', '-c', 'sleep 60; :', 'sh', data.path])
    const stranger = Bun.spawn(['sleep', '60'])
    await Bun.sleep(50)
    data.write('run.json', { supervisor: 2 ** 22 + 1, command: 'x', url: '', workerd: worker.pid })
    await openDataDir(data.path)
    expect(isAlive(worker.pid)).toBe(false)
    data.write('run.json', { supervisor: 2 ** 22 + 1, command: 'x', url: '', workerd: stranger.pid })
    await openDataDir(data.path)
    expect(isAlive(stranger.pid)).toBe(true)
    stranger.kill()
  })
})

describe('the secrets', () => {
  test('are made once, and are what the Worker can read', () => {
    const secrets = loadSecrets(data)
    expect(loadSecrets(data)).toEqual(secrets)
    expect(parseKeys(secrets.DEVICE_KEYS)[0]?.key.length).toBe(32)
    expect(
      new Set([secrets.DEVICE_KEYS, secrets.SESSION_KEYS, secrets.PEPPER, ...Object.values(secrets.postgres)]).size,
    ).toBe(7)
  })
})

describe('the demo', () => {
  let urls: DatabaseUrls
  const seed = () => seedDemo({ database: urls.owner, secrets: loadSecrets(data), data, url: 'http://127.0.0.1:8787' })
  beforeAll(async () => {
    urls = await testDatabase()
  })

  test('has enough devices and people in every region', async () => {
    const { operators, devices } = await seed()
    const count = (region: string) => devices.filter((device) => device.region === region).length
    expect(count('NCR')).toBeGreaterThanOrEqual(6)
    for (const region of ['CEB', 'DVO', 'ILO']) expect(count(region)).toBeGreaterThanOrEqual(2)
    for (const role of ['operator', 'trainee', 'supervisor', 'admin', 'auditor']) {
      expect(operators.some((each) => each.role === role)).toBe(true)
    }
    expect(
      operators.filter(({ role, regions }) => role === 'operator' && regions.includes('NCR')).length,
    ).toBeGreaterThanOrEqual(2)
  })

  test('has tokens, PINs and passwords that hold', async () => {
    const secrets = loadSecrets(data)
    const { operators, devices } = await seed()
    const pepper = Buffer.from(secrets.PEPPER, 'base64url')
    const [device] = devices.filter(({ region }) => region === 'CEB')
    const [operator] = operators
    if (!device || !operator) throw new Error('the demo is empty')
    expect(verifyDeviceToken(parseKeys(secrets.DEVICE_KEYS), device.token, Date.now())).toMatchObject({
      genuine: true,
      deviceId: device.id,
      home: 'CEB',
      expired: false,
    })
    await withPostgres(urls.writer, 5_000, async (db) => {
      const rows = await pullDirectory(db, 'CEB', 0, 500)
      const row = rows.find(({ kind, id }) => kind === 'device' && id === device.id)
      if (row?.kind !== 'device' || !row.body) throw new Error('the device is not in the directory')
      expect(judgePin(row.body, pinMac(pepper, device.id, device.pin))).toBe('true')
      expect(judgePin(row.body, pinMac(pepper, device.id, device.duressPin))).toBe('duress')
      expect(rows.some(({ kind, id }) => kind === 'driver' && id === row.body?.driverId)).toBe(true)
      const user = await userByEmail(db, operator.email)
      expect(await verifyPassword(operator.password, user?.passwordHash ?? '', pepper)).toBe(true)
    })
  })

  test('gives each device its own driver and vehicle', async () => {
    const sql = postgres(urls.owner, { max: 1 })
    const [row] =
      await sql`SELECT count(*)::int AS devices, count(DISTINCT driver_id)::int AS drivers, count(DISTINCT vehicle_id)::int AS vehicles FROM device`
    expect(row?.drivers).toBe(row?.devices)
    expect(row?.vehicles).toBe(row?.devices)
    await sql.end()
  })

  test('keeps its people at the next start, and follows the address', async () => {
    const before = await seed()
    const moved = await seedDemo({
      database: urls.owner,
      secrets: loadSecrets(data),
      data,
      url: 'https://tower.example.org',
    })
    expect(moved.operators).toEqual(before.operators)
    expect(moved.devices.map(({ pin }) => pin)).toEqual(before.devices.map(({ pin }) => pin))
    expect(moved.devices[0]?.ingestUrl).toStartWith('https://tower.example.org/i/d1.')
  })

  test('does not go into a database where other people are', async () => {
    const other = await testDatabase()
    const sql = postgres(other.owner, { max: 1 })
    await sql`INSERT INTO app_user (id, region, email, name, alias, role, regions, password_hash)
      VALUES ('u', 'NCR', 'u@x', 'U', 'U', 'admin', '{NCR}', 'x')`
    await sql.end()
    const fresh = await openDataDir(join(folder, 'two'))
    const failure = seedDemo({ database: other.owner, secrets: loadSecrets(fresh), data: fresh, url: 'http://x' })
    await expect(failure).rejects.toThrow('only into an empty database')
  })
})

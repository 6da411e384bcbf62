import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demo } from '../../scripts/lib/demo'
import { isAlive } from '../../scripts/lib/processes'
import { startTower, type Tower } from '../../scripts/lib/tower'
import { leaveNothing } from '../support/leave-nothing'

const dataDir = mkdtempSync(join(tmpdir(), 'xot-tower-'))
leaveNothing(dataDir)
let tower: Tower

beforeAll(async () => {
  tower = await startTower({ dataDir })
}, 60_000)
afterAll(async () => {
  await tower.stop()
  await rm(dataDir, { recursive: true, force: true })
}, 30_000)

const modeOf = async (name: string) => (await Bun.file(join(dataDir, name)).stat()).mode & 0o777
const openBy = (host: string) => fetch(`${tower.internalUrl.replace('127.0.0.1', host)}/tick`, { method: 'POST' })

describe('a tower that was started', () => {
  test('answers, and says where and as whom to come in', async () => {
    expect((await fetch(`${tower.url}/api/health`)).status).toBe(200)
    const written = (await Bun.file(join(dataDir, 'demo.json')).json()) as Demo
    expect(written).toEqual(tower.demo as Demo)
    expect(written.url).toBe(tower.url)
    expect(written.devices[0]?.ingestUrl).toBe(`${tower.url}/i/${written.devices[0]?.token}`)
  })

  test('keeps what it knows to its owner', async () => {
    for (const name of ['secrets.json', 'demo.json', 'run.json', 'workerd.capnp', 'workerd.log', 'postgres.log']) {
      expect([name, await modeOf(name)]).toEqual([name, 0o600])
    }
    for (const name of ['.', 'postgres', 'objects']) expect([name, await modeOf(name)]).toEqual([name, 0o700])
    const config = await Bun.file(join(dataDir, 'workerd.capnp')).text()
    for (const secret of [tower.secrets.PEPPER, tower.secrets.DEVICE_KEYS, tower.secrets.postgres.writer]) {
      expect(config).not.toContain(secret)
    }
  })

  test('ticks through a socket that only this machine reaches', async () => {
    expect(await tower.tick()).toMatchObject({ rooms: expect.any(Array) })
    await expect(openBy('[::1]')).rejects.toThrow()
    expect((await fetch(`${tower.url}/tick`, { method: 'POST' })).ok).toBe(false)
  })

  test('serves files with their type, an ETag and the headers of the build', async () => {
    const { headers, status } = await fetch(`${tower.url}/assets/leaflet.css`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    const again = await fetch(`${tower.url}/assets/leaflet.css`, {
      headers: { 'If-None-Match': headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect((await fetch(`${tower.url}/_headers`)).status).toBe(404)
    expect((await fetch(`${tower.url}/assets/none.css`)).status).toBe(404)
  })

  test('starts its Worker again when it is killed, on the same port', async () => {
    const before = tower.worker.pid
    await tower.worker.kill('SIGKILL')
    await tower.worker.ready()
    expect(tower.worker.pid).not.toBe(before)
    expect((await fetch(`${tower.url}/api/health`)).status).toBe(200)
  })

  test('says in one line that its port is taken, and that it is running', async () => {
    const other = mkdtempSync(join(tmpdir(), 'xot-other-'))
    const taken = startTower({ dataDir: other, port: Number(new URL(tower.url).port) })
    await expect(taken).rejects.toThrow(/port \d+ is taken by another program\. Stop it, or choose another/)
    await rm(other, { recursive: true, force: true })
  })

  test('ends all that it started, and goes on later with the same people and data', async () => {
    const pids = [tower.worker.pid ?? 0, tower.postgres?.pid ?? 0]
    const { operators } = tower.demo as Demo
    await tower.stop()
    expect(pids.map(isAlive)).toEqual([false, false])
    tower = await startTower({ dataDir })
    expect(tower.demo?.operators).toEqual(operators)
    expect((await fetch(`${tower.url}/api/health`)).status).toBe(200)
  }, 60_000)
})

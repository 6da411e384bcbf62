// PostgreSQL is stopped, and the tower goes on; PostgreSQL comes back, and the tower catches up by itself.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import { verifyChain } from '../../src/room/chain'
import { startTestTower } from '../support/tower'
import { archivedLog, call, type Device, devicesOf, Person, press, roomHealth, Screen, until } from '../system/people'

let tower: Tower
let ana: Person
let next: () => Device

beforeAll(async () => {
  tower = await startTestTower()
  next = devicesOf(tower, 'NCR')
  ana = await Person.logIn(tower, { role: 'operator' })
  await until(async () => (await roomHealth(tower)).directoryVersion > 0, 15_000, 'the directory in the room')
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const stopPostgres = async () => tower.postgres?.stop()
const startPostgres = async () => tower.postgres?.start()

async function ofPostgres<T>(ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    return await ask(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const roomLog = async (): Promise<LogEvent[]> =>
  ((await (await fetch(`${tower.internalUrl}/rooms/NCR/log?limit=500`)).json()) as { events: LogEvent[] }).events

test('SOS, screens and acts go on while it is away, and afterwards Postgres has every line in order', async () => {
  const screen = await Screen.open(ana)
  await stopPostgres()
  const device = next()
  const began = performance.now()
  const pressed = await press(tower, device, { kind: 'crash', note: 'While it is away' })
  const answeredMs = performance.now() - began
  expect(pressed.status).toBe(201)
  const { sosId, statusUrl } = pressed.body
  const card = await until(() => screen.cards.get(sosId), 5_000, 'the card')
  expect(card.driver?.name).toBeTruthy()
  expect((await ana.act(sosId, 'take')).status).toBe(200)
  expect((await ana.act(sosId, 'note', { text: 'Talking to the driver' })).status).toBe(200)
  expect((await ana.act(sosId, 'legs', { kind: 'rover', name: 'Rover 1', state: 'accepted' })).status).toBe(200)
  await until(async () => (await call<{ state: string }>(statusUrl)).body.state === 'help_on_the_way')
  expect((await ana.act(sosId, 'safe', { confirmedBy: 'own_voice' })).status).toBe(200)
  expect((await ana.act(sosId, 'close')).body.incident.state).toBe('closed')
  const page = await fetch(`${tower.url}/r/NCR`, { headers: { authorization: `Bearer ${ana.token}` } })
  expect([page.status, (await page.text()).includes('<template')]).toEqual([200, true])
  const health = await call<{ ok: boolean; degraded: string[] }>(`${tower.url}/api/health`)
  expect(health).toMatchObject({ status: 200, body: { ok: true } })
  await until(
    async () =>
      (await call<{ degraded: string[] }>(`${tower.url}/api/health`)).body.degraded.join() === 'postgres' || null,
    8_000,
    'health says that Postgres is away',
  )
  await until(async () => (await roomHealth(tower)).outbox > 5, 5_000, 'lines that wait')

  await startPostgres()
  const back = performance.now()
  await until(async () => (await roomHealth(tower)).outbox === 0, 30_000, 'the catching up')
  const caughtUpMs = performance.now() - back
  const archived = await ofPostgres(async (sql) => {
    const [row] = await sql`SELECT state, press_count FROM incident WHERE id = ${sosId}`
    expect(row).toMatchObject({ state: 'closed', press_count: 1 })
    expect(await sql`SELECT state FROM leg WHERE incident_id = ${sosId}`).toHaveLength(1)
    return archivedLog(sql, 'NCR')
  })
  expect(verifyChain(archived)).toMatchObject({ ok: true, count: archived.length })
  const log = await roomLog()
  expect(archived.map(({ seq, hash }) => [seq, hash])).toEqual(log.map(({ seq, hash }) => [seq, hash]))
  screen.close()
  console.log(
    `Postgres away: a press answered in ${answeredMs.toFixed(0)} ms; ${archived.length} lines there ` +
      `${caughtUpMs.toFixed(0)} ms after it was back`,
  )
}, 90_000)

test('stopped, then workerd killed: cards, PINs and log-ins all come from the copies', async () => {
  await stopPostgres()
  const killed = performance.now()
  await tower.worker.kill('SIGKILL')
  await tower.worker.ready()
  const upMs = performance.now() - killed

  const [plain, calm, forced] = [next(), next(), next()]
  const { sosId } = (await press(tower, plain, { kind: 'panic' })).body
  // The session of before holds: nobody is logged out.
  const card = await until(async () => (await ana.queue()).find(({ id }) => id === sosId), 10_000, 'the card')
  expect(card.driver).toMatchObject({ name: expect.any(String), phone: expect.stringMatching(/^\+639/) })
  expect(card.vehicle?.plate ?? card.vehicle?.conduction).toBeTruthy()
  expect(card.vehicle).toMatchObject({ make: expect.any(String), colour: expect.any(String) })

  const cancel = async (device: Device, id: string, pin: string) =>
    call<{ state: string }>(`${tower.url}/api/sos/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ pin }),
    })
  const [one, two] = [(await press(tower, calm)).body.sosId, (await press(tower, forced)).body.sosId]
  const wrong = calm.pin === '0000' || calm.duressPin === '0000' ? '1111' : '0000'
  expect((await cancel(calm, one, wrong)).status).toBe(403)
  expect(await cancel(calm, one, calm.pin)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  expect(await cancel(forced, two, forced.duressPin)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  await until(async () => (await ana.incident(one)).state === 'cancelled')
  await until(async () => (await ana.incident(two)).flags.includes('duress'))
  expect((await ana.incident(two)).state).toBe('new')

  const susana = await Person.logIn(tower, { role: 'supervisor' })
  expect((await susana.act(two, 'lift-duress', { reason: 'Police are there' })).status).toBe(200)
  await startPostgres()
  await until(async () => (await roomHealth(tower)).outbox === 0, 30_000, 'the catching up')
  expect(verifyChain(await ofPostgres((sql) => archivedLog(sql, 'NCR')))).toMatchObject({ ok: true })
  console.log(`Postgres away and workerd killed: answers again after ${upMs.toFixed(0)} ms`)
}, 90_000)

test('an event that Postgres refuses is parked and counted, the others flow, and it can be sent again', async () => {
  const alter = (what: string) => ofPostgres((sql) => sql.unsafe(`ALTER TABLE incident ${what}`))
  await alter("ADD CONSTRAINT poisoned CHECK (note IS DISTINCT FROM 'Kanaryo poison')")
  const [bad, good] = [next(), next()]
  const poison = (await press(tower, bad, { kind: 'crash', note: 'Kanaryo poison' })).body.sosId
  const other = (await press(tower, good, { kind: 'crash', note: 'harmless' })).body.sosId
  await until(async () => (await ana.act(other, 'take')).status === 200)
  const rows = (id: string) => ofPostgres((sql) => sql`SELECT state FROM incident WHERE id = ${id}`)
  await until(async () => (await rows(other))[0]?.state === 'taken', 15_000, 'the other one in Postgres')
  const { parked } = await until(async () => {
    const health = await roomHealth(tower)
    return health.parked > 0 && health.outbox === 0 ? health : null
  })
  expect(await rows(poison)).toHaveLength(0)
  // The database's own log would be a second archive, without anybody's rights in it.
  expect(readFileSync(join(tower.dataDir, 'postgres.log'), 'utf8')).not.toContain('Kanaryo')
  expect(readFileSync(join(tower.dataDir, 'workerd.log'), 'utf8')).not.toContain('Kanaryo')

  await alter('DROP CONSTRAINT poisoned')
  const sent = await fetch(`${tower.internalUrl}/rooms/NCR/parked/resend`, { method: 'POST' })
  expect(await sent.json()).toEqual({ resent: parked })
  await until(async () => (await roomHealth(tower)).parked === 0, 15_000, 'the parked ones on their way')
  expect(await rows(poison)).toHaveLength(1)
  expect(verifyChain(await ofPostgres((sql) => archivedLog(sql, 'NCR')))).toMatchObject({ ok: true })
  console.log(`poison: ${parked} lines parked, the others went on; sent again, the chain is whole`)
}, 60_000)

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { asc, eq, sql } from 'drizzle-orm'
import { incident, incidentEvent, leg } from '../../drizzle/schema'
import { archive } from '../../src/store/archive'
import { isRowFault, sqlState } from '../../src/store/fault'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { madeEvent, madeRow } from '../support/outbox'
import { testDatabase } from '../support/postgres'

let store: Postgres
let reader: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  reader = openPostgres(urls.reader)
})
afterAll(async () => {
  await store.close()
  await reader.close()
})

const rowOf = async (id: string) => (await reader.db.select().from(incident).where(eq(incident.id, id)))[0]
const legsOf = (id: string) => reader.db.select().from(leg).where(eq(leg.incidentId, id)).orderBy(asc(leg.id))
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('the archive', () => {
  test('keeps an event as it was, to the millisecond and in every field', async () => {
    const event = madeEvent(1, { incident: 'whole', room: 'CEB', body: { b: 1, a: 'ñ "x"', list: [1, { z: null }] } })
    await archive(store.db, [{ event, incident: null }])
    const [kept] = await reader.db.select().from(incidentEvent).where(eq(incidentEvent.room, 'CEB'))
    expect(kept).toEqual({ ...event, at: new Date(event.at), region: 'CEB' })
  })

  test('keeps an erased body as nothing', async () => {
    await archive(store.db, [{ event: madeEvent(1, { room: 'DVO', body: null, salt: null }), incident: null }])
    const [kept] = await reader.db.select().from(incidentEvent).where(eq(incidentEvent.room, 'DVO'))
    expect(kept?.body).toBeNull()
    expect(kept?.salt).toBeNull()
  })

  test('keeps an incident’s summary in columns', async () => {
    await archive(store.db, [madeRow('columns', 10, { offeredTo: { uid: 'u2', name: 'Ben' } })])
    expect(await rowOf('columns')).toMatchObject({
      region: 'NCR',
      state: 'new',
      lat: 14.5995,
      speedMps: 3.25,
      headingDeg: null,
      fixedAt: new Date(Date.UTC(2026, 10, 20, 3, 4, 5, 678)),
      doubts: ['stale', 'mocked'],
      flags: ['re_pressed'],
      links: [],
      driver: { id: 'd1', name: 'Ramon Dimaculangan', phone: '+639005550001' },
      note: 'follows a "white" van, near Ñ',
      owner: null,
      offeredTo: { uid: 'u2', name: 'Ben' },
      seq: 10,
    })
  })

  test('changes nothing when the same lines are delivered twice', async () => {
    const rows = [madeRow('twice', 20), madeRow('twice', 21, { state: 'taken' })]
    await archive(store.db, rows)
    const before = await rowOf('twice')
    await archive(store.db, rows)
    await archive(store.db, rows.slice(0, 1))
    expect(await rowOf('twice')).toEqual(before)
    expect(before?.state).toBe('taken')
    const events = await reader.db.select().from(incidentEvent).where(eq(incidentEvent.incident, 'twice'))
    expect(events.map(({ seq }) => seq).sort()).toEqual([20, 21])
  })

  test('does not let a late line take an incident back', async () => {
    await archive(store.db, [madeRow('late', 31, { state: 'closed' })])
    await archive(store.db, [madeRow('late', 30, { state: 'new' })])
    expect((await rowOf('late'))?.state).toBe('closed')
  })

  test('lets a later epoch go on from a smaller number, and an older one not come back', async () => {
    const at = Date.UTC(2026, 10, 21)
    await archive(store.db, [madeRow('epoch', 40, { state: 'taken' }, { epoch: 'old', at })])
    await archive(store.db, [madeRow('epoch', 3, { state: 'safe' }, { epoch: 'new', at: at + 1 })])
    expect(await rowOf('epoch')).toMatchObject({ state: 'safe', epoch: 'new', seq: 3 })
    await archive(store.db, [madeRow('epoch', 41, { state: 'new' }, { epoch: 'old', at: at - 1 })])
    expect((await rowOf('epoch'))?.state).toBe('safe')
  })

  test('keeps the legs of the newest row, and only those', async () => {
    const one = { id: 'l1', kind: 'rover', name: 'Rover 7', state: 'asked', etaMinutes: 9 } as const
    const two = { id: 'l2', kind: 'police', name: 'QCPD 10', state: 'accepted', etaMinutes: null } as const
    await archive(store.db, [madeRow('legs', 50, { legs: [one, two] })])
    expect((await legsOf('legs')).map(({ id, state }) => [id, state])).toEqual([
      ['l1', 'asked'],
      ['l2', 'accepted'],
    ])
    await archive(store.db, [madeRow('legs', 51, { legs: [{ ...one, state: 'there' }] })])
    await archive(store.db, [madeRow('legs', 50, { legs: [one, two] })])
    expect((await legsOf('legs')).map(({ id, state }) => [id, state])).toEqual([['l1', 'there']])
  })

  test('takes a batch of a thousand lines of many incidents', async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => madeRow(`many-${n % 100}`, 1_000 + n))
    await archive(store.db, rows)
    const [{ events, incidents } = { events: 0, incidents: 0 }] = await reader.sql<
      { events: number; incidents: number }[]
    >`
      SELECT (SELECT count(*)::int FROM incident_event WHERE incident LIKE 'many-%') AS events,
        (SELECT count(*)::int FROM incident WHERE id LIKE 'many-%') AS incidents`
    expect({ events, incidents }).toEqual({ events: 1_000, incidents: 100 })
  })

  test('stores nothing of a batch with a line that Postgres cannot store, and says whose fault it was', async () => {
    const bad = madeRow('rejected', 61, {}, { body: { text: 'nul \u0000 inside' } })
    const error = await failure(archive(store.db, [madeRow('rejected', 60), bad]))
    expect(isRowFault(error)).toBe(true)
    expect(await rowOf('rejected')).toBeUndefined()
    await archive(store.db, [madeRow('rejected', 60)])
    expect((await rowOf('rejected'))?.seq).toBe(60)
  })

  test('calls a missing column the row’s fault, too', async () => {
    const row = madeRow('null', 70)
    const error = await failure(
      archive(store.db, [{ event: { ...row.event, hash: null as unknown as string }, incident: null }]),
    )
    expect(sqlState(error)).toBe('23502')
    expect(isRowFault(error)).toBe(true)
  })

  test('does not blame the row where Postgres is away', async () => {
    const away = openPostgres('postgres://xot_writer:x@127.0.0.1:9/xot')
    const error = await failure(archive(away.db, [madeRow('away', 80)]))
    expect(error).toBeInstanceOf(Error)
    expect(isRowFault(error)).toBe(false)
    await away.close()
  })
})

describe('the rights', () => {
  const denied = async (work: Promise<unknown>) => expect(sqlState(await failure(work))).toBe('42501')

  test('let the writer add to the log, and neither change nor erase it', async () => {
    await denied(store.sql`UPDATE incident_event SET type = 'noted'`)
    await denied(store.sql`DELETE FROM incident_event`)
    await denied(store.sql`TRUNCATE incident_event`)
    await denied(store.sql`DELETE FROM incident`)
  })

  test('let the reader read reports, and neither write nor see a secret', async () => {
    expect(await reader.sql`SELECT id, email, role FROM app_user`).toBeArray()
    await denied(reader.sql`SELECT password_hash FROM app_user`)
    await denied(reader.sql`SELECT pin_mac FROM device`)
    await denied(reader.sql`SELECT * FROM app_user`)
    await denied(reader.sql`INSERT INTO region (region, number, name_en, name_fil) VALUES ('X', 9, 'x', 'x')`)
    await denied(reader.sql`UPDATE incident SET state = 'closed'`)
  })

  test('let neither make tables', async () => {
    await denied(store.sql`CREATE TABLE mine (a int)`)
    await denied(reader.sql`CREATE TABLE mine (a int)`)
  })

  test('end a statement that takes too long', async () => {
    const [{ limit } = { limit: '' }] = await store.sql<
      { limit: string }[]
    >`SELECT current_setting('statement_timeout') AS limit`
    expect(limit).toBe('8s')
  })
})

test('queries are prepared, as Hyperdrive asks', async () => {
  await store.db.execute(sql`SELECT ${'told apart'}::text AS it`)
  const [{ n } = { n: 0 }] = await store.sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pg_prepared_statements WHERE statement LIKE '%::text AS it%' AND statement NOT LIKE '%pg_prepared%'`
  expect(n).toBe(1)
})

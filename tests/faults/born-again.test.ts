// R5 and R6: objects that end in the middle of their work and begin anew from what they wrote, also where a release before had not
// finished preparing their storage, and where one after it had already changed it.

import type { Database } from 'bun:sqlite'
import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { ROOM_MIGRATIONS } from '../../src/room/schema'
import { whileDead } from '../support/objects-on-disk'
import { startTestTower } from '../support/tower'
import { Person, press, roomHealth, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { eachObject, hasColumn, hasTable } from './objects'
import { accountFor, aStranger, pressing, wholeLog } from './phones'
import { ReturningScreen } from './returning'

let tower: Tower
let ana: Person
let cris: Person

beforeCampaign(async () => {
  tower = await startTestTower({ settings: { FAULTS: 'on' } })
  ;[ana, cris] = await Promise.all([
    Person.logIn(tower, { role: 'operator' }),
    Person.logIn(tower, { role: 'operator', region: 'CEB', nth: 1 }),
  ])
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const fault = (region: string, what: 'dead' | 'alive') =>
  fetch(`${tower.internalUrl}/faults/rooms/${region}/${what}`, { method: 'POST' })

const fileOf = (person: Person, id: string) =>
  person.get<{ incident: IncidentSummary; events: { type: string }[] }>(`/api/incidents/${id}`)

campaign(
  'R5 a room that ends in the middle of its work begins anew from its storage alone, and goes on where it was',
  async () => {
    const TIMES = sized(3, 8, 40)
    const screen = new ReturningScreen(ana, 'NCR')
    // One of each state that a desk can bring about.
    const ids: string[] = []
    for (const kind of ['panic', 'crash', 'fire', 'medical', 'flood'])
      ids.push((await press(tower, aStranger(tower, 'NCR', 'state'), { id: crypto.randomUUID(), kind })).body.sosId)
    const [, taken = '', safe = '', closed = '', noted = ''] = ids
    await until(async () => (await fileOf(ana, noted)).status === 200)
    for (const id of [taken, safe, closed, noted]) expect((await ana.act(id, 'take')).status).toBe(200)
    await ana.act(noted, 'note', { text: 'Talking to the driver' })
    await ana.act(noted, 'legs', { kind: 'rover', name: 'Rover 1', state: 'accepted' })
    for (const id of [safe, closed]) await ana.act(id, 'safe', { confirmedBy: 'own_voice' })
    await ana.act(closed, 'close')
    for (const id of [taken, noted]) await ana.act(id, 'note', { text: 'on it' })
    const told = async () => Promise.all(ids.map(async (id) => (await fileOf(ana, id)).body))
    const before = await told()
    const { epoch } = await roomHealth(tower)

    const stream = pressing(tower, 20, { name: 'reborn' })
    const downMs: number[] = []
    for (let n = 0; n < TIMES; n++) {
      await Bun.sleep(600)
      const began = performance.now()
      await fault('NCR', 'dead')
      await fault('NCR', 'alive')
      await until(async () => (await ana.get('/api/incidents?region=NCR&limit=1')).status === 200)
      downMs.push(performance.now() - began)
    }
    const pressed = await stream.stop()
    const { lost, doubled, log } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect((await roomHealth(tower)).epoch).toBe(epoch)
    // Whoever looked is in the log, too; nothing else has happened to them.
    const after = await told()
    const plain = (each: (typeof before)[number]) => ({
      ...each.incident,
      seq: 0,
      ring: null,
      shownAt: null,
      flags: [],
      events: each.events
        .map(({ type }) => type)
        .filter((type) => ['created', 'taken', 'safe', 'closed', 'leg_asked', 'noted'].includes(type)),
    })
    expect(after.map(plain)).toEqual(before.map(plain))
    await until(
      () => screen.isLive && pressed.every(({ sosId }) => screen.cards.has(sosId)),
      30_000,
      'all on the screen',
    )
    screen.close()
    tell({
      fault: 'R5',
      did: `a room ended ${TIMES} times under 20 presses a second`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: Math.max(...downMs) },
      seen: `the same states, owners and legs as before, one epoch, ${log.length} lines in one chain; the screen was back ${screen.connects - 1} times by itself`,
    })
  },
  180_000,
)

/** Winds a room's storage back to a release that knew only the first migrations. Gives which table the next one makes last. */
function windBack(db: Database): { from: number; last: string } {
  const made = ROOM_MIGRATIONS.map((sql) => [...sql.matchAll(/CREATE TABLE (\w+)/g)].map(([, name = '']) => name))
  const from = made.findLastIndex((tables) => tables.length >= 2)
  for (const sql of ROOM_MIGRATIONS.slice(from)) {
    for (const [, name] of sql.matchAll(/CREATE TABLE (\w+)/g)) db.run(`DROP TABLE IF EXISTS ${name}`)
    for (const [, table, column] of sql.matchAll(/ALTER TABLE (\w+) ADD COLUMN (\w+)/g))
      db.run(`ALTER TABLE ${table} DROP COLUMN ${column}`)
  }
  db.run('DELETE FROM migration WHERE id >= ?', [from])
  return { from, last: made[from]?.at(-1) ?? '' }
}

const roomWith = (id: string) => (db: Database) =>
  hasTable(db, 'incident') && db.query('SELECT 1 FROM incident WHERE id = ?').get(id) !== null

campaign(
  'R6 a migration that breaks off half-way leaves nothing half made; the next start completes it, and no press was refused',
  async () => {
    const known = (await press(tower, aStranger(tower, 'CEB', 'old'), { id: crypto.randomUUID(), kind: 'crash' })).body
      .sosId
    await until(async () => (await fileOf(cris, known)).status === 200)
    let wound = { from: 0, last: '' }
    await whileDead(tower, () => {
      eachObject(tower, 'SosRoom', (db) => {
        if (!roomWith(known)(db)) return
        wound = windBack(db)
        // In the way of its last statement: all before it is done by then.
        db.run(`CREATE TABLE ${wound.last} (in_the_way TEXT)`)
      })
    })
    const pressed: { sosId: string }[] = []
    for (let n = 0; n < 10; n++) {
      const { status, body } = await press(tower, aStranger(tower, 'CEB', 'kept'), {
        id: crypto.randomUUID(),
        kind: 'crash',
      })
      expect(status).toBe(201)
      pressed.push(body)
    }
    expect((await cris.get('/api/incidents?region=CEB')).status).toBe(503)
    let halfMade: string[] = []
    await whileDead(tower, () => {
      eachObject(tower, 'SosRoom', (db) => {
        if (!roomWith(known)(db)) return
        const first = [...(ROOM_MIGRATIONS[wound.from] ?? '').matchAll(/CREATE TABLE (\w+)/g)].map(
          ([, name = '']) => name,
        )
        halfMade = first.filter((name) => name !== wound.last && hasTable(db, name))
        db.run(`DROP TABLE ${wound.last}`)
      })
    })
    const began = performance.now()
    expect(halfMade).toEqual([])
    const { lost, doubled, waitedMs } = await accountFor(tower, [...pressed, { sosId: known }], { region: 'CEB' })
    expect([lost, doubled]).toEqual([0, 0])
    await until(async () => (await cris.act(known, 'take')).status === 200, 10_000, 'an act after it')
    tell({
      fault: 'R6',
      did: `a room’s migration ${wound.from + 1} of ${ROOM_MIGRATIONS.length} breaks off at its last table`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: Math.max(waitedMs, performance.now() - began) },
      seen: 'presses answered 201 while the room could not begin; its list said that it is away; nothing was half made',
    })
  },
  120_000,
)

campaign(
  'R6 the release before reads what the next one has written',
  async () => {
    const before = (await press(tower, aStranger(tower, 'CEB', 'before'), { id: crypto.randomUUID(), kind: 'fire' }))
      .body
    await until(async () => (await fileOf(cris, before.sosId)).status === 200)
    let changed = 0
    await whileDead(tower, () => {
      for (const name of ['SosIntake', 'SosRoom', 'Courier', 'FleetShard'] as const)
        changed += eachObject(tower, name, (db) => {
          if (!hasTable(db, 'migration')) return 0
          // As a release does it that only adds: a table, a column, a field in a body, a timer of a kind that nobody knows yet.
          const { n } = db.query<{ n: number }, []>('SELECT count(*) AS n FROM migration').get() ?? { n: 0 }
          db.run('INSERT INTO migration (id) VALUES (?)', [n])
          db.run("CREATE TABLE tomorrow (id TEXT PRIMARY KEY, body TEXT NOT NULL DEFAULT '{}')")
          for (const table of ['incident', 'press', 'page'])
            if (hasTable(db, table)) {
              db.run(`ALTER TABLE ${table} ADD COLUMN tomorrow TEXT NOT NULL DEFAULT 'x'`)
              if (hasColumn(db, table, 'body'))
                db.run(
                  `UPDATE ${table} SET body = json_set(body, '$.tomorrow', json('{"a":1}')) WHERE json_valid(body)`,
                )
            }
          if (hasTable(db, 'timer'))
            db.run("INSERT INTO timer (kind, key, due) VALUES ('of_tomorrow', 'x', ?)", [Date.now()])
          return 1
        }).reduce<number>((sum, each) => sum + each, 0)
    })
    const pressed: { sosId: string }[] = [before]
    for (let n = 0; n < 10; n++) {
      const { status, body } = await press(tower, aStranger(tower, 'CEB', 'after'), {
        id: crypto.randomUUID(),
        kind: 'crash',
      })
      expect(status).toBe(201)
      pressed.push(body)
    }
    const { lost, doubled, waitedMs } = await accountFor(tower, pressed, { region: 'CEB' })
    expect([lost, doubled]).toEqual([0, 0])
    expect((await cris.act(before.sosId, 'take')).body.incident.state).toBe('taken')
    await until(async () => (await roomHealth(tower, 'CEB')).outbox === 0, 20_000, 'everything in Postgres')
    expect(
      (await wholeLog(tower, 'CEB')).some(({ type, incident }) => type === 'taken' && incident === before.sosId),
    ).toBe(true)
    expect(changed).toBeGreaterThan(3)
    tell({
      fault: 'R6',
      did: `${changed} storages with a table, columns, fields and timers of a later release`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: waitedMs },
      seen: 'presses, cards, acts and the archive as ever',
    })
  },
  90_000,
)

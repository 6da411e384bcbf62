// R11 and R13: a Postgres that is there and will not: its tables are locked, its connections are all taken, its transactions fail by
// the dozen, its rows are refused.

import { afterAll, expect } from 'bun:test'
import postgres from 'postgres'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { startTestTower } from '../support/tower'
import { call, Person, roomHealth, Screen, until } from '../system/people'
import { compareArchive, ofPostgres } from './archive'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, pressing, quantile } from './phones'

let tower: Tower
let ana: Person
let screen: Screen

beforeCampaign(async () => {
  tower = await startTestTower()
  ana = await Person.logIn(tower, { role: 'operator' })
  screen = await Screen.open(ana)
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const PER_SECOND = sized(5, 10, 50)
/** A limit, not a measure: how long it took is in the line. */
const CATCHES_UP_MS = 400_000
const p99 = (all: readonly { ms: number }[]) =>
  Math.round(
    quantile(
      all.map(({ ms }) => ms),
      0.99,
    ),
  )

campaign(
  'R11 every table of the archive locked: presses, cards and acts wait for none of them',
  async () => {
    const LOCKED_MS = sized(6_000, 20_000, 60_000)
    const sql = postgres(tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
    const stream = pressing(tower, PER_SECOND, { name: 'locked' })
    let took = 0
    let loggedIn = 0
    await sql.begin(async (tx) => {
      await tx`LOCK TABLE incident, incident_event, leg, position, app_user, driver, vehicle, device IN ACCESS EXCLUSIVE MODE`
      const until = performance.now() + LOCKED_MS
      const acting = (async () => {
        while (performance.now() < until) {
          const card = [...screen.cards.values()].find(({ state }) => state === 'new')
          if (card && (await ana.act(card.id, 'take')).status === 200) took++
          await Bun.sleep(500)
        }
      })()
      // Whoever logs in now is known from the room's own copy.
      await Person.logIn(tower, { role: 'supervisor' })
      loggedIn++
      await acting
    })
    await sql.end()
    const pressed = await stream.stop()
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    expect(took).toBeGreaterThan(2)
    expect(pressed.every(({ sosId }) => screen.cards.has(sosId))).toBe(true)
    tell({
      fault: 'R11',
      did: `8 tables locked for ${LOCKED_MS / 1_000} s under ${PER_SECOND} presses a second`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: compared.caughtUpMs },
      seen: `answers p99 ${p99(pressed)} ms; every card shown, ${took} taken and ${loggedIn} person logged in meanwhile; ${compared.rows} rows equal`,
    })
  },
  600_000,
)

campaign(
  'R11 no connection is left: presses go on, and health says what is missing',
  async () => {
    const HELD_MS = sized(5_000, 10_000, 60_000)
    const holders = postgres(tower.databaseUrls.owner, { max: 80, onnotice: () => {}, connect_timeout: 2 })
    const stream = pressing(tower, PER_SECOND, { name: 'no-room' })
    const held = Array.from({ length: 80 }, () => holders`SELECT pg_sleep(${HELD_MS / 1_000 + 2})`.catch(() => null))
    const degraded = await until(
      async () =>
        (await call<{ degraded: string[] }>(`${tower.url}/api/health`)).body.degraded.find(
          (part) => part === 'postgres',
        ),
      15_000,
      'health says that Postgres is away',
    )
    const page = await fetch(`${tower.url}/r/NCR`, { headers: { authorization: `Bearer ${ana.token}` } })
    expect(page.status).toBe(200)
    await Bun.sleep(HELD_MS)
    const pressed = await stream.stop()
    await Promise.all(held)
    await holders.end({ timeout: 1 })
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    tell({
      fault: 'R11',
      did: `all connections taken for ${HELD_MS / 1_000} s`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: compared.caughtUpMs },
      seen: `the tower’s page is there, health says ${degraded}; answers p99 ${p99(pressed)} ms`,
    })
  },
  600_000,
)

const makes = (sql: string) => ofPostgres(tower, (db) => db.unsafe(sql))

campaign(
  'R13 two of three transactions fail for a while: all of it is there in the end, row for row',
  async () => {
    const STORM_MS = sized(6_000, 20_000, 60_000)
    await makes(`
    CREATE FUNCTION storm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF random() < 0.33 THEN RAISE EXCEPTION 'storm' USING ERRCODE = '40001'; END IF;
      IF random() < 0.5 THEN RAISE EXCEPTION 'storm' USING ERRCODE = '40P01'; END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER storm BEFORE INSERT ON incident_event FOR EACH STATEMENT EXECUTE FUNCTION storm()`)
    const stream = pressing(tower, PER_SECOND, { name: 'storm' })
    await Bun.sleep(STORM_MS)
    const pressed = await stream.stop()
    await makes('DROP TRIGGER storm ON incident_event; DROP FUNCTION storm')
    const { parked } = await roomHealth(tower)
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    // What merely failed is no row's fault.
    expect(parked).toBe(0)
    tell({
      fault: 'R13',
      did: `for ${STORM_MS / 1_000} s two of three transactions fail with 40001 or 40P01`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: compared.caughtUpMs },
      seen: `no row was given up; ${compared.rows} rows equal; answers p99 ${p99(pressed)} ms`,
    })
  },
  600_000,
)

campaign(
  'R13 every tenth line is refused as a double: it is parked and counted, the others flow, and a person sends it again',
  async () => {
    await makes(`
    CREATE FUNCTION taken_already() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.seq % 10 = 0 THEN RAISE EXCEPTION 'taken' USING ERRCODE = '23505'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER taken_already BEFORE INSERT ON incident_event FOR EACH ROW EXECUTE FUNCTION taken_already()`)
    const stream = pressing(tower, PER_SECOND, { name: 'refused' })
    await Bun.sleep(sized(5_000, 15_000, 60_000))
    const pressed = await stream.stop()
    const parked = await until(
      async () => (await roomHealth(tower)).parked || null,
      CATCHES_UP_MS,
      'refused rows that are parked',
    )
    await makes('DROP TRIGGER taken_already ON incident_event; DROP FUNCTION taken_already')
    const calm = performance.now()
    await until(async () => (await roomHealth(tower)).outbox === 0, CATCHES_UP_MS, 'the rest in Postgres')
    const resent = await fetch(`${tower.internalUrl}/rooms/NCR/parked/resend`, { method: 'POST' })
    const { resent: count } = (await resent.json()) as { resent: number }
    const compared = await compareArchive(tower, 'NCR', CATCHES_UP_MS)
    const convergedMs = performance.now() - calm
    const { lost, doubled } = await accountFor(tower, pressed)
    expect([lost, doubled]).toEqual([0, 0])
    expect(compared).toMatchObject({ missing: 0, differing: 0, doubled: 0 })
    expect(count).toBeGreaterThanOrEqual(parked)
    tell({
      fault: 'R13',
      did: 'every tenth line is refused with 23505',
      ...{ answered: pressed.length, lost, doubled, convergedMs },
      seen: `${count} lines parked, counted and sent again by a person; ${compared.rows} rows equal; answers p99 ${p99(pressed)} ms`,
    })
  },
  600_000,
)

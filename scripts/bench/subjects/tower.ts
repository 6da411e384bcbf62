// The tower as `npm start` runs it: real workerd, real PostgreSQL, empty at the start. Its devices are not in the
// directory: their tokens are genuine, which is all that accepting a press needs.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { REGION_IDS, type RegionId } from '../../../src/domain/region'
import type { TickReport } from '../../../src/sentinel/contract'
import type { DemoOperator } from '../../lib/demo'
import { startTower, type Tower } from '../../lib/tower'
import { endedWithBench } from '../ending'
import { memoryOf, pinProcess } from '../pin'
import { commandLineOf, type Inspected, startInspected } from '../profiler'
import type { Subject } from './subject'

export type TowerSubject = Subject & {
  tower: Tower

  /** Logs the n-th of the demo's people in; answers the HTTP status. */
  logIn(n: number): Promise<number>
  /** Logs in and opens the region's screen. */
  enter(page: Page, region: RegionId): Promise<void>
  /** When the room says that a screen showed it, epoch ms. */
  shownAt(incidentId: string): Promise<number | null>
  memoryMb(): number
  /** Starts its workerd again with an inspector; to be stopped before the tower. Measure nothing else on it. */
  inspect(): Promise<Inspected>
}

const SETTLE_LIMIT_MS = 60_000

export async function startTowerSubject(options: { settings?: Record<string, string> } = {}): Promise<TowerSubject> {
  const { settings = {} } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'xot-bench-tower-'))
  await chmod(dataDir, 0o700)
  const starting = startTower({ dataDir, settings })
  // Registered while it starts: a tower that is half there outlives its starter as well.
  const stop = endedWithBench(async () => {
    await starting.then((tower) => tower.stop()).catch(() => {})
    await rm(dataDir, { recursive: true, force: true })
  })
  const tower = await starting
  if (tower.worker.pid !== null) pinProcess(tower.worker.pid, 'server')
  const { url, demo, secrets } = tower
  if (!demo) throw new Error('the tower has no demo people to watch its screens')
  const watcher = demo.operators.find(({ role }) => role === 'admin') as DemoOperator
  const cookie = remember(async () => cookieOf(await logIn(url, watcher)))
  return {
    tower,
    system: 'tower',
    name: 'tower',
    regions: REGION_IDS,
    target: (region, devices) => ({ system: 'tower', url, region, signingKeys: secrets.DEVICE_KEYS, devices }),
    databaseUrl: tower.databaseUrls.owner,
    cookie,
    settled: async () => {
      const until = Date.now() + SETTLE_LIMIT_MS
      while (Date.now() < until && backlogOf((await tower.tick()) as TickReport) > 0) await Bun.sleep(500)
    },
    logIn: async (n) => {
      const person = demo.operators[n % demo.operators.length] as DemoOperator
      const answer = await logIn(url, person)
      await answer.body?.cancel()
      return answer.status
    },
    enter: async (page, region) => {
      const { email, password } = watcher
      const answer = await page.request.post(`${url}/api/auth/login`, {
        data: { email, password },
        headers: { origin: url },
      })
      if (!answer.ok()) throw new Error(`the browser could not log in: ${answer.status()}`)
      await page.goto(`${url}/r/${region}`)
      await page.waitForLoadState('load')
      // The page's socket is live a moment after it is drawn.
      await Bun.sleep(1_000)
    },
    shownAt: async (incidentId) => {
      const answer = await fetch(`${url}/api/incidents/${incidentId}`, { headers: { cookie: await cookie() } })
      if (!answer.ok) return null
      const { incident } = (await answer.json()) as { incident: { shownAt: string | null } }
      return incident.shownAt === null ? null : Date.parse(incident.shownAt)
    },
    memoryMb: () => (tower.worker.pid === null ? Number.NaN : memoryOf(tower.worker.pid)),
    inspect: async () => {
      const line = commandLineOf(tower.worker.pid ?? 0)
      await tower.worker.stop()
      return startInspected(line, `${url}/api/health`)
    },
    stop,
  }
}

const logIn = (url: string, { email, password }: DemoOperator): Promise<Response> =>
  fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })

async function cookieOf(answer: Response): Promise<string> {
  if (!answer.ok) throw new Error(`the screens could not log in: ${answer.status} ${await answer.text()}`)
  await answer.body?.cancel()
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

/** Presses not yet in a room, and events not yet in Postgres. */
const backlogOf = ({ rooms, intakes }: TickReport): number =>
  rooms.reduce((sum, room) => sum + ('outbox' in room ? room.outbox : 0), 0) +
  intakes.reduce((sum, intake) => sum + ('unconfirmed' in intake ? intake.unconfirmed : 0), 0)

function remember<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}

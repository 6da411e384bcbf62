// `bench api`: ten thousand users at once, as a busy hour has them, and what each waits. Every operation of the tower's own
// OpenAPI document is used; one that is not fails the bench.

import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import type { Viewer } from '../../../src/domain/access'
import { REGION_IDS } from '../../../src/domain/region'
import { hashPassword } from '../../../src/http/auth/password'
import { issue, signSession } from '../../../src/http/auth/session-token'
import { parseKeys } from '../../../src/ingest/device-token'
import { upsert } from '../../lib/demo'
import { demoKin } from '../../lib/demo-duty'
import { enrol } from '../../simulate/enrol'
import { slotOf } from '../../simulate/fleet'
import { startChild } from '../child'
import { Histogram } from '../histogram'
import type { CrowdPlan, CrowdState, Opened } from '../load/crowd'
import { strained } from '../load/strain'
import type { WatchersPlan, WatchersState } from '../load/watchers'
import { describeMachine } from '../machine'
import { openNotebook } from '../notebook'
import { known, settings as waysOut } from '../page/stage'
import { watchCost } from '../positions/cost'
import { judge, type Measured } from '../report'
import type { Options } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { startTowerSubject, type TowerSubject } from '../subjects/tower'
import { operationsOf, untouched } from './operations'
import type { PeoplePlan, PeopleResult, Rates } from './people'
import type { Crew, People } from './world'

/**
 * Ten thousand: 9,400 phones on shift, which report twice a minute, 2,000 of them on a lifeline; 600 people at desks and in
 * offices, 60 with a screen open, who ask for something every ten seconds or so. One press in two seconds is a bad day.
 */
const USERS = { phones: 9_400, lifelines: 2_000, screens: 60 }
const RATES: Rates = {
  reports: USERS.phones / 30,
  handle: 0.5,
  mend: 0.1,
  takeBack: 0.2,
  reportByApp: 4,
  openSockets: 0.5,
  pressUnverified: 0.1,
  keepRota: 0.2,
  keepPeople: 0.2,
  drawFences: 0.2,
  weather: 0.05,
  alertArea: 0.05,
  drill: 0.05,
  lookAfter: 0.05,
  read: 1.5,
  openPages: 2,
  ask: 0.5,
  logInAndOut: 0.1,
}
const PLANS = { quick: { seconds: 20, lifelines: 400, screens: 20 }, full: { seconds: 90, ...USERS } } as const
const JITTER_MS = 5_000
const OPERATORS = 20
const SUPERVISORS = 4
const ALL = 'all requests'

export async function benchApi({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const plan = PLANS[quick ? 'quick' : 'full']
  const notebook = openNotebook()
  const provider = startChild('page/provider.ts', 'load')
  const children = ['api/people.ts', 'load/crowd.ts', ...REGION_IDS.map(() => 'load/watchers.ts')].map((file) =>
    startChild(file, 'load'),
  )
  const [people, crowd, ...watchers] = children
  try {
    if (!people || !crowd) throw new Error('no load')
    const tower = await startTowerSubject({ settings: waysOut(await provider.ask<string>('url')) })
    try {
      const operations = await operationsOf(tower.tower.url)
      const world = {
        url: tower.tower.url,
        deviceKeys: tower.tower.secrets.DEVICE_KEYS,
        crews: await crewsOf(tower),
        ...(await peopleOf(tower)),
      }
      const lines: CrowdPlan = {
        target: tower.target('NCR', 'on-shift'),
        phones: plan.lifelines,
        lines: true,
        jitterMs: JITTER_MS,
      }
      const opened = await crowd.ask<Opened>('open', lines)
      for (const [n, region] of REGION_IDS.entries()) {
        const screens: WatchersPlan = {
          target: tower.target(region, ''),
          count: Math.round(plan.screens / REGION_IDS.length),
          cookie: await tower.cookie(),
          jitterMs: JITTER_MS,
        }
        await watchers[n]?.ask('open', screens)
      }
      log(`${opened.lines} lifelines and ${plan.screens} screens open, ${operations.length} operations to touch`)
      const [cost, from] = [watchCost(), performance.now()]
      const result = await people.ask<PeopleResult>('run', {
        world,
        rates: RATES,
        seconds: plan.seconds,
      } satisfies PeoplePlan)
      const used = cost().server / 1000 / (performance.now() - from)
      const line = await crowd.ask<CrowdState>('state')
      const states = await Promise.all(watchers.map((each) => each.ask<WatchersState>('state')))
      const broken = line.broken + states.reduce((sum, each) => sum + each.broken, 0)
      for (const why of new Set(result.unfinished)) log(why)
      const left = untouched(operations, result.touched)
      for (const name of left.never) log(`never touched: ${name}`)
      for (const name of left.refused)
        log(`touched, and refused each time: ${name}: ${result.touched[name]?.refusal ?? 'no answer'}`)
      const all = noteAll(notebook, result, log)
      const sentence = strained(result.strain)
      if (sentence) log(sentence)
      notebook.note('tower', 'operations of the OpenAPI document', operations.length, 'count')
      notebook.note('tower', 'operations touched', operations.length - left.never.length, 'count')
      notebook.note('tower', 'operations that were refused each time', left.refused.length, 'count')
      notebook.note('tower', 'requests', all.latency.count, 'count')
      notebook.note('tower', 'requests', all.latency.count / plan.seconds, 'per second')
      notebook.note('tower', 'share of one core that workerd used', 100 * used, '%')
      notebook.note('tower', 'memory of workerd at the end', tower.memoryMb(), 'MB')
      notebook.note(MACHINE, STOLEN, stolen(), '%')
      const none = (what: string, got: number) => judge({ what, unit: 'count', better: 'lower', bar: 1, goal: 1, got })
      const below = (what: string, bar: number, goal: number, got: number) =>
        judge({ what, unit: 'ms', better: 'lower', bar, goal, got })
      return {
        report: {
          name: 'api',
          quick,
          machine,
          method: [
            `${USERS.phones + 600} users: ${USERS.phones} phones report three positions twice a minute each, ${plan.lifelines} hold a lifeline; 600 people at desks, ${plan.screens} of them with a screen, ask, act and open pages.`,
            `For ${plan.seconds} s everything begins on a fixed schedule; positions are timed from their intended moment, what a person does next from when they do it. Every answer counts, also a refusal.`,
            'An operation is touched when it answers with a status that its description has. The document is read from the running tower.',
            'Server on core 0; everybody else on core 1; PostgreSQL where the system puts it.',
            ...(sentence ? [`${sentence}.`] : []),
          ],
          figures: notebook.figures(),
          rivals: [],
          ratios: [],
          bars: [
            below(`${ALL}: p95`, 150, 100, all.latency.p95),
            below(`${ALL}: p99`, 400, 200, all.latency.p99),
            none('operations of the OpenAPI document that were not touched', left.never.length),
            none('requests that failed (5xx, or no answer)', all.failed),
            none('people and phones that could not go on', result.unfinished.length),
            none('sockets that broke', broken),
          ],
        },
        histograms: notebook.histograms(),
      }
    } finally {
      await tower.stop()
    }
  } finally {
    await Promise.all([...children, provider].map((child) => child.stop()))
  }
}

function noteAll(
  notebook: ReturnType<typeof openNotebook>,
  { touched, begun }: PeopleResult,
  log: (line: string) => void,
) {
  const all = new Histogram()
  const groups = new Map<string, Histogram>()
  let failed = 0
  for (const [name, { statuses, latency }] of Object.entries(touched)) {
    all.merge(latency)
    const group = groupOf(name)
    groups.set(group, (groups.get(group) ?? new Histogram()).merge(latency))
    for (const [status, count] of Object.entries(statuses)) if (status === '0' || Number(status) >= 500) failed += count
    if (Object.keys(statuses).some((status) => status === '0' || Number(status) >= 500))
      log(`failed: ${name}: ${JSON.stringify(statuses)}`)
  }
  for (const [group, histogram] of [[ALL, all] as const, ...groups]) {
    notebook.keep('tower', group, histogram.raw())
    for (const [which, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const)
      notebook.note('tower', `${group}: ${which}`, histogram.percentile(share), 'ms')
  }
  const slowest = Object.entries(touched)
    .map(([name, { latency }]) => ({ name, p99: Histogram.of(latency).percentile(0.99) }))
    .sort((a, b) => b.p99 - a.p99)
    .slice(0, 8)
  for (const { name, p99 } of slowest) notebook.note('tower', `slowest: ${name}: p99`, p99, 'ms')
  for (const [name, count] of Object.entries(begun)) notebook.note('tower', `journeys: ${name}`, count, 'count')
  return { latency: all.latency(), failed }
}

/** Who it is that waits. */
function groupOf(name: string): string {
  const [method = '', path = ''] = name.split(' ')
  if (path === '/api/sos' && method === 'POST') return 'presses'
  if (path === '/api/positions' || path.startsWith('/i/')) return 'positions'
  if (path.startsWith('/api/sos') || path.startsWith('/api/drivers/lifeline')) return 'phones after a press'
  if (!path.startsWith('/api/')) return 'pages'
  if (path.startsWith('/api/auth')) return 'logging in and out'
  return method === 'GET' ? 'lists and files' : 'actions'
}

async function crewsOf({ tower }: TowerSubject): Promise<Crew[]> {
  const { databaseUrls, secrets, dataDir } = tower
  const { devices } = await enrol({ database: databaseUrls.owner, secrets, dataDir })
  const kin = demoKin(devices.map(({ id }, nth) => ({ id: `${id}-driver`, region: slotOf(nth).region, name: id })))
  const sql = postgres(databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    const rows = kin.map(({ id, region, contacts }) => ({ driver_id: id, region, contacts, changed_by: 'bench' }))
    await sql.begin((tx) => upsert(tx, 'driver_kin', rows, 'driver_id'))
  } finally {
    await sql.end()
  }
  return devices.map(({ id, pin, duressPin }, nth) => {
    const { region } = slotOf(nth)
    return { id, region, driverId: `${id}-driver`, pin, duressPin }
  })
}

/** People who may act everywhere, known to every room, and logged in. */
async function peopleOf({ tower }: TowerSubject): Promise<{ people: People; operatorIds: string[] }> {
  const { secrets, databaseUrls, demo } = tower
  const account = demo?.operators.find(({ role }) => role === 'operator')
  if (!account) throw new Error('the tower has no demo people')
  const keys = parseKeys(secrets.SESSION_KEYS)
  const password_hash = await hashPassword(randomBytes(12).toString('hex'), Buffer.from(secrets.PEPPER, 'base64url'))
  const made = (role: Viewer['role'], n: number): Viewer => ({
    uid: `bench-${role}-${n}`,
    name: `Bench ${role} ${n}`,
    alias: `${role} ${n}`,
    role,
    regions: [...REGION_IDS],
    epoch: 1,
  })
  const operators = Array.from({ length: OPERATORS }, (_, n) => made('operator', n))
  const supervisors = Array.from({ length: SUPERVISORS }, (_, n) => made('supervisor', n))
  const admin = made('admin', 0)
  const sql = postgres(databaseUrls.owner, { max: 1, onnotice: () => {} })
  try {
    const rows = [...operators, ...supervisors, admin].map(({ uid, name, alias, role, regions }) => ({
      id: uid,
      region: 'NCR',
      email: `${uid}@tower.example`,
      name,
      alias,
      role,
      regions,
      password_hash,
    }))
    await sql.begin((tx) => upsert(tx, 'app_user', rows))
    const [found] = await sql<{ version: number }[]>`SELECT max(version)::float8 AS version FROM app_user`
    await known(tower, found?.version ?? 0, ['NCR'])
  } finally {
    await sql.end()
  }
  const now = Date.now()
  const token = (viewer: Viewer) => signSession(issue(viewer, now, now), keys)
  return {
    people: {
      operators: operators.map(token),
      supervisors: supervisors.map(token),
      admin: token(admin),
      account: { email: account.email, password: account.password },
    },
    operatorIds: operators.map(({ uid }) => uid),
  }
}

// Devices: which there are, what they reported, and for admins making one, its tokens, and revoking them. Postgres owns them;
// without it these pages say so, and phones go on with what the rooms know.

import { type Context, Hono } from 'hono'
import { DevicePage, Issued } from '../../../views/devices/device'
import { DeviceList } from '../../../views/devices/list'
import { DriverSelect, NewDevice, type NewDeviceProps, VehicleSelect } from '../../../views/devices/new-device'
import { Office, Refusal } from '../../../views/devices/office'
import { Reports } from '../../../views/devices/reports'
import { may } from '../../domain/access'
import type { EnrolledDevice } from '../../domain/enrolment'
import { gatewayOf } from '../../domain/gateway'
import { findRegion, type RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import {
  chooseDriver,
  chooseVehicle,
  listDevices,
  makeDevice,
  nextGeneration,
  readDevice,
  revokeTokens,
} from '../../store/devices'
import { type Db, withPostgres } from '../../store/postgres'
import { recentOf, withHeard } from '../devices-heard'
import { lifeOf } from '../doors/take'
import type { AppEnv } from '../env'
import { answer, describe } from '../failure'
import { roomOf } from '../objects'
import { postgresUrl } from '../settings'
import { filled } from './act-forms'
import { nameOf, type Typed, typed, typedIn } from './device-form'
import { enrolmentOf, loopbackOf } from './enrolment'
import { frameOf, regionOf, sayOf } from './frame'
import { type WhyNot, refused as whyNot } from './refused'

const POSTGRES_DEADLINE_MS = 5_000
const ROOM_DEADLINE_MS = 5_000
const PAGE_ROWS = 50
const CHOICES = 50

type Ctx = Context<AppEnv>

export const devices = new Hono<AppEnv>()
  .get('/devices', async (c) => {
    const region = regionOf(c, c.req.query('region'))
    if (!region) return answer(c, 404)
    if (!may(c.var.viewer, 'device:see', [region])) return refuse(c, 'foreign')
    const [q, after] = [typed(c.req.query('q')), typed(c.req.query('after')) || null]
    const listed = await asked(c, (db) => listDevices(db, region, { q, after, limit: PAGE_ROWS }))
    if (listed === 'away') return refuse(c, 'away')
    const rows = await withHeard(c.env, region, listed.devices)
    const { regions } = c.var.viewer
    const mayManage = may(c.var.viewer, 'device:manage', [region])
    const parts = { lang: c.var.lang, region, regions, q, after, more: listed.more, mayManage, now: Date.now() }
    return page(c, sayOf(c)('device.title'), <DeviceList {...parts} devices={rows} />, 200)
  })
  .post('/devices', async (c) => {
    const fields = filled(await c.req.parseBody().catch(() => ({})))
    const region = typeof fields.region === 'string' ? (findRegion(fields.region)?.id ?? null) : null
    if (!region) return refuse(c, 'gone')
    if (!may(c.var.viewer, 'device:manage', [region])) return refuse(c, 'foreign')
    const say = sayOf(c)
    const typed = typedIn(fields)
    const named = nameOf(typed)
    if ('wrong' in named) {
      return newDevice(c, region, { ...typed, wrong: { words: say(named.wrong), field: 'id' } }, 422)
    }
    const { id } = named
    const { gateway } = typed
    const [driver, vehicle] = typed.kind === 'gateway' ? ['', ''] : [typed.driver, typed.vehicle]
    const made = await asked(c, async (db) => {
      if (gateway !== null && (await readDevice(db, gateway))?.home !== region) return 'gone' as const
      return makeDevice(db, { id, region, driverId: driver || null, vehicleId: vehicle || null })
    })
    if (typeof made === 'string') return refuse(c, made)
    if (!made.ok) {
      const field = ({ taken: 'id', no_such_driver: 'driver', no_such_vehicle: 'vehicle' } as const)[made.refusal]
      const wrong = { words: say(`device.${made.refusal}`), field }
      return newDevice(c, region, { ...typed, wrong }, made.refusal === 'taken' ? 409 : 422)
    }
    changed(c, 'a device was made', made.device)
    return gateway === null ? issued(c, made.device) : devicePage(c, made.device, say('gateway.made'))
  })
  .get('/devices/new', (c) => {
    const region = regionOf(c, c.req.query('region'))
    if (!region) return answer(c, 404)
    return may(c.var.viewer, 'device:manage', [region])
      ? newDevice(c, region, { ...typedIn({ gateway: c.req.query('gateway') }), wrong: null }, 200)
      : refuse(c, 'foreign')
  })
  .get('/devices/new/crew', async (c) => {
    const region = regionOf(c, c.req.query('region'))
    const [q, say] = [typed(c.req.query('q')), sayOf(c)]
    if (!region) return answer(c, 404)
    if (!may(c.var.viewer, 'device:manage', [region])) return refuse(c, 'foreign')
    if (c.req.query('of') === 'vehicle') {
      const found = await asked(c, (db) => chooseVehicle(db, region, q, CHOICES + 1))
      return found === 'away' ? refuse(c, 'away') : c.html(<VehicleSelect say={say} {...choices(found, '')} />)
    }
    const found = await asked(c, (db) => chooseDriver(db, region, q, CHOICES + 1))
    return found === 'away' ? refuse(c, 'away') : c.html(<DriverSelect say={say} {...choices(found, '')} />)
  })
  .get('/devices/:id', (c) => onDevice(c, 'device:see', readDevice, (device) => devicePage(c, device, null)))
  .get('/devices/:id/reports', (c) =>
    onDevice(c, 'device:see', readDevice, async (device) => {
      const { lang, nonce } = frameOf(c)
      const reports = await recentOf(c.env, device)
      return c.html(<Reports lang={lang} nonce={nonce} deviceId={device.id} reports={reports} now={Date.now()} />)
    }),
  )
  .post('/devices/:id/token', (c) =>
    onDevice(c, 'device:manage', nextGeneration, (device) => {
      changed(c, 'a token was made', device)
      return issued(c, device)
    }),
  )
  .post('/devices/:id/revoke', async (c) => {
    const fields = filled(await c.req.parseBody().catch(() => ({})))
    // Whoever revokes means it: what is not the gentler form is the whole.
    const keep = fields.keep === 'newest' ? 'newest' : 'none'
    const revoke = (db: Db, id: string) => revokeTokens(db, id, keep)
    return onDevice(c, 'device:manage', revoke, (device) => {
      changed(c, 'tokens were revoked', device)
      return devicePage(c, device, sayOf(c)('device.revoke_done'))
    })
  })

/** Finds the device of the address, asks whether this person may, and only then does what was asked. */
async function onDevice(
  c: Ctx,
  action: 'device:see' | 'device:manage',
  act: (db: Db, id: string) => Promise<EnrolledDevice | null>,
  show: (device: EnrolledDevice) => Response | Promise<Response>,
): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const found = await asked(c, async (db) => {
    const device = await readDevice(db, id)
    if (!device) return 'gone' as const
    if (!may(c.var.viewer, action, [device.home])) return 'foreign' as const
    // One behind a gateway has no tokens that could be made or revoked.
    if (action === 'device:manage' && gatewayOf(id) !== null) return 'gone' as const
    return (act === readDevice ? device : await act(db, id)) ?? ('gone' as const)
  })
  return typeof found === 'string' ? refuse(c, found) : show(found)
}

type Asked = Typed & { wrong: NewDeviceProps['wrong'] }

async function newDevice(c: Ctx, region: RegionId, typed: Asked, status: 200 | 409 | 422) {
  const { id, driver, vehicle, kind, gateway, wrong } = typed
  const crew = await asked(c, async (db) => ({
    drivers: await chooseDriver(db, region, '', CHOICES + 1),
    vehicles: await chooseVehicle(db, region, '', CHOICES + 1),
  }))
  if (crew === 'away') return refuse(c, 'away')
  const { lang, nonce } = frameOf(c)
  const { regions } = c.var.viewer
  const parts = { drivers: choices(crew.drivers, driver), vehicles: choices(crew.vehicles, vehicle) }
  const form = <NewDevice {...{ lang, nonce, region, regions, id, kind, gateway, wrong }} {...parts} />
  return page(c, sayOf(c)('device.new'), form, status)
}

async function devicePage(c: Ctx, device: EnrolledDevice, done: string | null) {
  const { lang, nonce } = frameOf(c)
  const mayManage = may(c.var.viewer, 'device:manage', [device.home])
  const reports = await recentOf(c.env, device)
  const mayWriteKin = may(c.var.viewer, 'directory:write', [device.home])
  const parts = { lang, nonce, device, reports, now: Date.now(), mayManage, mayWriteKin, done }
  return page(c, device.id, <DevicePage {...parts} />, 200)
}

/** The one answer in which a token is written. */
async function issued(c: Ctx, device: EnrolledDevice) {
  const { lang, nonce } = frameOf(c)
  const now = Date.now()
  const reports = await recentOf(c.env, device)
  const parts = { lang, nonce, device, reports, now, loopback: loopbackOf(c.env), ...enrolmentOf(c.env, device, now) }
  return page(c, device.id, <Issued {...parts} />, 200)
}

/** Whole for a browser, its middle alone for a form of these pages. */
function page(c: Ctx, title: string, main: ReturnType<typeof DeviceList>, status: 200 | 403 | 404 | 409 | 422 | 503) {
  if (c.req.header('hx-request')) return c.html(main, status)
  return c.html(
    <Office frame={frameOf(c)} title={title}>
      {main}
    </Office>,
    status,
  )
}

const refuse = (c: Ctx, why: WhyNot) =>
  whyNot(c, why, sayOf(c)('device.away'), (status) =>
    page(c, sayOf(c)('device.title'), <Refusal lang={c.var.lang} why={why} />, status),
  )

/** The writer's Postgres, also for reading: what was just made must be seen. `away` where there is none, or it does not answer. */
async function asked<T>(c: Ctx, run: (db: Db) => Promise<T>): Promise<T | 'away'> {
  const url = postgresUrl(c.env)
  if (!url) return 'away'
  try {
    return await withPostgres(url, POSTGRES_DEADLINE_MS, run)
  } catch (error) {
    console.error(
      JSON.stringify({
        level: 'error',
        message: 'devices: Postgres failed',
        requestId: c.var.requestId,
        error: describe(error),
      }),
    )
    return 'away'
  }
}

/** Who changed what, for the log; and its room takes it over at once instead of within the minute. */
function changed(c: Ctx, message: string, { id, home, generation, minGeneration }: EnrolledDevice): void {
  const { uid } = c.var.viewer
  const what = { deviceId: id, region: home, generation, minGeneration }
  console.log(JSON.stringify({ level: 'info', message, by: uid, requestId: c.var.requestId, ...what }))
  const told = within(ROOM_DEADLINE_MS, roomOf(c.env, home).tick()).catch(() => {})
  lifeOf(c)?.waitUntil(told)
}

const choices = <T,>(found: T[], chosen: string) => ({
  found: found.slice(0, CHOICES),
  more: found.length > CHOICES,
  chosen,
})

// What supervisors and the office do beside emergencies: rota, people, areas, geofences, drills, storms, reports.

import { randomUUID } from 'node:crypto'
import { think, type World } from '../world'

const HOUR_MS = 3_600_000
const iso = (at: number): string => new Date(at).toISOString()
const R = '/api/regions/{region}'

/** Who is on duty, and whom a region tells. */
export async function keepRota(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'NCR'
  const { body } = await world.get<{ contacts?: { id: string }[] }>(me, `${R}/contacts`, { region })
  const contactId = body?.contacts?.[0]?.id
  const id = `bench-${randomUUID()}`
  await world.send(
    'PUT',
    me,
    `${R}/contacts/{id}`,
    { region, id },
    {
      name: 'Bench Person',
      lang: 'en',
      addresses: [{ channel: 'sms', to: '+639005559999' }],
      active: false,
    },
  )
  await world.get(me, `${R}/shifts`, { region }, `from=${encodeURIComponent(iso(Date.now()))}&days=7`)
  await think()
  if (contactId) {
    const from = Date.now() + (24 + Math.floor(Math.random() * 400)) * HOUR_MS
    const shift = { duty: 'responder', contactId, from: iso(from), until: iso(from + HOUR_MS) }
    await world.send('PUT', me, `${R}/shifts/{id}`, { region, id }, shift)
    await world.send('DELETE', me, `${R}/shifts/{id}`, { region, id })
  }
  await world.send('DELETE', me, `${R}/contacts/{id}`, { region, id })
  const policy = await world.get<{ policy: unknown; version: number }>(me, `${R}/policy`, { region: 'ILO' })
  if (policy.body?.policy) await world.send('PUT', me, `${R}/policy`, { region: 'ILO' }, { policy: policy.body.policy })
}

export async function keepPeople(world: World): Promise<void> {
  const { admin } = world.plan.people
  const { driverId: id } = world.crew()
  await world.get(admin, '/api/drivers/{id}/kin', { id })
  await world.send(
    'PUT',
    admin,
    '/api/drivers/{id}/kin',
    { id },
    {
      contacts: [{ name: 'Luz Reyes', relation: 'Spouse', phone: '+639005558888', lang: 'fil' }],
    },
  )
  const me = world.supervisor()
  const region = 'CEB'
  const agency = `bench-${randomUUID()}`
  await world.send(
    'PUT',
    me,
    `${R}/agencies/{id}`,
    { region, id: agency },
    {
      kind: 'police',
      name: 'Bench Station',
      numbers: [{ label: 'Desk', number: '032 555 0000', source: 'bench', confidence: 'low' }],
      covers: 'Nobody',
      source: 'bench',
      reverifyDays: 90,
    },
  )
  await world.send('POST', me, `${R}/agencies/{id}/verify`, { region, id: agency })
  await world.send('DELETE', me, `${R}/agencies/{id}`, { region, id: agency })
  await world.get(me, '/agencies', {}, 'region=CEB')
}

export async function drawFences(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'DVO'
  const lat = 7.05 + Math.random() / 10
  const corners = [0, 1, 2, 3].map((n) => ({
    lat: lat + (n === 1 || n === 2 ? 0.01 : 0),
    lng: 125.5 + (n > 1 ? 0.01 : 0),
  }))
  const drawn = { name: 'Bench area', kind: 'notice', corners }
  await world.get(me, `${R}/geofences`, { region })
  const made = await world.send<{ id?: string; geofence?: { id: string } }>(
    'POST',
    me,
    `${R}/geofences`,
    { region },
    drawn,
  )
  const id = made.body?.geofence?.id ?? made.body?.id
  await world.get(me, `${R}/geofence-events`, { region }, 'purpose=monthly%20report&limit=50')
  if (!id) return
  await world.send('PUT', me, `${R}/geofences/{id}`, { region, id }, { ...drawn, name: 'Bench area, larger' })
  await world.send('DELETE', me, `${R}/geofences/{id}`, { region, id })
}

/** A region's storm, its situations, and the gravest for whoever asks. */
export async function weather(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'ILO'
  const [one, other] = [await world.press(world.crew(region), 'flood'), await world.press(world.crew(region), 'flood')]
  await world.get(me, `${R}/storm`, { region })
  await world.send('POST', me, `${R}/storm`, { region }, { on: true, reason: 'Typhoon signal 3' })
  await think()
  await world.send('POST', world.operator(), `${R}/next`, { region })
  const made = await world.send<{ situation?: { id: string } }>(
    'POST',
    me,
    `${R}/situations`,
    { region },
    {
      requestId: randomUUID(),
      name: 'Flood, Molo',
      incidentIds: one ? [one.sosId] : [],
    },
  )
  const id = made.body?.situation?.id
  if (id) {
    await world.get(me, `${R}/situations/{id}`, { region, id })
    await world.send('POST', me, `${R}/situations/{id}/rename`, { region, id }, { name: 'Flood, Molo and Arevalo' })
    const incidentIds = other ? [other.sosId] : [randomUUID()]
    await world.send('POST', me, `${R}/situations/{id}/join`, { region, id }, { incidentIds })
    await world.send('POST', me, `${R}/situations/{id}/leave`, { region, id }, { incidentIds })
    await world.send('POST', me, `${R}/situations/{id}/end`, { region, id })
  }
  await world.send('POST', me, `${R}/storm`, { region }, { on: false })
  for (const press of [one, other]) if (press) await end(world, me, press.sosId)
}

async function end(world: World, me: string, id: string): Promise<void> {
  await world.act(me, id, 'take')
  await world.act(me, id, 'false-alarm', { reason: 'test' })
}

/** An alert to an area, from its count to its end. */
export async function alertArea(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'NCR'
  const [lat, lng] = [14.58, 120.98]
  const counted = await world.send<{ id?: string; counts?: { devices: number } }>(
    'POST',
    me,
    `${R}/areas/preview`,
    { region },
    {
      kind: 'flood',
      place: 'Espana Blvd, Manila',
      until: iso(Date.now() + HOUR_MS),
      corners: [
        { lat, lng },
        { lat, lng: lng + 0.02 },
        { lat: lat + 0.02, lng: lng + 0.02 },
        { lat: lat + 0.02, lng },
      ],
    },
  )
  await think()
  const { id: preview, counts } = counted.body ?? {}
  const sent = await world.send<{ area?: { id: string } }>(
    'POST',
    me,
    `${R}/areas`,
    { region },
    {
      preview: preview ?? randomUUID(),
      devices: counts?.devices ?? 0,
    },
  )
  await world.get(me, `${R}/areas`, { region })
  const id = sent.body?.area?.id
  if (!id) return
  await world.get(me, `${R}/areas/{id}`, { region, id })
  await world.get(me, '/areas/{id}', { id }, `region=${region}`)
  await world.send('POST', me, `${R}/areas/{id}/cancel`, { region, id }, { reason: 'Water is going down' })
}

export async function drill(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'CEB'
  const wish = { kind: 'driver', devices: [world.crew(region).id], windowMinutes: 1, requestId: randomUUID() }
  await world.get(me, `${R}/drills`, { region })
  await world.send('POST', me, `${R}/drills/plan`, { region }, wish)
  const begun = await world.send<{ id?: string; drill?: { id: string } }>('POST', me, `${R}/drills`, { region }, wish)
  const id = begun.body?.drill?.id ?? begun.body?.id
  if (id) {
    await world.get(me, `${R}/drills/{id}`, { region, id })
    await world.send('POST', me, `${R}/drills/{id}/end`, { region, id }, { reason: 'rain' })
  }
  const schedule = `bench-${randomUUID()}`
  await world.send(
    'PUT',
    me,
    `${R}/drill-schedules/{id}`,
    { region, id: schedule },
    {
      kind: 'driver',
      day: 2,
      time: '09:30',
    },
  )
  await world.send('DELETE', me, `${R}/drill-schedules/{id}`, { region, id: schedule })
}

export async function lookAfter(world: World): Promise<void> {
  const me = world.supervisor()
  const taken = { from: 'CEB', reason: 'Power cut at the site.' }
  await world.send('POST', me, `${R}/take-over`, { region: 'DVO' }, taken)
  await think()
  await world.send('POST', me, `${R}/give-back`, { region: 'DVO' })
}

/** Whoever wants to know how it goes. */
export async function read(world: World): Promise<void> {
  const me = world.supervisor()
  const region = 'NCR'
  await world.get(me, '/api/overview')
  await world.get(me, '/api/regions')
  await world.get(me, `${R}/notices`, { region })
  await world.get(me, `${R}/unplaced`, { region })
  const { body } = await world.get<{ checks?: { id: string }[] }>(me, `${R}/notices`, { region })
  // Nobody is silent for minutes here: a check that nobody has made is refused in words.
  const check = body?.checks?.[0]?.id ?? randomUUID()
  await world.send('POST', me, `${R}/checks/{id}/{act}`, { region, id: check, act: 'aside' })
  await world.get(me, `${R}/log`, { region }, 'from=1&limit=100')
  await think()
  await world.get(me, `${R}/delivery`, { region })
  await world.get(me, `${R}/disclosures`, { region }, 'limit=50')
  await world.get(me, `${R}/ways-out`, { region })
  await world.get(me, `${R}/parked`, { region })
  await world.send('POST', me, `${R}/parked/{id}/resend`, { region, id: `NCR.0.${randomUUID()}` })
}

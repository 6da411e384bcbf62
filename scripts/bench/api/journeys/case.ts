// One emergency from the press to its end: the phone, the operator who takes it, and everybody whom they tell.

import { think, type World } from '../world'

/** A card is acted on when it is on a screen: an intake answers a phone before its room knows of the press. */
async function onScreen(world: World, me: string, id: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    if ((await world.get(me, '/api/incidents/{id}', { id })).status === 200) return
    await think()
  }
}

/** The usual way of an incident. */
export async function handle(world: World): Promise<void> {
  const crew = world.crew()
  const { region } = crew
  const pressed = await world.press(crew)
  if (!pressed) return
  const { sosId: id, query } = pressed
  const me = world.operator()
  await onScreen(world, me, id)
  await world.get(me, '/api/incidents', {}, `region=${region}`)
  await think()
  await world.act(me, id, 'take')
  await world.get(me, '/desk/incidents/{id}/panel', { id })
  await world.get(me, '/api/incidents/{id}', { id })
  await world.get(me, '/api/incidents/{id}/nearest', { id }, 'limit=10')
  await think()
  await world.get(me, '/api/incidents/{id}/ladder', { id })
  await world.act(me, id, 'note', { text: 'Plate read back, two on board.' })
  await world.api.call('GET', '/api/sos/{sosId}', { sosId: id }, { query })
  await world.act(me, id, 'contact-policy', { policy: 'voice_ok', reason: 'Driver called us' })
  await world.act(me, id, 'contact-attempts', { to: 'driver', channel: 'call', outcome: 'answered' })
  await think()
  const asked = await world.send<{ incident?: { legs: { id: string }[] } }>(
    'POST',
    me,
    '/api/incidents/{id}/legs',
    { id },
    { kind: 'rover', name: 'Rover 12' },
  )
  const legId = asked.body?.incident?.legs.at(-1)?.id
  if (legId) await world.act(me, id, 'legs', { legId, state: 'on_the_way', etaMinutes: 6 })
  await tellOthers(world, me, id, region, crew.driverId)
  await world.get(me, '/api/regions/{region}/devices/{deviceId}/track', { region, deviceId: crew.id }, `incident=${id}`)
  await world.send(
    'POST',
    me,
    '/api/regions/{region}/devices/{deviceId}/track',
    { region, deviceId: crew.id },
    {
      incident: id,
    },
  )
  await world.send('POST', me, '/api/devices/{id}/identity', { id: crew.id }, { purpose: `incident ${id}` })
  await world.api.call('GET', '/api/sos/{sosId}/messages', { sosId: id }, { query })
  await think()
  await world.act(me, id, 'safe', { confirmedBy: 'own_voice' })
  await world.act(me, id, 'close', { note: 'Escorted home.' })
}

async function tellOthers(world: World, me: string, id: string, region: string, driverId: string): Promise<void> {
  const { body } = await world.get<{ agencies: { id: string }[] }>(me, '/api/regions/{region}/agencies', { region })
  const agencyId = body?.agencies?.[0]?.id
  if (agencyId)
    await world.send('POST', me, '/api/incidents/{id}/handoff', { id }, { agencyId, number: '911', ref: 'CC-0815' })
  const kin = await world.get<{ contacts?: { id: string }[] }>(world.plan.people.admin, '/api/drivers/{id}/kin', {
    id: driverId,
  })
  const contact = kin.body?.contacts?.[0]?.id
  if (contact)
    await world.send('POST', me, '/api/incidents/{id}/kin', { id }, { contactIds: [contact], stage: 'pressed' })
  await world.send('POST', me, '/api/incidents/{id}/message', { id }, { text: 'Police are two minutes away.' })
  const made = await world.send<{ share?: { id: string } }>(
    'POST',
    me,
    '/api/incidents/{id}/shares',
    { id },
    {
      kind: 'agency',
      recipient: 'Makati police, Sgt Cruz',
      granted: ['position', 'vehicle', 'state'],
      minutes: 60,
    },
  )
  await world.get(me, '/api/incidents/{id}/shares', { id })
  const share = made.body?.share?.id
  if (share) await world.send('DELETE', me, '/api/incidents/{id}/shares/{share}', { id, share })
}

/** What is not so usual: two of one cause, a wrong one, help for the operator, a PIN under duress. */
export async function mend(world: World): Promise<void> {
  const me = world.operator()
  const boss = world.supervisor()
  const [one, other] = [await world.press(world.crew('NCR'), 'crash'), await world.press(world.crew('NCR'), 'crash')]
  if (!one || !other) return
  const [id, otherId] = [one.sosId, other.sosId]
  await onScreen(world, me, otherId)
  await world.act(me, id, 'take')
  await world.act(me, id, 'link', { otherId })
  await world.act(me, id, 'unlink', { otherId })
  await mergeTwo(world, me)
  await world.act(me, id, 'help')
  await world.act(me, id, 'priority', { priority: 'P2', reason: 'Nobody is hurt' })
  await world.act(me, id, 'pass', { to: world.plan.operatorIds[0] })
  await think()
  await world.act(me, otherId, 'take')
  await world.act(me, otherId, 'false-alarm', { reason: 'accidental', note: 'Button pressed while loading' })
  await world.act(me, otherId, 'reopen', { reason: 'Driver called again' })
  await world.act(me, otherId, 'safe', { confirmedBy: 'own_voice' })
  await world.act(me, otherId, 'close')
  await world.act(boss, id, 'take')
  await world.act(boss, id, 'safe', { confirmedBy: 'own_voice' })
  await world.act(boss, id, 'close')
  await underDuress(world, boss)
  const phoned = await world.send<{ incident?: { id: string } }>(
    'POST',
    me,
    '/api/incidents',
    {},
    {
      kind: 'medical',
      region: 'NCR',
      note: 'Passenger called the office',
    },
  )
  const phonedId = phoned.body?.incident?.id
  if (phonedId) await world.act(me, phonedId, 'false-alarm', { reason: 'test' })
}

/** The same person again, while what was closed too soon is opened anew: one emergency. */
async function mergeTwo(world: World, me: string): Promise<void> {
  const crew = world.crew()
  const first = await world.press(crew)
  if (!first) return
  const { sosId: id } = first
  await onScreen(world, me, id)
  await world.act(me, id, 'take')
  await world.act(me, id, 'safe', { confirmedBy: 'own_voice' })
  await world.act(me, id, 'close')
  const again = await world.press(crew)
  if (again) await onScreen(world, me, again.sosId)
  await world.act(me, id, 'reopen', { reason: 'Driver presses again' })
  if (again) {
    await world.act(me, again.sosId, 'merge', { intoId: id })
    await think()
    await world.act(me, again.sosId, 'unmerge')
    await world.act(me, again.sosId, 'take')
    await world.act(me, again.sosId, 'false-alarm', { reason: 'accidental' })
  }
  await world.act(me, id, 'take')
  await world.act(me, id, 'false-alarm', { reason: 'accidental' })
}

async function underDuress(world: World, boss: string): Promise<void> {
  const crew = world.crew()
  const pressed = await world.press(crew, 'threat')
  if (!pressed) return
  const { sosId, query } = pressed
  await world.api.call('POST', '/api/sos/{sosId}/cancel', { sosId }, { query, json: { pin: crew.duressPin } })
  await onScreen(world, boss, sosId)
  await world.act(boss, sosId, 'take')
  await world.act(boss, sosId, 'lift-duress', { reason: 'Driver met in person by Rover 12' })
  await world.act(boss, sosId, 'safe', { confirmedBy: 'our_responder' })
  await world.act(boss, sosId, 'close')
}

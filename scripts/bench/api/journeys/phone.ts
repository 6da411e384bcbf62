// What phones do beside holding their lines: report, press and take it back, answer while they are in line, press without a token.

import { placeOf, think, type World } from '../world'

/** Pressed by mistake, and taken back by PIN. */
export async function takeBack(world: World): Promise<void> {
  const crew = world.crew()
  const pressed = await world.press(crew)
  if (!pressed) return
  const { sosId, query } = pressed
  const ask = () => world.api.call('GET', '/api/sos/{sosId}', { sosId }, { query })
  await ask()
  await think()
  await world.api.call('POST', '/api/sos/{sosId}/answer', { sosId }, { query, json: { answer: 'stuck' } })
  await ask()
  await world.api.call('POST', '/api/sos/{sosId}/cancel', { sosId }, { query, json: { pin: crew.pin } })
  await ask()
}

/** An app that knows nothing of us, in both of its ways. */
export async function reportByApp(world: World): Promise<void> {
  const crew = world.crew()
  const { lat, lng } = placeOf(crew)
  const token = world.deviceToken(crew)
  const seconds = Math.floor(Date.now() / 1000)
  const query = `id=1&lat=${lat}&lon=${lng}&timestamp=${seconds}&speed=9&batt=71`
  await world.api.call('GET', '/i/{token}', { token }, { query })
  const text = JSON.stringify({ _type: 'location', lat, lon: lng, tst: seconds + 1, acc: 9, batt: 71 })
  await world.api.call('POST', '/i/{token}', { token }, { text })
}

/** Opens each of its sockets, says something where there is something to say, and goes. */
export async function openSockets(world: World): Promise<void> {
  const crew = world.crew()
  const { region } = crew
  const token = world.deviceToken(crew)
  const line = await world.api.open('/api/drivers/lifeline', {}, token)
  const positions = await world.api.open('/api/drivers/positions', {}, token)
  positions?.send(JSON.stringify(placeOf(crew)))
  const me = world.operator()
  const live = await world.api.open('/api/regions/{region}/live', { region }, me)
  live?.send(JSON.stringify({ t: 'since', epoch: null, seq: 0 }))
  const map = await world.api.open('/api/regions/{region}/map', { region }, me, 'shard=0')
  const dot = map ? await dotOf(map) : null
  if (dot)
    await world.send('POST', me, '/api/regions/{region}/map/identity', { region }, { ...dot, purpose: 'lost property' })
  for (const socket of [line, positions, live, map]) socket?.close()
}

const LOOK_LIMIT_MS = 5_000

/** The first dot that the map tells, by its number; one that nobody knows where it tells of none. */
function dotOf(map: WebSocket): Promise<{ shard: number; epoch: number; index: number }> {
  map.binaryType = 'arraybuffer'
  return new Promise((resolve) => {
    let epoch = 0
    const limit = setTimeout(() => resolve({ shard: 0, epoch, index: 0 }), LOOK_LIMIT_MS)
    map.onmessage = ({ data }) => {
      if (typeof data !== 'string') {
        clearTimeout(limit)
        return resolve({ shard: 0, epoch, index: 0 })
      }
      const hello = JSON.parse(data) as { t: string; epoch: number }
      if (hello.t !== 'hello') return
      epoch = hello.epoch
      map.send(JSON.stringify({ t: 'view', box: [4, 116, 20, 127] }))
    }
  })
}

/** Nobody knows who that is: counted, shown as one, and at last believed by a person. */
export async function pressUnverified(world: World): Promise<void> {
  const crew = world.crew()
  const { region } = crew
  const forged = `${world.deviceToken(crew).slice(0, -4)}AAAA`
  await world.api.call('POST', '/api/sos', {}, { token: forged, json: { kind: 'panic', position: placeOf(crew) } })
  await think()
  const me = world.operator()
  const { body } = await world.get<{ unverified?: { source: string; receivedAt: string }[]; latest?: never }>(
    me,
    '/api/unverified',
    {},
    `region=${region}`,
  )
  const found = firstWith(body)
  if (found) await world.send('POST', me, '/api/unverified/promote', {}, { region, ...found })
}

/** Wherever in the answer the list of them stands. */
function firstWith(body: unknown): { source: string; receivedAt: string } | null {
  const lists = Object.values((body ?? {}) as Record<string, unknown>)
    .filter(Array.isArray)
    .flat() as unknown[]
  const rows = lists.flatMap((each) =>
    typeof each === 'object' && each !== null && 'latest' in each && Array.isArray(each.latest) ? each.latest : [each],
  ) as { source?: string; receivedAt?: string }[]
  const row = rows.find(({ source, receivedAt }) => source !== undefined && receivedAt !== undefined)
  return row ? { source: row.source as string, receivedAt: row.receivedAt as string } : null
}

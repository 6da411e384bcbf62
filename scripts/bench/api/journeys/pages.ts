// Pages as people open them, and logging in and out.

import type { World } from '../world'

const DESK = ['/rota', '/drills', '/areas', '/geofences', '/agencies', '/delivery', '/devices'] as const

/** The tower's own screen, and one of the office's pages. */
export async function openPages(world: World): Promise<void> {
  const me = world.plan.people.admin
  const region = world.crew().region
  await world.get(me, '/r/{region}', { region })
  await world.get(me, '/desk/regions', {}, `region=${region}`)
  await world.get(me, DESK[Math.floor(Math.random() * DESK.length)] as string, {}, `region=${region}`)
  await world.get(me, '/desk/search', {}, `region=${region}&q=sim`)
}

/** What anybody may ask. */
export async function ask(world: World): Promise<void> {
  await world.api.call('GET', '/api/health')
  await world.api.call('GET', '/api/emergency/health')
  await world.api.call('GET', '/docs')
  await world.api.call('GET', '/login')
}

/** The door takes one a second from one address. */
export async function logInAndOut(world: World): Promise<void> {
  const { email, password } = world.plan.people.account
  const { body } = await world.api.call<{ token?: string }>(
    'POST',
    '/api/auth/login',
    {},
    { json: { email, password } },
  )
  const token = body?.token
  if (!token) return
  await world.get(token, '/api/auth/me')
  await world.send('POST', token, '/api/auth/renew', {}, {})
  await world.send('POST', token, '/api/auth/logout', {}, {})
}

// What the routes of the rota have in common: whom they are for, what they can answer, and how a refusal is said.

import type { Context } from 'hono'
import type { PolicyFault } from '../../domain/policy-check'
import type { RotaFault } from '../../domain/rota-check'
import type { AppEnv } from '../env'
import type { RotaNo } from '../rota'
import { body, COMMON, needs, no, responses, session } from './route'
import { RegionName } from './schemas/common'
import { RotaId } from './schemas/rota'
import { z } from './schemas/zod'

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
export const inRegion = z.object({ region })
export const ofOne = z.object({ region, id: RotaId })
export const NO_REGION = no('There is no such region.')
export const GONE = no('There is no such region, or none of this id in it.')
export const CHANGED = no('Somebody has changed it since the version that you sent.')
export const AWAY = responses(COMMON, {
  503: { ...COMMON[503], description: 'Postgres does not answer now. Rooms go on with their copy. Repeats are safe.' },
})
export const route = { tags: ['Rota'], security: session }
export const see = [needs('rota:see')]
export const manage = [needs('rota:manage'), body]

const MESSAGES = {
  changed: 'Somebody has changed it meanwhile: read it again.',
  has_shifts: 'A shift of theirs goes on or is still to come: give it to somebody else first.',
} as const

export function refuse(c: Context<AppEnv>, why: RotaNo) {
  if (why === 'gone') return c.json({ error: { code: 'unknown', message: 'There is none of this id here.' } }, 404)
  if (why === 'no_such_contact')
    return c.json({ error: { code: why, message: 'There is no such person in this region.', field: 'contactId' } }, 422)
  if (typeof why === 'string') return c.json({ error: { code: why, message: MESSAGES[why] } }, 409)
  return wrong(c, why)
}

/** The first of what is wrong. There is one, or nothing would have been refused. */
export function wrong(c: Context<AppEnv>, [first]: readonly (RotaFault | PolicyFault)[]) {
  if (!first) throw new Error('refused, and nothing is wrong')
  return c.json({ error: { code: first.code, message: first.message, field: first.field } }, 422)
}

// What the panel's forms send, turned into acts: the API's own bodies, read from form fields.

import type { Act, ActType } from '../../domain/command'
import { ACT_BODIES, actOf } from '../api/schemas/act'

type Fields = Record<string, unknown>
export type ReadAct = { ok: true; act: Act } | { ok: false; field: string }

/** `name`: the last part of the form's address. Null where there is no such act. An empty field was not given. */
export function readAct(name: string, fields: Fields): ReadAct | null {
  if (!isAct(name)) return null
  const read = ACT_BODIES[name].safeParse(filled(fields))
  if (read.success) return { ok: true, act: actOf(name, read.data) }
  return { ok: false, field: String(read.error.issues[0]?.path[0] ?? '') }
}

const isAct = (name: string): name is ActType => Object.hasOwn(ACT_BODIES, name)

export const filled = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string' && value.trim() !== ''))

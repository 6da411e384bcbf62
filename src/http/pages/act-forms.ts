// What the panel's forms send, turned into acts: the API's own schemas, read from form fields.

import type { z } from '@hono/zod-openapi'
import type { Act } from '../../domain/command'
import {
  CloseBody,
  ContactAttemptBody,
  FalseAlarmBody,
  LegBody,
  LiftDuressBody,
  LinkBody,
  MergeBody,
  NoBody,
  NoteBody,
  PassBody,
  PolicyBody,
  PriorityBody,
  ReopenBody,
  SafeBody,
  UnmergeBody,
} from '../api/schemas/act'
import { given } from '../api/schemas/common'

type Fields = Record<string, unknown>
export type ReadAct = { ok: true; act: Act } | { ok: false; field: string }

const form =
  <S extends z.ZodType<object>>(schema: S, toAct: (body: z.output<S>) => Act) =>
  (fields: Fields): ReadAct => {
    const read = schema.safeParse(fields)
    if (read.success) return { ok: true, act: toAct(read.data) }
    return { ok: false, field: String(read.error.issues[0]?.path[0] ?? '') }
  }

/** By the last part of the form's address. */
const FORMS: Record<string, (fields: Fields) => ReadAct> = {
  take: form(NoBody, () => ({ type: 'take' })),
  pass: form(PassBody, (body) => given({ type: 'pass' as const, ...body })),
  help: form(NoBody, () => ({ type: 'help' })),
  note: form(NoteBody, (body) => ({ type: 'note', ...body })),
  priority: form(PriorityBody, (body) => given({ type: 'priority' as const, ...body })),
  'contact-policy': form(PolicyBody, (body) => ({ type: 'contact-policy', ...body })),
  'contact-attempt': form(ContactAttemptBody, (body) => given({ type: 'contact-attempt' as const, ...body })),
  leg: form(LegBody, (body) => given({ type: 'leg' as const, ...body })),
  safe: form(SafeBody, (body) => given({ type: 'safe' as const, ...body })),
  'false-alarm': form(FalseAlarmBody, (body) => given({ type: 'false-alarm' as const, ...body })),
  link: form(LinkBody, (body) => ({ type: 'link', ...body })),
  unlink: form(LinkBody, (body) => ({ type: 'unlink', ...body })),
  merge: form(MergeBody, (body) => ({ type: 'merge', ...body })),
  unmerge: form(UnmergeBody, (body) => given({ type: 'unmerge' as const, ...body })),
  reopen: form(ReopenBody, (body) => given({ type: 'reopen' as const, ...body })),
  close: form(CloseBody, (body) => given({ type: 'close' as const, ...body })),
  'lift-duress': form(LiftDuressBody, (body) => ({ type: 'lift-duress', ...body })),
}

/** Null where there is no such act. An empty field of a form is a field that was not given. */
export function readAct(name: string, fields: Fields): ReadAct | null {
  const read = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined
  return read ? read(filled(fields)) : null
}

export const filled = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string' && value.trim() !== ''))

// A body or query that does not fit its schema: 422, naming the first wrong field in words.

import type { Context } from 'hono'
import type { ZodError } from 'zod'
import type { AppEnv } from '../env'
import { failed } from '../errors'

type Issue = ZodError['issues'][number]
type Checked = { target: string; success: boolean; data?: unknown; error?: ZodError }

/** The default hook of every route. Says nothing where the input is right. */
export function invalid(result: Checked, c: Context<AppEnv>): Response | undefined {
  const issue = result.error?.issues[0]
  if (result.success || !issue) return undefined
  if (result.target === 'param') return failed(c, 404, 'not_found', 'There is nothing at this address.')
  const code = result.target === 'query' ? 'invalid_query' : 'invalid_body'
  const field = issue.path.map(String).join('.')
  const fault = inWords(issue, valueAt(result.data, issue.path))
  return field === '' ? failed(c, 422, code, `The body ${fault}.`) : failed(c, 422, code, `${field} ${fault}.`, field)
}

/** What is wrong with a value, as the rest of a sentence that begins with its name. */
export function inWords(issue: Issue, value: unknown): string {
  if (issue.code === 'custom') return issue.message
  if (value === undefined || value === null) return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string')
        return issue.minimum === 1 ? 'is empty' : `is shorter than ${issue.minimum} characters`
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? issue.format}`
    default:
      return 'has a wrong form'
  }
}

const TYPES: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a list',
}

const FORMATS: Partial<Record<string, string>> = {
  guid: 'an id like 018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1',
  datetime: 'a time like 2026-11-22T18:10:03Z',
  email: 'an e-mail address',
}

function valueAt(data: unknown, path: Issue['path']): unknown {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

// Providers' own descriptions of their APIs, as a judge of every request that we make and of every answer that a simulator gives.
// Where their folder is absent nothing is judged, and that is said.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv, { type ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'

const FOLDER = join(import.meta.dir, '../../../shared/openapi')

type Json = Record<string, unknown>
/** Complaints; an empty list is praise. */
export type Judge = {
  /** False where there is nothing to judge by. */
  readonly judges: boolean
  form(path: string, fields: URLSearchParams): string[]
  json(path: string, body: string): string[]
  /** A body of a simulator's own, by the name of its schema. */
  answer(schema: string, body: unknown): string[]
}

/** `file` without its folder. `path` as in the description, with its {Names}. */
export function judgeBy(file: 'twilio-messages-calls.json' | 'sendgrid-mail-send.json'): Judge {
  const path = join(FOLDER, file)
  if (!existsSync(path)) {
    console.warn(`SKIPPED: ${file} is not there; requests to its provider are not validated.`)
    return { judges: false, form: () => [], json: () => [], answer: () => [] }
  }
  return judge(JSON.parse(readFileSync(path, 'utf8')) as Json)
}

function judge(document: Json): Judge {
  const ajv = String(document.openapi).startsWith('3.1')
    ? new Ajv2020({ strict: false, allErrors: true, coerceTypes: false })
    : new Ajv({ strict: false, allErrors: true, coerceTypes: false })
  addFormats(ajv as Ajv)
  for (const [name, holds] of Object.entries(FORMATS)) ajv.addFormat(name, holds)
  ajv.addSchema({ ...(closed(document) as Json), $id: 'doc' })
  const compiled = new Map<string, ValidateFunction>()
  const complaints = (pointer: string, value: unknown): string[] => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `doc#${pointer}` })
    compiled.set(pointer, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || 'body'} ${message} ${JSON.stringify(params)}`,
    )
  }
  const schemaOf = (path: string, type: string): [pointer: string, schema: Json] => {
    const post = ((document.paths as Json)[path] as Json).post as Json
    const body = post.requestBody as Json
    const at = typeof body.$ref === 'string' ? body.$ref.slice(1) : `/paths/${escaped(path)}/post/requestBody`
    const pointer = `${at}/content/${escaped(type)}/schema`
    return [pointer, lookUp(document, pointer)]
  }
  return {
    judges: true,
    form: (path, fields) => {
      const [pointer, schema] = schemaOf(path, 'application/x-www-form-urlencoded')
      return complaints(pointer, formValue(fields, schema.properties as Record<string, Json>))
    },
    json: (path, body) => {
      const [pointer] = schemaOf(path, 'application/json')
      try {
        return complaints(pointer, JSON.parse(body))
      } catch {
        return ['body is no JSON']
      }
    },
    answer: (schema, body) => complaints(`/components/schemas/${escaped(schema)}`, body),
  }
}

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))

const lookUp = (document: Json, pointer: string): Json =>
  pointer
    .slice(1)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json>((at, part) => at[part] as Json, document)

/** Fields that the description does not name are faults of ours, so objects with named fields take no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = value as Json
  const copy = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, closed(each)]))
  const isObject = copy.type === 'object' && typeof copy.properties === 'object'
  if (isObject && copy.additionalProperties === undefined) copy.additionalProperties = false
  // As JSON Schema says it: OpenAPI 3.0 has a word of its own, which may stand beside a $ref.
  if (nullable === true) return { anyOf: [copy, { type: 'null' }] }
  return copy
}

/** A form says all as text: what the description calls a number must read as one. */
function formValue(fields: URLSearchParams, properties: Record<string, Json>): Json {
  const value: Json = {}
  for (const name of new Set(fields.keys())) {
    const all = fields.getAll(name)
    const type = typeOf(properties[name])
    if (type === 'array') value[name] = all
    else if (all.length > 1) value[name] = all
    else value[name] = scalar(all[0] ?? '', type)
  }
  return value
}

const typeOf = (schema: Json | undefined): unknown => {
  const [first] = Array.isArray(schema?.anyOf) ? (schema.anyOf as Json[]) : []
  return schema?.type ?? first?.type
}

function scalar(text: string, type: unknown): unknown {
  if (type === 'integer' || type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

const E164 = /^\+[1-9]\d{7,14}$/
/** Twilio's own formats, which its description names and does not define. A sender may also be letters. */
const FORMATS: Record<string, (text: string) => boolean> = {
  'phone-number': (text) => E164.test(text) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text),
  endpoint: (text) => E164.test(text) || /^(sip|client):/.test(text),
  'http-method': (text) => ['GET', 'POST', 'HEAD'].includes(text),
  twiml: () => true,
  'uri-map': () => true,
  'date-time-rfc-2822': (text) => !Number.isNaN(Date.parse(text)),
  currency: (text) => /^[A-Z]{3}$/i.test(text),
}

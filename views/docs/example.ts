// Examples for the reference: what the document gives, else made from the schema; and the curl line that sends one.

import { type ApiDocument, nameOf, type Place, plain, type Schema } from './openapi'

const TEXTS: Record<string, string> = {
  'date-time': '2026-11-22T18:10:03.120Z',
  uuid: '018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1',
  email: 'ana.reyes@example.ph',
}
const DEEPEST = 6

export function exampleOf(raw: Schema, document: ApiDocument, depth = 0): unknown {
  const { schema } = plain(raw)
  if (schema.example !== undefined) return schema.example
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.$ref) {
    const named = document.components.schemas[nameOf(schema.$ref)]
    return named && depth < DEEPEST ? exampleOf(named, document, depth + 1) : {}
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, document, depth + 1)))
  if (schema.properties) {
    const entries = Object.entries(schema.properties)
    return Object.fromEntries(entries.map(([name, value]) => [name, exampleOf(value, document, depth + 1)]))
  }
  switch (schema.type) {
    case 'array':
      return schema.items && depth < DEEPEST ? [exampleOf(schema.items, document, depth + 1)] : []
    case 'string':
      return TEXTS[schema.format ?? ''] ?? 'text'
    case 'integer':
    case 'number':
      return schema.minimum && schema.minimum > 0 ? schema.minimum : 1
    case 'boolean':
      return true
    case 'object':
      return {}
    default:
      return null
  }
}

/** A line for a shell; null for what curl does not speak. Tokens stand in variables, never in the text. */
export function curlOf({ method, path, operation }: Place, document: ApiDocument): string | null {
  if ('101' in operation.responses) return null
  const parameters = operation.parameters ?? []
  const examples = new Map(parameters.map(({ name, schema }) => [name, schema ? exampleOf(schema, document) : name]))
  const where = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'token' ? '$DEVICE_TOKEN' : encodeURIComponent(String(examples.get(name) ?? name)),
  )
  const query = parameters
    .filter((each) => each.in === 'query' && (each.required || each.schema?.example !== undefined))
    .map(({ name }) => `${name}=${encodeURIComponent(String(examples.get(name))).replaceAll('%2C', ',')}`)
  const address = `${document.servers[0]?.url ?? ''}${where}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}"${address}"`]
  const schemes = (operation.security ?? []).flatMap((each) => Object.keys(each))
  if (schemes.includes('deviceToken')) lines.push('-H "Authorization: Bearer $DEVICE_TOKEN"')
  else if (schemes.includes('session')) lines.push('-H "Authorization: Bearer $TOKEN"')
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  if (type === 'application/json' && body && (operation.requestBody?.required || body.example !== undefined)) {
    const example = body.example ?? (body.schema ? exampleOf(body.schema, document) : {})
    lines.push('-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(example))}`)
  } else if (type === 'application/x-www-form-urlencoded' && body?.example) {
    lines.push(`-d ${quoted(String(new URLSearchParams(body.example as Record<string, string>)))}`)
  }
  return lines.join(' \\\n  ')
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

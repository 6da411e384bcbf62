// The parts of an OpenAPI 3.1 document that the reference shows, and how a schema reads in words.

export type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  example?: unknown
  default?: unknown
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}

export type Content = Record<string, { schema?: Schema; example?: unknown }>
export type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema }
export type Answer = { description: string; content?: Content }

export type Operation = {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, Answer>
}

export type ApiDocument = {
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { description?: string }> }
}

export type Place = { method: string; path: string; operation: Operation }

/** Operations of one tag, in the order of the document. */
export const operationsOf = (document: ApiDocument, tag: string): Place[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

export const nameOf = (ref: string): string => ref.split('/').at(-1) ?? ref

/** A schema without its wrappers: what was said beside a reference, and null as one of several, are taken in. */
export function plain(schema: Schema): { schema: Schema; nullable: boolean } {
  const described = schema.allOf?.find((each) => each.$ref)
  if (described && schema.allOf?.every((each) => each.$ref || !each.properties)) {
    return plain(Object.assign({}, ...schema.allOf) as Schema)
  }
  const choices = schema.anyOf ?? schema.oneOf
  const some = choices?.filter((each) => each.type !== 'null')
  if (choices && some?.length === 1 && some[0]) {
    const { anyOf: _, oneOf: __, ...beside } = schema
    return { schema: { ...plain(some[0]).schema, ...beside }, nullable: some.length < choices.length }
  }
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null')
    const type = types.length === 1 ? (types[0] as string) : types
    return { schema: { ...schema, type }, nullable: types.length < schema.type.length }
  }
  return { schema, nullable: false }
}

/** One line per field; fields of an object without a name of its own follow it, as `position.lat`. */
export type Field = { name: string; schema: Schema; required: boolean; nullable: boolean }

export function fieldsOf(schema: Schema, document: ApiDocument, prefix = ''): Field[] {
  const parts = schema.allOf ?? [schema]
  return parts.flatMap((part): Field[] => {
    const whole = part.$ref ? document.components.schemas[nameOf(part.$ref)] : part
    if (!whole) return []
    if (whole.allOf) return fieldsOf(whole, document, prefix)
    return Object.entries(whole.properties ?? {}).flatMap(([name, raw]) => {
      const { schema: own, nullable } = plain(raw)
      const field = { name: prefix + name, schema: own, required: whole.required?.includes(name) ?? false, nullable }
      const inner = own.type === 'array' ? own.items : own
      if (!inner || inner.$ref || !inner.properties) return [field]
      return [field, ...fieldsOf(inner, document, `${prefix}${name}${own.type === 'array' ? '[]' : ''}.`)]
    })
  })
}

/** Limits and choices, in words: "P1, P2, P3 or P4", "1 to 1000", "at most 500 characters". */
export function limitsOf(schema: Schema): string {
  const said: string[] = []
  const choices = schema.enum?.filter((value) => value !== null).map(String)
  if (choices?.length === 1) said.push(`always ${choices[0]}`)
  else if (choices) said.push(`${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`)
  if (schema.const !== undefined) said.push(`always ${String(schema.const)}`)
  const { minimum, maximum, maxLength } = schema
  const open = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) {
    said.push(open ? `at least ${minimum}` : `${minimum} to ${maximum}`)
  }
  if (maxLength !== undefined) said.push(`at most ${maxLength} characters`)
  if (schema.default !== undefined) said.push(`${JSON.stringify(schema.default)} where absent`)
  return said.join('; ')
}

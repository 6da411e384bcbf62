// Tables of parameters and of an object's fields.

import { type ApiDocument, fieldsOf, limitsOf, nameOf, type Parameter, plain, type Schema } from './openapi'
import { Inline } from './prose'

export function TypeName({ schema, nullable = false }: { schema: Schema; nullable?: boolean }) {
  const inner = schema.items && plain(schema.items).schema
  return (
    <>
      {schema.type === 'array' ? 'list of ' : ''}
      {schema.type === 'array' && inner ? <TypeName schema={inner} /> : <OneType schema={schema} />}
      {nullable && ' or null'}
    </>
  )
}

function OneType({ schema }: { schema: Schema }) {
  if (schema.$ref) return <a href={`#schema-${nameOf(schema.$ref)}`}>{nameOf(schema.$ref)}</a>
  if (schema.format === 'date-time') return <>time</>
  if (schema.format === 'uuid') return <>uuid</>
  return <>{schema.type ?? 'anything'}</>
}

type Row = { name: string; schema: Schema; required: boolean; nullable: boolean; where?: string; description?: string }

function Rows({ rows, caption }: { rows: Row[]; caption: string }) {
  return (
    <table class="fields">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, schema, required, nullable, where, description }) => {
          const limits = limitsOf(schema)
          return (
            <tr>
              <th scope="row">
                <code>{name}</code>
                {required && <span class="needed">needed</span>}
              </th>
              <td>
                <TypeName schema={schema} nullable={nullable} />
                {where && <span class="muted"> in {where}</span>}
              </td>
              <td>
                {(description ?? schema.description) && <Inline text={description ?? schema.description ?? ''} />}
                {limits !== '' && <span class="limits">{limits}</span>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

export function Parameters({ parameters }: { parameters: Parameter[] }) {
  const rows = parameters.map(({ name, in: where, required, description, schema }) => ({
    ...{ name, where, required: required ?? false, nullable: false },
    schema: schema ? plain(schema).schema : {},
    ...(description === undefined ? {} : { description }),
  }))
  return <Rows rows={rows} caption="Parameters" />
}

/** Nothing where the schema has no fields. */
export function Fields({ schema, document, caption }: { schema: Schema; document: ApiDocument; caption: string }) {
  const rows = fieldsOf(schema, document)
  return rows.length > 0 ? <Rows rows={rows} caption={caption} /> : null
}

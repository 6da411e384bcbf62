// One operation of the API: what it does, what it takes, what it answers, and a line to try it.

import { curlOf, exampleOf } from './example'
import { Fields, Parameters, TypeName } from './fields'
import type { Answer, ApiDocument, Operation as Op, Place } from './openapi'
import { plain } from './openapi'
import { Prose, Sample } from './prose'

export function Operation({ place, document }: { place: Place; document: ApiDocument }) {
  const { method, path, operation } = place
  const curl = curlOf(place, document)
  const [bodyType, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  return (
    <article class="operation" id={operation.operationId} aria-labelledby={`${operation.operationId}-title`}>
      <h3 id={`${operation.operationId}-title`}>
        <a href={`#${operation.operationId}`}>{operation.summary}</a>
      </h3>
      <p class="address">
        <span class="method">{method}</span>
        <code>{path}</code>
        <span class="chip">{whoMay(operation)}</span>
      </p>
      {operation.description && <Prose text={operation.description} />}
      {operation.parameters && operation.parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <Parameters parameters={operation.parameters} />
        </>
      )}
      {body?.schema && (
        <>
          <h4>
            Body{' '}
            <span class="muted">
              {bodyType}
              {operation.requestBody?.required ? '' : ', may be empty'}
            </span>
          </h4>
          <Fields schema={body.schema} document={document} caption={`Body of ${operation.summary}`} />
        </>
      )}
      {curl && <Sample label="Try it" text={curl} />}
      <h4>Answers</h4>
      <ul class="answers">
        {Object.entries(operation.responses).map(([status, answer]) => (
          <AnswerRow status={status} answer={answer} document={document} />
        ))}
      </ul>
    </article>
  )
}

function AnswerRow({ status, answer, document }: { status: string; answer: Answer; document: ApiDocument }) {
  const content = answer.content?.['application/json']
  const schema = content?.schema && plain(content.schema).schema
  const good = status.startsWith('2')
  return (
    <li>
      <span class="chip" data-tone={good ? 'good' : undefined}>
        {status}
      </span>
      <div>
        <p>
          {answer.description}{' '}
          {schema?.$ref && (
            <span class="muted">
              <TypeName schema={schema} />
            </span>
          )}
        </p>
        {good && schema && (
          <details>
            <summary>Example</summary>
            <Sample
              label={`Example of ${status}`}
              text={JSON.stringify(content?.example ?? exampleOf(schema, document), null, 2)}
            />
          </details>
        )}
      </div>
    </li>
  )
}

function whoMay({ security = [] }: Op): string {
  const schemes = security.flatMap((each) => Object.keys(each))
  if (schemes.includes('deviceToken')) return 'device token'
  return schemes.length > 0 ? 'session' : 'anybody'
}

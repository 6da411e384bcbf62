// The readable reference at /docs: the OpenAPI document as one page, in its own order. No script.

import { Page, type Theme, Wordmark } from '../layout'
import { Fields, TypeName } from './fields'
import { type ApiDocument, limitsOf, operationsOf, plain, type Schema } from './openapi'
import { Operation } from './operation'
import { Inline, Prose } from './prose'

type Props = { document: ApiDocument; nonce: string; theme?: Theme }

export function Reference({ document, nonce, theme = 'auto' }: Props) {
  const { info, tags, components } = document
  return (
    <Page
      lang="en"
      theme={theme}
      nonce={nonce}
      path="/docs"
      title={`${info.title}: API reference`}
      styles={['docs']}
      body={{ class: 'docs' }}
    >
      <a class="skip" href="#content">
        To the content
      </a>
      <header class="docs-head">
        <Wordmark />
        <p class="muted">
          API {info.version} · <a href="/openapi.json">openapi.json</a>
        </p>
      </header>
      <div class="docs-frame">
        <Contents document={document} />
        <main id="content" tabindex={-1}>
          <section id="about" aria-labelledby="about-title">
            <h1 id="about-title">{info.title} API</h1>
            <Prose text={info.description} />
          </section>
          <section id="who" aria-labelledby="who-title">
            <h2 id="who-title">Who may ask</h2>
            <dl class="schemes">
              {Object.entries(components.securitySchemes).map(([name, { description }]) => (
                <>
                  <dt>
                    <code>{name}</code>
                  </dt>
                  <dd>{description && <Inline text={description} />}</dd>
                </>
              ))}
            </dl>
          </section>
          {tags.map(({ name, description }) => (
            <section id={anchor(name)} aria-labelledby={`${anchor(name)}-title`}>
              <h2 id={`${anchor(name)}-title`}>{name}</h2>
              <p class="lead">{description}</p>
              {operationsOf(document, name).map((place) => (
                <Operation place={place} document={document} />
              ))}
            </section>
          ))}
          <section id="schemas" aria-labelledby="schemas-title">
            <h2 id="schemas-title">Schemas</h2>
            {Object.entries(components.schemas).map(([name, schema]) => (
              <NamedSchema name={name} schema={schema} document={document} />
            ))}
          </section>
        </main>
      </div>
    </Page>
  )
}

function Contents({ document }: { document: ApiDocument }) {
  return (
    <nav class="docs-nav" aria-label="Contents">
      <details open>
        <summary>Contents</summary>
        <ul>
          <li>
            <a class="part" href="#about">
              About
            </a>
          </li>
          <li>
            <a class="part" href="#who">
              Who may ask
            </a>
          </li>
          {document.tags.map(({ name }) => (
            <li>
              <a class="part" href={`#${anchor(name)}`}>
                {name}
              </a>
              <ul>
                {operationsOf(document, name).map(({ operation }) => (
                  <li>
                    <a href={`#${operation.operationId}`}>{operation.summary}</a>
                  </li>
                ))}
              </ul>
            </li>
          ))}
          <li>
            <a class="part" href="#schemas">
              Schemas
            </a>
          </li>
        </ul>
      </details>
    </nav>
  )
}

function NamedSchema({ name, schema, document }: { name: string; schema: Schema; document: ApiDocument }) {
  const { schema: own } = plain(schema)
  const limits = limitsOf(own)
  return (
    <article class="schema" id={`schema-${name}`} aria-labelledby={`schema-${name}-title`}>
      <h3 id={`schema-${name}-title`}>
        <a href={`#schema-${name}`}>{name}</a>
      </h3>
      {schema.description && <Prose text={schema.description} />}
      {!own.properties && !own.allOf && (
        <p>
          <TypeName schema={own} />
          {limits !== '' && `: ${limits}`}
        </p>
      )}
      <Fields schema={schema} document={document} caption={`Fields of ${name}`} />
    </article>
  )
}

const anchor = (name: string): string => `part-${name.toLowerCase().replaceAll(' ', '-')}`

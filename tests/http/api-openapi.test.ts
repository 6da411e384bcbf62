// The OpenAPI document and the reference made from it: valid, whole, and true of what the app answers.

import { describe, expect, test } from 'bun:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { ACCESS_TABLE } from '../../src/http/access-table'
import { createApp } from '../../src/http/app'
import type { ApiDocument, Operation, Schema } from '../../views/docs/openapi'
import { aPress } from '../support/made-up'
import { workerEnv } from '../support/worker-env'
import { tower } from './api-support'

const app = createApp()
const env = workerEnv({}, { VERSION: '1.2.3' })
const document = (await (await app.request('/openapi.json', {}, env)).json()) as ApiDocument & { openapi: string }

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
const title = ({ path, method }: { path: string; method: string }) => `${method.toUpperCase()} ${path}`

describe('the document', () => {
  test('is valid OpenAPI 3.1, at the address and of the version that the settings say', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers.map(({ url }) => url)).toEqual(['https://tower.example'])
    expect(document.info.version).toBe('1.2.3')
  })

  test('every reference leads somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect(refs.length).toBeGreaterThan(50)
    for (const name of refs) expect(Object.keys(document.components.schemas)).toContain(name as string)
  })

  test('every address for programs is described, and none that does not exist', () => {
    const described = operations.map(title).map((each) => each.replaceAll(/\{(\w+)\}/g, ':$1'))
    const served = ACCESS_TABLE.filter(([, path]) => path.startsWith('/api/')).map(
      ([method, path]) => `${method} ${path}`,
    )
    expect(described.filter((each) => each.includes(' /api/')).toSorted()).toEqual(served.toSorted())
    expect(described.filter((each) => !each.includes(' /api/')).toSorted()).toEqual(['GET /i/:token', 'POST /i/:token'])
  })

  test('ids are unique, and every operation is in a part that is described', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const tags = document.tags.map(({ name }) => name)
    for (const { operation } of operations) expect(tags).toContain(operation.tags[0] as string)
  })

  for (const each of operations) {
    test(`${title(each)} declares its parameters, answers and who may ask`, () => {
      const { path, operation } = each
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(declared.map(({ name }) => name)).toEqual(inPath as string[])
      expect(declared.every(({ required }) => required)).toBe(true)
      expect(Object.keys(operation.responses).some((status) => /^(101|2\d\d)$/.test(status))).toBe(true)
      expect(operation.summary).not.toBe('')
      const schemes = (operation.security ?? []).flatMap((each) => Object.keys(each))
      for (const scheme of schemes) expect(Object.keys(document.components.securitySchemes)).toContain(scheme)
      if (schemes.includes('session')) expect(operation.responses).toHaveProperty('401')
    })
  }
})

// strict is off because the document's schemas carry OpenAPI's own words, as `example`.
const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }))
ajv.addSchema(document, 'doc')

/** What the document's own schema says of this value: nothing where it fits. */
function faults(operation: Operation, status: string, value: unknown): unknown {
  const schema = operation.responses[status]?.content?.['application/json']?.schema
  return schemaFaults(schema, value)
}
function schemaFaults(schema: Schema | undefined, value: unknown): unknown {
  if (!schema) return 'no schema'
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/'))
  const check = ajv.compile(local)
  return check(value) ? null : check.errors
}
const operation = (id: string): Operation => {
  const found = operations.find(({ operation }) => operation.operationId === id)
  if (!found) throw new Error(`no operation ${id}`)
  return found.operation
}

describe('what the app answers is what the document says', () => {
  test('an incident in every state that a card can show', async () => {
    const { roomOf, ana } = tower()
    const press = aPress({ kind: 'medical' })
    roomOf('NCR').send([press, aPress({ position: null })])
    const act = (name: string, body?: unknown) => ana.post(`/api/incidents/${press.sosId}/${name}`, body)
    expect(faults(operation('take'), '200', (await act('take')).body)).toBeNull()
    expect(faults(operation('legs'), '200', (await act('legs', { kind: 'rover', name: 'R 1' })).body)).toBeNull()
    expect(faults(operation('close'), '409', (await act('close')).body)).toBeNull()
    expect(faults(operation('note'), '422', (await act('note', {})).body)).toBeNull()
    const list = await ana.get('/api/incidents')
    expect(list.body.incidents.length).toBeGreaterThan(0)
    expect(faults(operation('listIncidents'), '200', list.body)).toBeNull()
    const file = await ana.get(`/api/incidents/${press.sosId}`)
    expect(faults(operation('getIncident'), '200', file.body)).toBeNull()
    const made = await ana.post('/api/incidents', { kind: 'fire' })
    expect(faults(operation('createIncident'), '201', made.body)).toBeNull()
    expect(faults(operation('readOverview'), '200', (await ana.get('/api/overview')).body)).toBeNull()
    expect(faults(operation('listRegions'), '200', (await ana.get('/api/regions')).body)).toBeNull()
    expect(faults(operation('listUnverified'), '200', (await ana.get('/api/unverified')).body)).toBeNull()
  })

  test('a body that lies about its type does not fit, so the checks above can fail', async () => {
    expect(faults(operation('take'), '200', { incident: { id: 7 } })).not.toBeNull()
  })

  for (const { path, method, operation } of operations) {
    const content = Object.entries(operation.requestBody?.content ?? {})
    for (const [type, { schema, example }] of content) {
      if (example === undefined || type !== 'application/json') continue
      test(`the example of ${title({ path, method })} fits its schema`, () => {
        expect(schemaFaults(schema, example)).toBeNull()
      })
    }
    for (const [status, answer] of Object.entries(operation.responses)) {
      const { schema, example } = answer.content?.['application/json'] ?? {}
      if (example === undefined) continue
      test(`the example of ${title({ path, method })}: ${status} fits its schema`, () => {
        expect(schemaFaults(schema, example)).toBeNull()
      })
    }
  }

  test('the examples of acts are accepted by the acts themselves', async () => {
    for (const { path, operation } of operations.filter(({ operation }) => operation.tags[0] === 'Acts')) {
      const { roomOf, ana } = tower()
      const press = aPress()
      roomOf('NCR').send([press])
      const example = operation.requestBody?.content['application/json']?.example
      const { status } = await ana.post(path.replace('{id}', press.sosId), example)
      // Refused by how things stand, or by rights, but never for its form.
      expect([path, [400, 415, 422].includes(status)]).toEqual([path, false])
    }
  })
})

describe('the reference at /docs', () => {
  const ask = (headers: Record<string, string> = {}) => app.request('/docs', { headers }, env)

  test('is open to anybody, and shows every operation and schema under its anchor', async () => {
    const answer = await ask()
    expect(answer.status).toBe(200)
    const html = await answer.text()
    for (const { operation } of operations) expect(html).toContain(`id="${operation.operationId}"`)
    for (const name of Object.keys(document.components.schemas)) expect(html).toContain(`id="schema-${name}"`)
  })

  test('every link inside it leads to an anchor, and no anchor is there twice', async () => {
    const html = await (await ask()).text()
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id as string)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id as string)
    expect(links.length).toBeGreaterThan(operations.length)
    expect(links.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('needs no script and no inline style', async () => {
    const html = await (await ask()).text()
    expect(html).not.toMatch(/<script|<style| style=| on\w+=|javascript:/i)
  })

  test('gives a line to try each that curl can, with tokens as variables', async () => {
    const html = await (await ask()).text()
    expect(html).toContain(
      'curl -X POST &quot;https://tower.example/api/incidents/018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1/take&quot;',
    )
    expect(html).toContain('Authorization: Bearer $TOKEN')
    expect(html).toContain('Authorization: Bearer $DEVICE_TOKEN')
    expect(html).toContain('/api/incidents?region=NCR,CEB&amp;q=nab1234')
    expect(html.match(/curl /g)?.length).toBe(
      operations.filter(({ operation }) => !('101' in operation.responses)).length,
    )
  })

  test('is drawn in the theme that was chosen', async () => {
    expect(await (await ask({ cookie: 'theme=dark' })).text()).toContain('data-theme="dark"')
  })
})

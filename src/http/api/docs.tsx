// The document's two faces: /openapi.json for programs, /docs for people.

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDocument } from '../../../views/docs/openapi'
import { Reference } from '../../../views/docs/reference'
import type { AppEnv } from '../env'
import { themeOf } from '../pages/frame'
import { documentOf } from './document'

export function serveDocs(api: OpenAPIHono<AppEnv>): void {
  api.get('/openapi.json', (c) => c.json(documentOf(api, c.env)))
  api.get('/docs', (c) =>
    c.html(
      <Reference document={documentOf(api, c.env) as unknown as ApiDocument} nonce={c.var.nonce} theme={themeOf(c)} />,
    ),
  )
}

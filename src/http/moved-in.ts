// Where an object that is moved in from elsewhere belongs: by its class and its name, as the exporter wrote them.

import type { PutBack } from '../durable/moved'
import type { Env } from './env'
import { movableObject } from './objects'

/** POST /objects?class=&name= with the lines of src/durable/moved.ts. 200 {rows}, 404, 409 in_use, 422 broken. */
export async function moveObject(env: Env, query: URLSearchParams, body: ReadableStream | null): Promise<Response> {
  const object = movableObject(env, query.get('class') ?? '', query.get('name') ?? '')
  if (!object || !body) return Response.json({ error: 'not found' }, { status: 404 })
  const moved: PutBack = await object.moveIn(body)
  if (moved.ok) return Response.json({ rows: moved.rows })
  return Response.json({ error: moved.reason }, { status: moved.reason === 'in_use' ? 409 : 422 })
}

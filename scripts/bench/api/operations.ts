// Which operations the running tower's own document names, and which of them the load has used.

import type { Touched } from './call'

/** `name` as "GET /api/incidents/{id}". `statuses`: those of its description. */
export type Operation = { name: string; statuses: string[] }

type Document = { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> }

export async function operationsOf(url: string): Promise<Operation[]> {
  const answer = await fetch(`${url}/openapi.json`)
  if (!answer.ok) throw new Error(`the OpenAPI document was answered ${answer.status}`)
  const { paths } = (await answer.json()) as Document
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      statuses: Object.keys(responses),
    })),
  )
}

/**
 * `never`: not asked for, or answered only with what its description does not have. `refused`: never answered 2xx, nor with a
 * socket.
 */
export function untouched(
  operations: readonly Operation[],
  touched: Readonly<Record<string, Touched>>,
): { never: string[]; refused: string[] } {
  const answers = (name: string) => Object.keys(touched[name]?.statuses ?? {})
  const never = operations.filter(({ name, statuses }) => !answers(name).some((status) => statuses.includes(status)))
  const refused = operations.filter(
    (each) => !never.includes(each) && !answers(each.name).some((status) => /^(101|2\d\d)$/.test(status)),
  )
  return { never: never.map(({ name }) => name), refused: refused.map(({ name }) => name) }
}

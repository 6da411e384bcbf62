// The doors that other parts of the app serve, written into the same document. It holds paths only, and answers nothing.

import { newApi } from './route'
import { ErrorSchema } from './schemas/common'

export const elsewhere = newApi()

/** An answer with a JSON body. */
export const ok = <S>(description: string, schema: S, example?: unknown) => ({
  description,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
})
export const error = (description: string) => ok(description, ErrorSchema)

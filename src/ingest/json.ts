// JSON from outside: any text, any shape.

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object's fields; none for anything else. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : NOTHING)

const NOTHING: Json = {}

/** The JSON value, or undefined. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

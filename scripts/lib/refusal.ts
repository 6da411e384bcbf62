// What a person who starts the tower has to know in one line: what is wrong, and what to do about it.

export class CannotStart extends Error {
  override name = 'CannotStart'
}

/** Prints a refusal as the one line it is, anything else with its stack: that is a bug. */
export function explain(error: unknown): void {
  console.error(error instanceof CannotStart ? `Cannot start: ${error.message}` : error)
}

export const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

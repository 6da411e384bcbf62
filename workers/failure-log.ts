// One line in the log for what failed between two objects and is tried again, or was not worth that.

/** `where` names the object that tells, as in `{ region: 'NCR' }`; `failures` counts those in a row. */
export function logFailure(message: string, where: Record<string, string>, failure: string, failures: number): void {
  console.error(JSON.stringify({ level: 'warn', message, ...where, failure: failure.slice(0, 200), failures }))
}

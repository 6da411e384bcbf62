// Whose fault a failed write was. The archive parks a row that Postgres will never take, and waits with everything else.

/** The SQLSTATE of an error, or of what caused it; null where Postgres said nothing. */
export function sqlState(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && /^[0-9A-Z]{5}$/.test(each.code)) return each.code
  }
  return null
}

/** True for data that cannot be stored (class 22) and constraints (class 23): repeating does not help, other rows may pass. */
export function isRowFault(error: unknown): boolean {
  const state = sqlState(error)
  return state !== null && (state.startsWith('22') || state.startsWith('23'))
}

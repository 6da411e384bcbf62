// A Durable Object's storage on bun:sqlite: real SQL, no workerd.

import { Database, type SQLQueryBindings } from 'bun:sqlite'
import type { Storage } from '../../src/durable/storage'

export function memoryStorage(): Storage {
  const db = new Database(':memory:')
  const exec = (query: string, ...bindings: SQLQueryBindings[]) => {
    // Several statements in one string, as workerd allows: only the last gives rows.
    const statements = bindings.length > 0 ? [query] : query.split(/;\s*\n/).filter((part) => part.trim() !== '')
    let rows: unknown[] = []
    for (const statement of statements) rows = db.query(statement).all(...bindings)
    return {
      toArray: () => rows,
      one: () => {
        if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
        return rows[0]
      },
    }
  }
  return { sql: { exec }, transactionSync: <T>(run: () => T): T => db.transaction(run)() } as unknown as Storage
}

// A Durable Object's storage on bun:sqlite: real SQL, no workerd. What workerd refuses beyond SQLite is refused here, too.

import { Database, type SQLQueryBindings } from 'bun:sqlite'
import type { Storage } from '../../src/durable/storage'

export function memoryStorage(): Storage {
  const db = new Database(':memory:')
  /** Rows that nobody has read: workerd cannot end a transaction over them ("SQL statements in progress"). */
  const unread = new Set<object>()
  const exec = (query: string, ...bindings: SQLQueryBindings[]) => {
    // Several statements in one string, as workerd allows: only the last gives rows.
    const statements = bindings.length > 0 ? [query] : query.split(/;\s*\n/).filter((part) => part.trim() !== '')
    let rows: unknown[] = []
    for (const statement of statements) rows = db.query(statement).all(...bindings)
    const cursor = {
      toArray: () => {
        unread.delete(cursor)
        return rows
      },
      one: () => {
        unread.delete(cursor)
        if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
        return rows[0]
      },
    }
    if (rows.length > 0) unread.add(cursor)
    return cursor
  }
  const transactionSync = <T>(run: () => T): T => {
    unread.clear()
    return db.transaction(() => {
      const result = run()
      if (unread.size > 0) throw new Error('cannot release savepoint - SQL statements in progress: SQLITE_BUSY')
      return result
    })()
  }
  return { sql: { exec }, transactionSync } as unknown as Storage
}

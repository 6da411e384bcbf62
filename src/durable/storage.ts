// What a Durable Object's core needs of its database: SQLite, synchronously. In tests it is bun:sqlite.

export type SqlValue = string | number | null | ArrayBuffer

export type Cursor<T> = { toArray(): T[]; one(): T }

export interface Storage {
  sql: { exec<T extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): Cursor<T> }
  transactionSync<T>(run: () => T): T
}

/** Append-only lists of statements. A storage that slept through a release catches up from wherever it stopped. */
export function migrate(storage: Storage, migrations: readonly string[]): void {
  storage.sql.exec('CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY)')
  const { n: done } = storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM migration').one()
  for (let id = done; id < migrations.length; id++) {
    storage.transactionSync(() => {
      storage.sql.exec(migrations[id] as string)
      storage.sql.exec('INSERT INTO migration (id) VALUES (?)', id)
    })
  }
}

// The name by which an object was asked for. A cluster's member that takes over a dead peer's alarms wakes objects without
// saying their names (workerd 1.20261117.1), so each keeps its own: an object without its name cannot know its region.

/** Empty where neither the runtime nor the storage knows it. Call it in the constructor. */
export function ownName({ id, storage }: Pick<DurableObjectState, 'id' | 'storage'>): string {
  storage.sql.exec('CREATE TABLE IF NOT EXISTS own_name (name TEXT NOT NULL)')
  const [kept] = storage.sql.exec<{ name: string }>('SELECT name FROM own_name').toArray()
  if (kept) return kept.name
  if (id.name) storage.sql.exec('INSERT INTO own_name (name) VALUES (?)', id.name)
  return id.name ?? ''
}

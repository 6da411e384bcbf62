// The room's own copy of the reference data, so that every card, PIN and log-in works while Postgres is away.

import type {
  DeviceRow,
  DirectoryBodies,
  DirectoryKind,
  DirectoryRow,
  DriverCard,
  UserRow,
  VehicleCard,
} from '../domain/directory'
import type { Storage } from '../durable/storage'

type Stored = { kind: DirectoryKind; id: string; version: number; body: string | null }

/** What intakes need: users and their password hashes stay in the room. */
const FOR_INTAKES = "kind IN ('device', 'driver', 'vehicle', 'duty')"

const RECENT_MAX = 20_000

export class Directory {
  // Bodies as they are on disk, also those that are not there: every press asks for its device.
  private readonly recent = new Map<string, string | null>()
  /** Read once: in a storm it is asked every second, and reading it is reading every device. */
  private renewed: Record<string, number> | null = null
  /** Read once, too. Devices by their driver and by their vehicle. */
  private crews: ReadonlyMap<string, readonly string[]> | null = null
  private newest: { all: number; forIntakes: number } | null = null
  /** Counts up with whatever may have changed, for those who keep what they have read. */
  changes = 0

  constructor(private readonly storage: Storage) {}

  /** Newest version here; 0 while there is no copy at all. */
  get version(): number {
    return this.versions.all
  }

  /** Takes newer rows; gives those that were. An older version of a row changes nothing. */
  learn(rows: readonly DirectoryRow[]): DirectoryRow[] {
    this.reload()
    return rows.filter((row) => {
      const [known] = this.storage.sql
        .exec<{ version: number }>('SELECT version FROM directory WHERE kind = ? AND id = ?', row.kind, row.id)
        .toArray()
      if (known && known.version >= row.version) return false
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO directory (kind, id, version, body) VALUES (?, ?, ?, ?)',
        row.kind,
        row.id,
        row.version,
        row.body === null ? null : JSON.stringify(row.body),
      )
      return true
    })
  }

  newerForIntakes(version: number, limit: number): { rows: DirectoryRow[]; more: boolean } {
    if (version >= this.versions.forIntakes) return { rows: [], more: false }
    const stored = this.storage.sql
      .exec<Stored>(
        `SELECT kind, id, version, body FROM directory WHERE version > ? AND ${FOR_INTAKES} ORDER BY version LIMIT ?`,
        version,
        limit + 1,
      )
      .toArray()
    return { rows: stored.slice(0, limit).map(rowOf), more: stored.length > limit }
  }

  get<K extends DirectoryKind>(kind: K, id: string): DirectoryBodies[K] | null {
    const key = `${kind}:${id}`
    let body = this.recent.get(key)
    if (body === undefined) {
      const rows = this.storage.sql.exec<{ body: string | null }>(
        'SELECT body FROM directory WHERE kind = ? AND id = ?',
        kind,
        id,
      )
      body = rows.toArray()[0]?.body ?? null
      if (this.recent.size >= RECENT_MAX) this.recent.clear()
      this.recent.set(key, body)
    }
    return body === null ? null : (JSON.parse(body) as DirectoryBodies[K])
  }

  /** What is on disk may have changed. */
  reload(): void {
    this.changes++
    this.recent.clear()
    this.newest = null
    this.renewed = null
    this.crews = null
  }

  private get versions(): { all: number; forIntakes: number } {
    this.newest ??= this.storage.sql
      .exec<{ all: number; forIntakes: number }>(
        `SELECT coalesce(max(version), 0) AS "all", coalesce(max(version) FILTER (WHERE ${FOR_INTAKES}), 0) AS forIntakes FROM directory`,
      )
      .one()
    return this.newest
  }

  cardsOf(deviceId: string): { driver: DriverCard | null; vehicle: VehicleCard | null } {
    const device = this.get('device', deviceId)
    return {
      driver: device?.driverId ? this.get('driver', device.driverId) : null,
      vehicle: device?.vehicleId ? this.get('vehicle', device.vehicleId) : null,
    }
  }

  /** Devices whose first tokens are revoked: what the fleet shards must know to drop what those still report. */
  minGenerations(): Record<string, number> {
    this.renewed ??= Object.fromEntries(
      this.all('device')
        .filter(({ minGeneration }) => minGeneration > 1)
        .map(({ id, minGeneration }) => [id, minGeneration]),
    )
    return this.renewed
  }

  /** Other devices of its driver or its vehicle: the tracker that is built in, a second phone. */
  companionsOf(deviceId: string): string[] {
    const device = this.get('device', deviceId)
    if (!device) return []
    this.crews ??= crewsOf(this.all('device'))
    const found = crewsFor(device).flatMap((crew) => this.crews?.get(crew) ?? [])
    return [...new Set(found)].filter((id) => id !== deviceId)
  }

  /** The device in the vehicle of this plate or conduction sticker, spaces and case apart. */
  deviceOfPlate(plate: string): string | null {
    const wanted = plate.replaceAll(/[\s-]/g, '').toLowerCase()
    const vehicle = this.all('vehicle').find(({ plate: own, conduction }) =>
      [own, conduction].some((each) => each?.replaceAll(/[\s-]/g, '').toLowerCase() === wanted),
    )
    return vehicle ? (this.all('device').find(({ vehicleId }) => vehicleId === vehicle.id)?.id ?? null) : null
  }

  userByEmail(email: string): UserRow | null {
    const wanted = email.trim().toLowerCase()
    return this.all('user').find((user) => user.email.toLowerCase() === wanted) ?? null
  }

  /** Read from the disk and parsed each time: whoever asks often keeps them, by `changes`. */
  all<K extends DirectoryKind>(kind: K): DirectoryBodies[K][] {
    return this.storage.sql
      .exec<{ body: string }>('SELECT body FROM directory WHERE kind = ? AND body IS NOT NULL', kind)
      .toArray()
      .map(({ body }) => JSON.parse(body) as DirectoryBodies[K])
  }
}

const crewsFor = ({ driverId, vehicleId }: DeviceRow): string[] => [
  ...(driverId === null ? [] : [`driver:${driverId}`]),
  ...(vehicleId === null ? [] : [`vehicle:${vehicleId}`]),
]

function crewsOf(devices: readonly DeviceRow[]): Map<string, string[]> {
  const crews = new Map<string, string[]>()
  for (const device of devices)
    for (const crew of crewsFor(device)) crews.set(crew, [...(crews.get(crew) ?? []), device.id])
  return crews
}

const rowOf = ({ kind, id, version, body }: Stored): DirectoryRow =>
  ({ kind, id, version, body: body === null ? null : JSON.parse(body) }) as DirectoryRow

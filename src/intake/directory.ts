// The rows of the directory that an intake was handed: whose token is revoked, whose PIN is right, whom to page.
// The room sends them; an intake never asks anyone else.

import type {
  DeviceRow,
  DirectoryBodies,
  DirectoryKind,
  DirectoryRow,
  DriverCard,
  DutyCard,
  VehicleCard,
} from '../domain/directory'
import { tokenHolderOf } from '../domain/gateway'
import type { RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'

export class Directory {
  /** Both from the disk, at first use: every press asks for the one, and every batch for the other. */
  private revoked: Map<string, number> | null = null
  private known: number | null = null

  constructor(private readonly storage: Storage) {}

  /** After a transaction that failed. */
  reload(): void {
    this.revoked = null
    this.known = null
  }

  /** The version up to which this copy is complete. */
  get version(): number {
    this.known ??=
      this.storage.sql.exec<{ value: number }>("SELECT value FROM meta WHERE name = 'directory'").toArray()[0]?.value ??
      0
    return this.known
  }

  /** True for a token that is older than the oldest still good one of its device. */
  isRevoked(deviceId: string, generation: number): boolean {
    this.revoked ??= this.readRevoked()
    return (this.revoked.get(tokenHolderOf(deviceId)) ?? 0) > generation
  }

  /** Null where this intake has not heard of the device, or it was removed. */
  device(id: string): DeviceRow | null {
    return this.body('device', id)
  }

  dutyCard(region: RegionId): DutyCard | null {
    return this.body('duty', region)
  }

  /** Who and what to say on a card that is shown without the room. */
  nameOf(deviceId: string): { driver: string | null; plate: string | null } {
    const { driver, vehicle } = this.cardsOf(deviceId)
    return { driver: driver?.name ?? null, plate: vehicle?.plate ?? vehicle?.conduction ?? null }
  }

  /** Whose phone and which vehicle, as a card has them. */
  cardsOf(deviceId: string): { driver: DriverCard | null; vehicle: VehicleCard | null } {
    const device = this.device(deviceId)
    return {
      driver: device?.driverId ? this.body('driver', device.driverId) : null,
      vehicle: device?.vehicleId ? this.body('vehicle', device.vehicleId) : null,
    }
  }

  /** Takes newer rows, leaves older ones. Answers the devices that are known anew or differently. */
  learn(rows: readonly DirectoryRow[], version: number): string[] {
    const devices: string[] = []
    for (const row of rows) {
      // Log-in is the room's business: password hashes have no place here.
      if (row.kind === 'user') continue
      const taken = this.storage.sql
        .exec(
          `INSERT INTO directory (kind, id, version, body) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body
         WHERE excluded.version >= directory.version RETURNING version`,
          row.kind,
          row.id,
          row.version,
          row.body === null ? null : JSON.stringify(row.body),
        )
        // Read in any case: workerd cannot end a transaction over a statement that still has a row to give.
        .toArray()
      if (row.kind !== 'device') continue
      devices.push(row.id)
      if (taken.length > 0) this.notice(row.id, row.body?.minGeneration ?? 0)
    }
    if (version > this.version) {
      this.known = version
      this.storage.sql.exec(
        "INSERT INTO meta (name, value) VALUES ('directory', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        version,
      )
    }
    return devices
  }

  private notice(deviceId: string, least: number): void {
    if (least > 0) this.revoked?.set(deviceId, least)
    else this.revoked?.delete(deviceId)
  }

  /** Few devices have ever had a token revoked. */
  private readRevoked(): Map<string, number> {
    const rows = this.storage.sql.exec<{ id: string; least: number }>(
      `SELECT id, body ->> 'minGeneration' AS least FROM directory WHERE kind = 'device' AND body ->> 'minGeneration' > 0`,
    )
    return new Map(rows.toArray().map(({ id, least }) => [id, least]))
  }

  private body<K extends DirectoryKind>(kind: K, id: string): DirectoryBodies[K] | null {
    const [row] = this.storage.sql
      .exec<{ body: string | null }>('SELECT body FROM directory WHERE kind = ? AND id = ?', kind, id)
      .toArray()
    return row?.body ? (JSON.parse(row.body) as DirectoryBodies[K]) : null
  }
}

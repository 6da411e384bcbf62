// The rows of the directory that an intake was handed: whose token is revoked, whose PIN is right, whom to page.
// The room sends them; an intake never asks anyone else.

import type { DeviceRow, DirectoryBodies, DirectoryKind, DirectoryRow, DutyCard } from '../domain/directory'
import type { RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'

export class Directory {
  constructor(private readonly storage: Storage) {}

  /** The version up to which this copy is complete. */
  get version(): number {
    const [row] = this.storage.sql.exec<{ value: number }>("SELECT value FROM meta WHERE name = 'directory'").toArray()
    return row?.value ?? 0
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
    const device = this.device(deviceId)
    const driver = device?.driverId ? this.body('driver', device.driverId) : null
    const vehicle = device?.vehicleId ? this.body('vehicle', device.vehicleId) : null
    return { driver: driver?.name ?? null, plate: vehicle?.plate ?? vehicle?.conduction ?? null }
  }

  /** Takes newer rows, leaves older ones. Answers the devices that are known anew or differently. */
  learn(rows: readonly DirectoryRow[], version: number): string[] {
    const devices: string[] = []
    for (const row of rows) {
      // Log-in is the room's business: password hashes have no place here.
      if (row.kind === 'user') continue
      this.storage.sql.exec(
        `INSERT INTO directory (kind, id, version, body) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body
         WHERE excluded.version >= directory.version`,
        row.kind,
        row.id,
        row.version,
        row.body === null ? null : JSON.stringify(row.body),
      )
      if (row.kind === 'device') devices.push(row.id)
    }
    if (version > this.version)
      this.storage.sql.exec(
        "INSERT INTO meta (name, value) VALUES ('directory', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        version,
      )
    return devices
  }

  private body<K extends DirectoryKind>(kind: K, id: string): DirectoryBodies[K] | null {
    const [row] = this.storage.sql
      .exec<{ body: string | null }>('SELECT body FROM directory WHERE kind = ? AND id = ?', kind, id)
      .toArray()
    return row?.body ? (JSON.parse(row.body) as DirectoryBodies[K]) : null
  }
}

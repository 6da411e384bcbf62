// Who is in the directory of a world: drivers with their phones and PINs, people on duty, and whom an intake may call.

import type { DeviceRow, DirectoryRow } from '../../../src/domain/directory'
import type { Duty } from '../../../src/domain/duty'
import { pinMac } from '../../../src/intake/pin'
import { START } from '../world/time'
import { DURESS, PEPPER, PIN } from './phone'

const WEEK_MS = 7 * 86_400_000

const ON_DUTY: readonly (readonly [id: string, duty: Duty, phone: string])[] = [
  ['ana', 'lead', '+639170000101'],
  ['ben', 'second_lead', '+639170000102'],
  ['dina', 'management', '+639170000103'],
]

export function contactRows(devices: readonly number[]): DirectoryRow[] {
  let version = 0
  const rows: DirectoryRow[] = []
  for (const [id, duty, phone] of ON_DUTY) {
    rows.push({
      kind: 'contact',
      id,
      version: ++version,
      body: {
        id,
        region: 'NCR',
        name: id,
        lang: 'en',
        addresses: [
          { channel: 'voice', to: phone },
          { channel: 'sms', to: phone },
        ],
        teams: [],
        uid: null,
        active: true,
      },
    })
    rows.push({
      kind: 'shift',
      id: `shift-${id}`,
      version: ++version,
      body: {
        id: `shift-${id}`,
        region: 'NCR',
        duty,
        contactId: id,
        from: START - WEEK_MS / 2,
        until: START + WEEK_MS / 2,
        weekly: true,
        weeklyUntil: null,
        override: false,
        note: null,
      },
    })
  }
  rows.push({
    kind: 'duty',
    id: 'NCR',
    version: ++version,
    body: { id: 'NCR', phones: [{ name: 'ana', phone: '+639170000101' }] },
  })
  for (const device of new Set(devices)) {
    const id = `dev-${device}`
    rows.push({
      kind: 'driver',
      id: `drv-${device}`,
      version: ++version,
      body: { id: `drv-${device}`, name: `Driver ${device}`, phone: `+6391711110${String(device).padStart(2, '0')}` },
    })
    const body: DeviceRow = {
      id,
      home: 'NCR',
      driverId: `drv-${device}`,
      vehicleId: null,
      minGeneration: 1,
      pinMac: macOf(PIN, id),
      duressPinMac: macOf(DURESS, id),
    }
    rows.push({ kind: 'device', id, version: ++version, body })
  }
  return rows
}

const macs = new Map<string, string>()

function macOf(pin: string, deviceId: string): string {
  const key = `${pin} ${deviceId}`
  const known = macs.get(key) ?? pinMac(PEPPER, deviceId, pin)
  macs.set(key, known)
  return known
}

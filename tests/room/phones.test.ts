import { expect, test } from 'bun:test'
import type { DeviceRow, DirectoryRow } from '../../src/domain/directory'
import { deviceOfPhone } from '../../src/room/phones'
import { openRoom } from '../support/room'

const driver = (id: string, phone: string | null, version = 1): DirectoryRow => ({
  kind: 'driver',
  id,
  version,
  body: { id, name: id, phone },
})
const device = (id: string, over: Partial<DeviceRow>): DirectoryRow => ({
  kind: 'device',
  id,
  version: 1,
  body: {
    id,
    home: 'NCR',
    driverId: null,
    vehicleId: null,
    minGeneration: 1,
    pinMac: null,
    duressPinMac: null,
    ...over,
  },
})

test('a number is its driver’s device, the one in a vehicle first, however the directory writes the number', () => {
  const { room } = openRoom()
  const of = (phone: string) => deviceOfPhone(room.directory, phone)
  room.learn([driver('d1', '0917 555 0147'), driver('d2', '+63 917 555 0148'), driver('d3', null)])
  room.learn([
    device('a-spare', { driverId: 'd1' }),
    device('b-car', { driverId: 'd1', vehicleId: 'v1', minGeneration: 4 }),
  ])
  expect(of('+639175550147')).toEqual({ deviceId: 'b-car', home: 'NCR', generation: 4 })
  // A driver without a device, and a number without a driver.
  expect(of('+639175550148')).toBeNull()
  expect(of('+639175550149')).toBeNull()
})

test('a number that changes hands is known by the next text', () => {
  const { room } = openRoom()
  room.learn([driver('d1', '+639175550147'), device('NCR-1', { driverId: 'd1' }), device('NCR-2', { driverId: 'd2' })])
  expect(deviceOfPhone(room.directory, '+639175550147')?.deviceId).toBe('NCR-1')
  room.learn([driver('d1', '+639175550000', 2), driver('d2', '+639175550147', 2)])
  expect(deviceOfPhone(room.directory, '+639175550147')?.deviceId).toBe('NCR-2')
})

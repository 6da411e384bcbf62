// A Traccar server's one address for its whole fleet, before real intakes.

import { expect, test } from 'bun:test'
import type { Report } from '../../src/domain/report'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { setUp } from './doors-support'

function gateway() {
  const reports: Report[] = []
  const set = setUp(
    {},
    {
      fleet: () => ({
        report: async (some: Report[]) => {
          reports.push(...some)
          return { queued: 0 }
        },
      }),
    },
  )
  const token = signDeviceToken(parseKeys(set.env.DEVICE_KEYS), {
    deviceId: 'gw-ncr',
    home: 'NCR',
    generation: 1,
    expiresAt: 4_000_000_000,
    gateway: true,
  })
  const forward = (body: unknown) =>
    set.ask(`/i/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { ...set, reports, forward }
}

const now = () => new Date(Date.now() - 2_000).toISOString()
const envelope = (uniqueId: string | null, alarm: string | null = null, fixTime = now()) => ({
  position: {
    deviceId: 314,
    deviceTime: fixTime,
    fixTime,
    latitude: 14.5547,
    longitude: 121.0244,
    speed: 10,
    attributes: alarm ? { alarm } : {},
  },
  ...(uniqueId && { device: { id: 314, name: 'ST-901', uniqueId } }),
})

test('an SOS of one tracker is that tracker’s press, also where nobody has enrolled it', async () => {
  const { forward, heard } = gateway()
  expect((await forward(envelope('917000000000', 'sos,lowBattery'))).status).toBe(200)
  expect((await forward(envelope('917000000001', 'sos'))).status).toBe(200)
  expect(heard.map(({ press }) => [press.deviceId, press.home, press.note])).toEqual([
    ['gw-ncr.917000000000', 'NCR', 'ST-901, 917000000000 (gw-ncr)'],
    ['gw-ncr.917000000001', 'NCR', 'ST-901, 917000000001 (gw-ncr)'],
  ])
  expect(new Set(heard.map(({ press }) => press.sosId)).size).toBe(2)
})

test('an SOS without a name is the gateway’s own', async () => {
  const { forward, heard } = gateway()
  expect((await forward(envelope(null, 'sos'))).status).toBe(200)
  expect(heard.map(({ press }) => press.deviceId)).toEqual(['gw-ncr'])
})

test('an alarm that comes as a position and as an event is one press', async () => {
  const { forward, heard } = gateway()
  const at = now()
  const position = envelope('917000000000', 'sos', at)
  await forward(position)
  await forward({ ...position, event: { type: 'alarm', attributes: { alarm: 'sos' }, eventTime: at, deviceId: 314 } })
  expect(new Set(heard.map(({ press }) => press.sosId)).size).toBe(1)
})

test('in one message every tracker that cries is heard, however many cry', async () => {
  const { forward, heard } = gateway()
  const ids = Array.from({ length: 30 }, (_, n) => `t${n}`)
  expect((await forward(ids.map((id) => envelope(id, 'sos')))).status).toBe(200)
  expect(heard.map(({ press }) => press.deviceId).sort()).toEqual(ids.map((id) => `gw-ncr.${id}`).sort())
})

test('positions are each tracker’s own', async () => {
  // What the tests before have left to be carried goes first.
  await Bun.sleep(100)
  const { forward, reports } = gateway()
  await forward([envelope('A'), envelope('B'), envelope(null)])
  await Bun.sleep(100)
  expect(reports.map(({ deviceId, generation }) => [deviceId, generation]).sort()).toEqual([
    ['gw-ncr', 1],
    ['gw-ncr.A', 1],
    ['gw-ncr.B', 1],
  ])
})

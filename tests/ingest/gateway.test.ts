import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { DEVICE_ID } from '../../src/domain/enrolment'
import { gatewayOf, isGateway, tokenHolderOf } from '../../src/domain/gateway'
import { parseKeys, signDeviceToken, verifyDeviceToken } from '../../src/ingest/device-token'
import { bySpeaker, deviceBehind, saidThrough } from '../../src/ingest/gateway'
import { post } from './messages'

const keys = parseKeys(`new:${Buffer.alloc(32, 2).toString('base64url')}`)
const claims = { deviceId: 'gw-ncr', home: 'NCR', generation: 3, expiresAt: 4_000_000_000 } as const
const gateways = fc.stringMatching(/^gw-[A-Za-z0-9_-]{1,17}$/)
const device = (uniqueId: string, name?: string) => ({ id: 1, uniqueId, ...(name && { name }) })
const at = (uniqueId: string, alarm?: string, name?: string) => ({
  position: { latitude: 14.5, longitude: 121, fixTime: '2025-08-23T06:20:00Z', attributes: alarm ? { alarm } : {} },
  device: device(uniqueId, name),
})
const gateway = verifyDeviceToken(keys, signDeviceToken(keys, { ...claims, gateway: true }), 0)
if (!gateway.genuine) throw new Error('forged')

describe("a gateway's token", () => {
  test('says that it is one; a device’s does not', () => {
    expect(gateway).toEqual({
      genuine: true,
      deviceId: 'gw-ncr',
      home: 'NCR',
      generation: 3,
      expired: false,
      gateway: true,
    })
    expect(verifyDeviceToken(keys, signDeviceToken(keys, claims), 0)).not.toHaveProperty('gateway')
  })

  test('cannot be made of a device’s, nor the other way', () => {
    for (const own of [true, false]) {
      const token = signDeviceToken(keys, { ...claims, gateway: own })
      const turned = (own ? 'd1' : 'g1') + token.slice(2)
      expect(verifyDeviceToken(keys, turned, 0)).toEqual({ genuine: false })
    }
  })
})

describe('the name of a device behind a gateway', () => {
  test('can be read where that is possible, and is never that of another', () => {
    expect(deviceBehind('gw-ncr', '917000000000')).toBe('gw-ncr.917000000000')
    expect(deviceBehind('gw-ncr', ' 353861053849681 ')).toBe('gw-ncr.353861053849681')
    expect(deviceBehind('gw-ncr', 'Juan’s jeep, the green one')).toMatch(/^gw-ncr\.x-[0-9a-f]{17}$/)
    expect(deviceBehind('gw-ncr', '')).toBeNull()
    expect(deviceBehind('gw-ncr', ' \0 ')).not.toBe('gw-ncr.')
    fc.assert(
      fc.property(gateways, fc.string({ maxLength: 64 }), gateways, fc.string({ maxLength: 64 }), (a, x, b, y) => {
        const [one, two] = [deviceBehind(a, x), deviceBehind(b, y)]
        if (one !== null) expect(one).toMatch(DEVICE_ID)
        if (one !== null && one === two) expect([a, x.trim()]).toEqual([b, y.trim()])
      }),
    )
    // One that looks like a digest is none.
    const digest = deviceBehind('gw-a', 'a b')?.slice('gw-a.'.length) ?? ''
    expect(deviceBehind('gw-a', digest)).not.toBe(deviceBehind('gw-a', 'a b'))
  })

  test('says through whom it speaks; no other name does', () => {
    expect(gatewayOf('gw-ncr.917000000000')).toBe('gw-ncr')
    expect(gatewayOf('gw-ncr.a.b')).toBe('gw-ncr')
    for (const id of ['gw-ncr', 'ncr-01', 'ncr.01', 'gw-.1', 'gw-a b.1', `gw-${'x'.repeat(18)}.1`])
      expect(gatewayOf(id)).toBeNull()
    expect([isGateway('gw-ncr'), isGateway('gw-ncr.1'), isGateway('ncr')]).toEqual([true, false, false])
    expect([tokenHolderOf('gw-ncr.1'), tokenHolderOf('ncr-1')]).toEqual(['gw-ncr', 'ncr-1'])
  })
})

describe('what comes through a gateway', () => {
  test('is each device’s own, in its order; what names nobody is the gateway’s', () => {
    const { items } = post([at('A'), at('B'), at('A', 'sos'), { position: { latitude: 14.5, longitude: 121 } }])
    const spoken = bySpeaker(gateway, items)
    expect(
      spoken.map(({ speaker, items: own }) => [speaker.genuine && speaker.deviceId, own.map(({ sos }) => sos)]),
    ).toEqual([
      ['gw-ncr.A', [false, true]],
      ['gw-ncr.B', [false]],
      ['gw-ncr', [false]],
    ])
    expect(spoken[0]?.speaker).toEqual({
      genuine: true,
      deviceId: 'gw-ncr.A',
      home: 'NCR',
      generation: 3,
      expired: false,
    })
  })

  test('of a device of its own is that device’s, whatever it says', () => {
    const own = { genuine: true, deviceId: 'ncr-1', home: 'NCR', generation: 1, expired: false } as const
    const { items } = post([at('A', 'sos'), at('B')])
    expect(bySpeaker(own, items)).toEqual([{ speaker: own, items }])
    expect(items.map((item) => saidThrough(own, item).note)).toEqual([null, null])
  })

  test('carries what its server calls the device, for whoever nobody has enrolled', () => {
    const [item] = post(at('917000000000', 'sos', 'ST-901')).items
    if (!item) throw new Error('nothing was read')
    expect(saidThrough(gateway, item).note).toBe('ST-901, 917000000000 (gw-ncr)')
    const { claimedName, ...unnamed } = item
    expect(claimedName).toBe('ST-901')
    expect(saidThrough(gateway, unnamed).note).toBe('917000000000 (gw-ncr)')
    const words = { ...item, fields: { ...item.fields, note: 'help' } }
    expect(saidThrough(gateway, words).note).toBe('help')
  })
})

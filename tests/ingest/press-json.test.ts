import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { KINDS } from '../../src/domain/press'
import { toPress } from '../../src/ingest/press'
import { NOTE_MAX, pressFields, readPressText } from '../../src/ingest/press-json'

const NOW = Date.UTC(2026, 7, 24, 5, 5, 5)
const device = { genuine: true, deviceId: 'NCR-1', home: 'NCR', generation: 2, expired: false } as const
const read = (value: unknown) => pressFields(value, NOW)
const pressOf = (text: string, over: Partial<typeof device> | { expired: true } = {}) =>
  toPress({ ...device, ...over }, readPressText(text, NOW).fields, {
    door: 'api',
    reporter: 'driver',
    receivedAt: NOW,
    body: text,
  })

describe('our own message of a press', () => {
  test('says that its place is made up, and is labelled for it', () => {
    const text = JSON.stringify({ position: { lat: 14.5547, lng: 121.0244, mocked: true } })
    expect(readPressText(text, NOW).fields.position?.doubts).toEqual(['mocked'])
    const no = JSON.stringify({ position: { lat: 14.5547, lng: 121.0244, mocked: 'perhaps' } })
    expect(readPressText(no, NOW).fields.position?.doubts).toEqual([])
  })

  test('is read whole', () => {
    const message = {
      id: '6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0001',
      kind: 'medical',
      position: {
        lat: 14.5547,
        lng: 121.0244,
        accuracyM: 8,
        headingDeg: 90,
        speedMps: 3.5,
        fixedAt: '2026-08-24T05:05:00Z',
      },
      safeToTalk: true,
      note: 'Masakit ang dibdib',
      pressedAt: '2026-08-24T13:05:01+08:00',
      tripId: 'T-9',
    }
    expect(readPressText(JSON.stringify(message), NOW)).toEqual({
      readable: true,
      claimedId: null,
      fields: {
        clientId: message.id,
        kind: 'medical',
        position: {
          lat: 14.5547,
          lng: 121.0244,
          accuracyM: 8,
          headingDeg: 90,
          speedMps: 3.5,
          fixedAt: Date.UTC(2026, 7, 24, 5, 5, 0),
          batteryPct: null,
          doubts: [],
        },
        safeToTalk: true,
        note: 'Masakit ang dibdib',
        tripId: 'T-9',
        pressedAt: Date.UTC(2026, 7, 24, 5, 5, 1),
        labels: [],
      },
    })
  })

  test('may be empty: a panic of unknown place, and nothing odd about it', () => {
    expect(read({})).toMatchObject({ kind: 'panic', position: null, safeToTalk: null, note: null, labels: [] })
    expect(pressOf('').labels).toEqual(['no_fix'])
  })

  test.each([
    [{ kind: 'dragon' }, { kind: 'panic' }],
    [
      { kind: 7, note: 'x' },
      { kind: 'panic', note: 'x' },
    ],
    [{ safeToTalk: 'yes' }, { safeToTalk: null }],
    [{ position: 'here' }, { position: null }],
    [{ position: { lat: 91, lng: 121 } }, { position: null }],
    [{ position: { lat: 14.6, lng: 121, accuracyM: 'good' } }, { position: { lat: 14.6, accuracyM: null } }],
    [{ pressedAt: 'yesterday' }, { pressedAt: null }],
    [{ id: 'x' }, { clientId: null }],
    [{ note: 'x'.repeat(NOTE_MAX + 1) }, { note: 'x'.repeat(NOTE_MAX) }],
  ])('loses only the field that cannot be used: %j', (message, expected) => {
    expect(read(message)).toMatchObject({ ...expected, labels: ['garbled'] })
  })

  test.each(['{', '[]', '[1,2]', 'null', '42', '"sos"', 'tulong!', '{"kind":"fire"'])(
    '%s is garbled, and a press',
    (text) => {
      const found = readPressText(text, NOW)
      expect(found.readable).toBe(false)
      expect(found.fields.labels).toEqual(['garbled'])
    },
  )

  test('that broke off gives the kind and place it had already said', () => {
    const { fields } = readPressText('{"kind":"fire","position":{"lat":14.5,"lng":121.25,"accu', NOW)
    expect(fields).toMatchObject({ kind: 'fire', position: { lat: 14.5, lng: 121.25 }, labels: ['garbled'] })
  })

  test('has text that a database can store', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (note) => {
        const { note: kept } = read({ note })
        if (kept === null) return
        expect(kept.isWellFormed()).toBe(true)
        expect(kept).not.toContain('\0')
        expect(kept.length).toBeLessThanOrEqual(NOTE_MAX)
      }),
    )
    expect(read({ note: 'a\0b\ud800' }).note).toBe('a\ufffdb\ufffd')
  })

  test('may be any text whatever: always a press of a known kind', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(KINDS).toContain(pressOf(text).kind)
      }),
    )
  })
})

describe('the labels of a press', () => {
  const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()
  const place = { lat: 14.6, lng: 121 }
  test.each([
    [{ position: place }, []],
    [{}, ['no_fix']],
    [{ position: { lat: 0, lng: 0 } }, ['null_island']],
    [{ position: { lat: 51.5, lng: 0 } }, ['out_of_country']],
    [{ position: { ...place, fixedAt: at(-121) } }, ['stale_fix']],
    [{ position: { ...place, fixedAt: at(3600) } }, ['wrong_clock']],
    [{ position: place, pressedAt: at(-119) }, []],
    [{ position: place, pressedAt: at(-121) }, ['delayed']],
    [{ position: place, pressedAt: at(121) }, ['wrong_clock']],
    [{ position: place, pressedAt: at(-365 * 86_400) }, ['wrong_clock']],
    [{ position: place, pressedAt: '2026-08-24 05:05:00' }, ['wrong_clock']],
  ])('%j -> %j', (message, labels) => {
    expect([...pressOf(JSON.stringify(message)).labels]).toEqual(labels as never[])
  })

  test('say that the token has expired', () => {
    expect(pressOf('{"position":{"lat":14.6,"lng":121}}', { expired: true }).labels).toEqual(['expired_token'])
  })
})

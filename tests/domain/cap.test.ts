import { afterAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import fc from 'fast-check'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { type CapInput, capAlert, capIdentifier, capIncident } from '../../src/domain/cap'
import { PRIORITIES } from '../../src/domain/incident'
import { KINDS } from '../../src/domain/press'

const schema = XmlDocument.fromString(await Bun.file(join(import.meta.dir, '../fixtures/cap-1.2.xsd')).text())
const validator = XsdValidator.fromDoc(schema)
afterAll(() => {
  validator.dispose()
  schema.dispose()
})

const NS = { cap: 'urn:oasis:names:tc:emergency:cap:1.2' }

/** Null where the document holds to the standard's schema, else what is wrong. */
function fault(xml: string): string | null {
  let document: XmlDocument | null = null
  try {
    document = XmlDocument.fromString(xml)
    validator.validate(document)
    return null
  } catch (error) {
    return String(error)
  } finally {
    document?.dispose()
  }
}

/** Texts of all elements that an XPath finds. */
function texts(xml: string, path: string): string[] {
  const document = XmlDocument.fromString(xml)
  const found = document.find(path, NS).map((node) => node.content)
  document.dispose()
  return found
}

/** 13:05:00 of 24 August 2026 in Manila. */
const SENT = Date.UTC(2026, 7, 24, 5, 5, 0)
const incident = capIncident({ id: '01d00000-0000-8000-8000-0000abcdef12', code: 'NCR-123', receivedAt: SENT })

const anAlert = (changes: Partial<CapInput> = {}): CapInput => ({
  identifier: capIdentifier(incident, 1),
  sender: 'tower@xpress.example.ph',
  sentAt: SENT,
  msgType: 'Alert',
  references: [],
  addresses: ['911-ncr'],
  incident,
  drill: false,
  reason: null,
  code: 'NCR-123',
  region: 'NCR',
  priority: 'P1',
  kind: 'panic',
  contactPolicy: 'quiet',
  certainty: 'pressed',
  vehicle: { plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'white' },
  place: 'EDSA near Ortigas Ave, Mandaluyong',
  position: { lat: 14.5873, lng: 121.0565, accuracyM: 12, headingDeg: 15, speedMps: 8.9, fixedAt: SENT - 12_000 },
  pressedAt: SENT - 60_000,
  towerPhone: '+63 2 8654 0000',
  liveLocation: null,
  ...changes,
})

describe('the first message of an incident', () => {
  const xml = capAlert(anAlert())

  test('holds to the schema of CAP 1.2', () => expect(fault(xml)).toBeNull())

  test('is private, actual, by Manila’s clock with its offset', () => {
    expect(xml).toContain(
      [
        '<identifier>XOT-NCR-20260824-000123-abcdef12.1</identifier><sender>tower@xpress.example.ph</sender>',
        '<sent>2026-08-24T13:05:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Private</scope>',
        '<addresses>911-ncr</addresses><incidents>XOT-NCR-20260824-000123-abcdef12</incidents>',
      ].join(''),
    )
    expect(xml).not.toMatch(/\dZ</)
  })

  test('says it in English and Filipino, and not to call the driver', () => {
    expect(texts(xml, '//cap:language')).toEqual(['en-PH', 'fil-PH'])
    expect(texts(xml, '//cap:headline')).toEqual([
      'Driver SOS, plate NAB 1234, EDSA near Ortigas Ave, Mandaluyong',
      'SOS ng drayber, plaka NAB 1234, EDSA near Ortigas Ave, Mandaluyong',
    ])
    expect(texts(xml, '//cap:description')).toEqual([
      'Silent alarm. Do not call the driver. white Toyota Vios. Moving 32 km/h heading 015.',
      'Tahimik na alarma. Huwag tawagan ang drayber. puting Toyota Vios. Umaandar nang 32 km/h patungong 015.',
    ])
    expect(texts(xml, '//cap:info[1]/cap:urgency | //cap:info[1]/cap:severity | //cap:info[1]/cap:certainty')).toEqual([
      'Immediate',
      'Severe',
      'Observed',
    ])
  })

  test('draws a circle of the fix’s own accuracy, in kilometres, and names what machines need', () => {
    expect(texts(xml, '//cap:info[1]/cap:area/cap:circle')).toEqual(['14.587300,121.056500 0.012'])
    const names = texts(xml, '//cap:info[1]/cap:parameter/cap:valueName')
    const values = texts(xml, '//cap:info[1]/cap:parameter/cap:value')
    expect(Object.fromEntries(names.map((name, at) => [name, values[at]]))).toEqual({
      silentCommunication: 'true',
      incidentCode: 'NCR-123',
      priority: 'P1',
      vehiclePlate: 'NAB 1234',
      vehicleColour: 'white',
      vehicleMake: 'Toyota',
      vehicleModel: 'Vios',
      pressedAt: '2026-08-24T13:04:00+08:00',
      positionAt: '2026-08-24T13:04:48+08:00',
      positionAccuracyM: '12',
      headingDegrees: '15',
      speedKmh: '32',
    })
  })
})

describe('further messages', () => {
  const references = [
    { identifier: capIdentifier(incident, 1), sentAt: SENT - 79_000 },
    { identifier: capIdentifier(incident, 2), sentAt: SENT - 40_000 },
  ]

  test('an update refers to all before it', () => {
    const xml = capAlert(anAlert({ msgType: 'Update', identifier: capIdentifier(incident, 3), references }))
    expect(fault(xml)).toBeNull()
    expect(texts(xml, '//cap:references')).toEqual([
      'tower@xpress.example.ph,XOT-NCR-20260824-000123-abcdef12.1,2026-08-24T13:03:41+08:00 tower@xpress.example.ph,XOT-NCR-20260824-000123-abcdef12.2,2026-08-24T13:04:20+08:00',
    ])
  })

  test('a cancel says why, that it is past, and no longer what to do', () => {
    const xml = capAlert(anAlert({ msgType: 'Cancel', references, reason: 'False alarm.', certainty: 'unfounded' }))
    expect(fault(xml)).toBeNull()
    expect(texts(xml, '//cap:note')).toEqual(['False alarm.'])
    expect(texts(xml, '//cap:urgency')).toEqual(['Past', 'Past'])
    expect(texts(xml, '//cap:certainty')).toEqual(['Unlikely', 'Unlikely'])
    expect(texts(xml, '//cap:responseType')).toEqual(['AllClear', 'AllClear'])
    expect(texts(xml, '//cap:instruction')).toEqual([])
  })

  test('without a reference, or to nobody, there is none', () => {
    expect(() => capAlert(anAlert({ msgType: 'Update' }))).toThrow('refers to what came before')
    expect(() => capAlert(anAlert({ msgType: 'Cancel' }))).toThrow('refers to what came before')
    expect(() => capAlert(anAlert({ addresses: [' '] }))).toThrow('addressed to somebody')
  })
})

test('a drill is an Exercise, and says so first in all that people read', () => {
  const xml = capAlert(anAlert({ drill: true }))
  expect(fault(xml)).toBeNull()
  expect(texts(xml, '//cap:status')).toEqual(['Exercise'])
  for (const path of ['//cap:event', '//cap:headline', '//cap:description']) {
    for (const text of texts(xml, path)) expect(text).toStartWith('DRILL / PAGSASANAY. ')
  }
})

test('kinds have the categories of the standard', () => {
  const categories = (kind: CapInput['kind']) => texts(capAlert(anAlert({ kind })), '//cap:info[1]/cap:category')
  expect(categories('security')).toEqual(['Security'])
  expect(categories('crash')).toEqual(['Transport', 'Rescue'])
  expect(categories('medical')).toEqual(['Health'])
  expect(categories('fire')).toEqual(['Fire'])
})

test('what may be called says so, and gives no silent warning', () => {
  const xml = capAlert(anAlert({ contactPolicy: 'voice_ok', kind: 'crash' }))
  expect(xml).not.toMatch(/silent alarm|do not call/i)
  expect(xml).toContain('<valueName>silentCommunication</valueName><value>false</value>')
})

test('without a position there are words and no circle', () => {
  const xml = capAlert(anAlert({ position: null, place: null, vehicle: null }))
  expect(fault(xml)).toBeNull()
  expect(texts(xml, '//cap:areaDesc')).toEqual(['Position not known', 'Hindi alam ang posisyon'])
  expect(texts(xml, '//cap:circle')).toEqual([])
})

describe('whatever stands in an incident', () => {
  const wild = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '</headline><x>',
      ']]>&lt;&amp;',
      '<!-- --',
      '\u0000\u0008\uFFFE\uD800',
      '"\'<&>',
      'شارع\u202Ex',
      'ñ 🚨',
    ),
  )
  const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
  const double = { noNaN: true, noDefaultInfinity: true }
  const anyInput = fc
    .record({
      identifier: wild,
      sender: wild,
      sentAt: fc.integer({ min: 0, max: 4e12 }),
      msgType: fc.constantFrom('Alert' as const, 'Update' as const, 'Cancel' as const),
      addresses: fc.array(wild, { maxLength: 3 }).map((some) => [...some, '911-ncr']),
      incident: wild,
      drill: fc.boolean(),
      reason: perhaps(wild),
      code: wild,
      priority: fc.constantFrom(...PRIORITIES),
      kind: fc.constantFrom(...KINDS),
      contactPolicy: fc.constantFrom('quiet' as const, 'voice_ok' as const),
      certainty: fc.constantFrom('pressed' as const, 'hinted' as const, 'unfounded' as const),
      place: perhaps(wild),
      vehicle: perhaps(
        fc.record({ plate: perhaps(wild), conduction: perhaps(wild), make: wild, model: wild, colour: wild }),
      ),
      position: perhaps(
        fc.record({
          lat: fc.double({ min: -90, max: 90, ...double }),
          lng: fc.double({ min: -180, max: 180, ...double }),
          accuracyM: perhaps(fc.double({ min: -5, max: 1e7, ...double })),
          headingDeg: perhaps(fc.double({ min: 0, max: 360, ...double })),
          speedMps: perhaps(fc.double({ min: 0, max: 100, ...double })),
          fixedAt: perhaps(fc.integer({ min: 0, max: 4e12 })),
        }),
      ),
      towerPhone: perhaps(wild),
      liveLocation: perhaps(wild),
    })
    .map((input) => anAlert({ ...input, references: [{ identifier: input.identifier, sentAt: input.sentAt }] }))

  test('the document is well formed, holds to the schema, and its names and circles to the standard’s text', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const xml = capAlert(input)
        expect(fault(xml)).toBeNull()
        for (const path of ['//cap:identifier', '//cap:sender', '//cap:incidents']) {
          for (const text of texts(xml, path)) expect(text).not.toMatch(/[\s,<&]/)
        }
        for (const text of texts(xml, '//cap:circle')) {
          expect(text).toMatch(/^-?\d{1,2}\.\d{6},-?\d{1,3}\.\d{6} \d+\.\d{3}$/)
        }
        for (const text of texts(xml, '//cap:references')) expect(text).toMatch(/^[^,\s]*,[^,\s]*,[\d:T-]+\+08:00$/)
        expect(texts(xml, '//cap:areaDesc').every((text) => text.trim() !== '')).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})

describe('the schema itself', () => {
  const good = capAlert(anAlert())
  test.each([
    ['UTC by Z', '2026-08-24T13:05:00+08:00</sent>', '2026-08-24T05:05:00Z</sent>'],
    ['a status of our own', '<status>Actual</status>', '<status>Real</status>'],
    ['no scope', '<scope>Private</scope>', ''],
    ['a category of our own', '<category>Security</category>', '<category>Crime</category>'],
    [
      'another order',
      '<status>Actual</status><msgType>Alert</msgType>',
      '<msgType>Alert</msgType><status>Actual</status>',
    ],
    ['another namespace', 'cap:1.2"', 'cap:1.1"'],
    ['an element that is not closed', '</headline>', ''],
  ])('refuses %s', (_, from, to) => {
    const broken = good.replace(from, to)
    expect(broken).not.toBe(good)
    expect(fault(broken)).not.toBeNull()
  })
})

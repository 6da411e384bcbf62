import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Request, sniff } from '../../src/ingest/sniff'

/** The moment of every fixture's fix, so that none is stale. */
const FIX = 1_755_930_000_000
const NOW = FIX + 5_000
const TOKEN_QUERY_ONLY = { method: 'POST', contentType: '', body: '', now: NOW }

const ask = (query: string, over: Partial<Request> = {}) => sniff({ ...TOKEN_QUERY_ONLY, query, ...over })
const post = (body: string, contentType = 'application/json') => ask('', { body, contentType })
const only = (heard: ReturnType<typeof sniff>) => {
  expect(heard.items).toHaveLength(1)
  return heard.items[0] as (typeof heard.items)[number]
}
const local = (text: string) => Date.parse(`${text}Z`)

describe('Traccar Client 8 and OsmAnd, everything in the address', () => {
  const positions: [what: string, query: string, expected: object][] = [
    [
      'epoch seconds',
      '?id=48241179&timestamp=1755930000&lat=14.5547&lon=121.0244&speed=0.0&bearing=0.0&altitude=0&hdop=0.0',
      { lat: 14.5547, lng: 121.0244, speedMps: 0, headingDeg: 0, fixedAt: FIX, doubts: [] },
    ],
    [
      'an ISO time',
      '?id=48241179&lat=10.3157&lon=123.8854&timestamp=2025-08-23T06%3A20%3A00Z&hdop=6.0&altitude=24.0&speed=0.0',
      { lat: 10.3157, lng: 123.8854, fixedAt: FIX, doubts: [] },
    ],
    [
      'epoch milliseconds',
      '?id=48241179&lat=7.0731&lon=125.6128&timestamp=1755930000123&hdop=6.0&speed=0.0',
      { lat: 7.0731, lng: 125.6128, fixedAt: FIX + 123, doubts: [] },
    ],
    [
      'a time without a zone, read as UTC and flagged',
      '?lat=10.7202&lon=122.5621&timestamp=2025-08-23+06:20:11&altitude=12.7&speed=0.0&id=353861053849681',
      { lat: 10.7202, lng: 122.5621, fixedAt: local('2025-08-23T06:20:11'), doubts: ['local_time'] },
    ],
    [
      'deviceid, heading, hacc and no time',
      '?lat=14.6&lon=121.0&speed=0.0&heading=90.0&vacc=0&hacc=12&altitude=0&deviceid=48241179',
      { lat: 14.6, lng: 121, headingDeg: 90, accuracyM: 12, fixedAt: null, doubts: [] },
    ],
    [
      'no timestamp, a battery',
      '?id=861001000719969&lat=14.666667&lon=120.983333&altitude=35.05&speed=0.000000&batt=87',
      { lat: 14.666667, lng: 120.983333, batteryPct: 87, fixedAt: null },
    ],
    [
      'location=lat,lon',
      '?id=48241179&timestamp=1755930000&location=14.6,121.0',
      { lat: 14.6, lng: 121, fixedAt: FIX },
    ],
    [
      'unknown names among the known',
      '?id=123456789012345&timestamp=1755930000&lat=14.5832&lon=121.0409&bearing=7.19&speed=40&ignition=true&rpm=933&fuel=24',
      { lat: 14.5832, lng: 121.0409, headingDeg: 7.19, speedMps: 40 * 0.514444 },
    ],
    ['no id', '?timestamp=1755930000&lat=14.6&lon=121.0', { lat: 14.6, lng: 121 }],
    ['a mocked place', '?timestamp=1755930000&lat=14.6&lon=121.0&mock=true', { doubts: ['mocked'] }],
  ]
  for (const [what, query, expected] of positions) {
    test(`a position with ${what}`, () => {
      const heard = ask(query)
      const item = only(heard)
      expect(item.sos).toBe(false)
      expect(item.fields.position).toMatchObject(expected)
      expect(heard.protocol).toBe('osmand-query')
      expect(heard.reply).toMatchObject({ status: 200, body: '' })
    })
  }

  test('cells and networks without a fix are a position without a place', () => {
    const item = only(
      ask('?id=1&timestamp=1755930000&cell=515,02,16,2224&cell=515,02,16,2223,-90&wifi=00-14-22-01-23-45,-80'),
    )
    expect(item).toMatchObject({ sos: false, fields: { position: null, pressedAt: FIX, labels: [] } })
  })

  test('the SOS of a phone: knots become m/s, percent stay percent', () => {
    const item = only(
      ask(
        '?id=123456789012345&timestamp=1755930000&lat=14.5547&lon=121.0244&speed=12.5&bearing=90.0&altitude=15.0&accuracy=8.0&batt=41.0&alarm=sos',
      ),
    )
    expect(item).toMatchObject({
      sos: true,
      claimedId: '123456789012345',
      fields: { kind: 'panic', pressedAt: FIX, labels: [] },
    })
    expect(item.fields.position).toEqual({
      lat: 14.5547,
      lng: 121.0244,
      accuracyM: 8,
      headingDeg: 90,
      speedMps: 12.5 * 0.514444,
      fixedAt: FIX,
      batteryPct: 41,
      doubts: [],
    })
  })

  test('the SOS of the test generator, by GET', () => {
    const query =
      '?id=123456789012345&timestamp=1755930000&lat=14.5547&lon=121.0244&altitude=50&bearing=90&speed=40&batt=41&alarm=sos&ignition=false&accuracy=100&rpm=900&fuel=20&driverUniqueId=123456'
    expect(only(ask(query, { method: 'GET' }))).toMatchObject({ sos: true, fields: { position: { accuracyM: 100 } } })
  })

  test.each(['sos', 'SOS', 'sos,lowBattery', 'lowBattery,sos', 'tow%2Csos', 'tow&alarm=sos'])(
    'alarm=%s is a cry',
    (alarm) => {
      expect(only(ask(`?id=1&timestamp=1755930000&lat=14.6&lon=121.0&alarm=${alarm}`)).sos).toBe(true)
    },
  )

  test.each(['lowBattery', 'sosreset', 'nosos', ''])('alarm=%s is none', (alarm) => {
    expect(only(ask(`?id=1&timestamp=1755930000&lat=14.6&lon=121.0&alarm=${alarm}`)).sos).toBe(false)
  })

  test('an SOS without a place, or with an impossible one, is an SOS', () => {
    expect(only(ask('?id=1&timestamp=1755930000&alarm=sos'))).toMatchObject({
      sos: true,
      fields: { position: null, labels: [] },
    })
    expect(only(ask('?id=1&lat=914.5&lon=121.0&alarm=sos'))).toMatchObject({
      sos: true,
      fields: { position: null, labels: ['garbled'] },
    })
  })

  test('the settings in an enrolment link are neither a position nor a cry', () => {
    const link = '?id=DRV-1042&interval=30&distance=50&accuracy=high&heartbeat=120&buffer=true'
    expect(ask(link, { method: 'GET' }).items).toEqual([])
  })
})

describe('Traccar Client 9, JSON', () => {
  const moving =
    '{"location":{"timestamp":"2025-08-23T06:20:00.862Z","coords":{"latitude":14.5547,"longitude":121.0244,"accuracy":5,"speed":3,"heading":-1,"altitude":5},"is_moving":false,"odometer":0,"event":"motionchange","battery":{"level":1,"is_charging":false},"activity":{"type":"still"},"extras":{},"_":"&id=48241179&lat=14.5547&lon=121.0244&timestamp=2025-08-23T06:20:00.862Z&alarm=sos&"},"device_id":"48241179"}'
  const mocked =
    '{"location":{"extras":{},"mock":true,"coords":{"speed_accuracy":-1,"speed":-1,"longitude":123.8854,"ellipsoidal_altitude":0,"floor":null,"heading_accuracy":-1,"latitude":10.3157,"accuracy":5,"altitude_accuracy":-1,"altitude":0,"heading":-1},"is_moving":false,"age":188,"odometer":0,"uuid":"6B1F3C1E-0C0C-4B1E-9D55-3F2A6C1F0001","event":"motionchange","battery":{"level":-1,"is_charging":false},"activity":{"type":"unknown","confidence":100},"timestamp":"2025-08-23T06:20:00.579Z"},"device_id":"658765"}'

  test('a position: m/s stay, -1 is unknown, the battery is a share, the copy for proxies is not read', () => {
    const heard = post(moving)
    expect(heard).toMatchObject({
      protocol: 'transistorsoft-json',
      reply: { status: 200, body: '{}', contentType: 'application/json' },
    })
    const item = only(heard)
    expect(item).toMatchObject({ sos: false, claimedId: '48241179' })
    expect(item.fields.position).toEqual({
      lat: 14.5547,
      lng: 121.0244,
      accuracyM: 5,
      headingDeg: null,
      speedMps: 3,
      fixedAt: FIX + 862,
      batteryPct: 100,
      doubts: [],
    })
  })

  test('a mocked position with unknown battery and speed, and its own id', () => {
    const item = only(post(mocked))
    expect(item.fields).toMatchObject({
      clientId: '6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0001',
      position: { batteryPct: null, speedMps: null, doubts: ['mocked'] },
    })
  })

  const place = '"timestamp":"2025-08-23T06:20:00Z","coords":{"latitude":14.5547,"longitude":121.0244}'
  test.each([
    [`{"location":{${place},"extras":{"alarm":"sos"}},"device_id":"1"}`],
    [`{"location":{${place},"extras":{"sos":true}},"device_id":"1"}`],
    [`{"location":{${place},"alarm":"sos"},"device_id":"1"}`],
    [`{"location":{${place},"extras":{"alarm":"sos,lowBattery"}},"device_id":"1"}`],
    [`{"location":{${place}},"alarm":"sos","device_id":"1"}`],
    [`{"location":[{${place},"extras":{"alarm":"sos"}}],"device_id":"1"}`],
    [`[{${place},"extras":{"alarm":"sos"}}]`],
    [`{${place},"extras":{"alarm":"sos"}}`],
    [`\ufeff  {"location":{${place},"extras":{"alarm":"sos"}},"device_id":"1"}`.replace('\ufeff', '')],
  ])('%s is an SOS with its place', (body) => {
    expect(only(post(body))).toMatchObject({
      sos: true,
      fields: { kind: 'panic', position: { lat: 14.5547, lng: 121.0244 } },
    })
  })

  test('an SOS without coordinates is an SOS', () => {
    expect(
      only(post('{"location":{"timestamp":"2025-08-23T06:20:00Z","extras":{"alarm":"sos"}},"device_id":"1"}')),
    ).toMatchObject({
      sos: true,
      fields: { position: null, labels: [] },
    })
    expect(only(post('{"location":{},"alarm":"sos"}')).sos).toBe(true)
  })

  test('a heartbeat is a position, also in a batch, and the SOS of a batch is its own record', () => {
    const beat = `{${place},"extras":{"heartbeat":true}}`
    const { items } = post(`{"location":[${beat},{${place},"extras":{"alarm":"sos"}},${beat}]}`)
    expect(items.map((item) => item.sos)).toEqual([false, true, false])
  })
})

describe('Traccar Client 10, a form', () => {
  const type = 'application/x-www-form-urlencoded; charset=UTF-8'
  const cry =
    'id=48241179&lat=14.5547&lon=121.0244&timestamp=1755930000&accuracy=8.0&altitude=15.0&speed=12.5&bearing=90.0&batt=41.0&charge=false&alarm=sos'

  test.each([type, '', 'text/plain', 'application/json'])(
    'an SOS, whatever the content type says (%s)',
    (contentType) => {
      const heard = post(cry, contentType)
      expect(heard).toMatchObject({ protocol: 'traccar-form', reply: { status: 200, body: '' } })
      expect(only(heard)).toMatchObject({
        sos: true,
        claimedId: '48241179',
        fields: {
          position: {
            lat: 14.5547,
            lng: 121.0244,
            accuracyM: 8,
            speedMps: 12.5 * 0.514444,
            batteryPct: 41,
            fixedAt: FIX,
          },
        },
      })
    },
  )

  test('a heartbeat has no place', () => {
    expect(only(post('id=48241179&timestamp=1755930000&batt=40.0', type))).toMatchObject({
      sos: false,
      fields: { position: null },
    })
  })

  test('a push token is understood, and is no position', () => {
    const heard = post('id=48241179&notificationToken=abc%3Adef', type)
    expect(heard).toMatchObject({ protocol: 'traccar-form', reply: { status: 200 } })
    expect(only(heard)).toMatchObject({ sos: false, fields: { position: null }, said: { event: 'push_token' } })
  })

  test('a flat object, or several of them, is what forks send', () => {
    const flat = '{"id":"48241179","imei":"1","lat":14.5547,"lon":"121.0244","timestamp":1755930000,"alarm":"sos"}'
    expect(only(post(flat))).toMatchObject({
      sos: true,
      claimedId: '48241179',
      fields: { position: { lng: 121.0244, fixedAt: FIX } },
    })
    const { items, protocol } = post(
      `[{"id":"1","lat":14.5,"lon":121.0},${flat},{"id":"1","lat":14.5,"lon":121.0,"alarm":["tow","sos"]}]`,
    )
    expect(protocol).toBe('flat-json')
    expect(items.map((item) => item.sos)).toEqual([false, true, true])
  })
})

describe('what nobody understands', () => {
  test.each(['', '{}', '[]', '{', 'null', '42', 'hello', '{"foo":1}', '\0\0'])(
    '%j is answered as kept, and is nothing',
    (body) => {
      expect(post(body)).toMatchObject({ items: [], reply: { status: 200 } })
    },
  )

  test('a body that broke off still cries, with the place it had already said', () => {
    const body = '{"location":{"coords":{"latitude":14.5547,"longitude":121.0244},"extras":{"alarm":"sos"},"acti'
    expect(only(post(body))).toMatchObject({
      sos: true,
      fields: { labels: ['garbled'], position: { lat: 14.5547, lng: 121.0244 } },
    })
    expect(only(post('xx&alarm=sos&lat=14.5&lon=121.1')).fields.position).toMatchObject({ lat: 14.5, lng: 121.1 })
  })

  test('of a batch that broke off, the place beside the cry is taken', () => {
    const far = '{"coords":{"latitude":7.1,"longitude":125.6}},'.repeat(80)
    const near = '{"coords":{"latitude":14.5547,"longitude":121.0244},"extras":{"alarm":"sos"}},'
    expect(only(post(`{"location":[${far}${near}${far}`)).fields.position).toMatchObject({
      lat: 14.5547,
      lng: 121.0244,
    })
  })

  test('a cry in the part that was too long to keep is heard', () => {
    expect(
      ask('', { body: '{"location":[{"coords":{', criesBeyond: true }).items.filter((item) => item.sos),
    ).toHaveLength(1)
  })

  test('a cry in the address is heard beside a body', () => {
    const heard = ask('?alarm=sos&lat=14.6&lon=121.0', { body: '{"foo":1}' })
    expect(only(heard).sos).toBe(true)
    const both = ask('?alarm=sos', { body: 'id=1&lat=14.6&lon=121.0&timestamp=1755930000' })
    expect(both.items.filter((item) => item.sos)).toHaveLength(1)
  })

  test("our own message at a device's address is a cry at the wrong door", () => {
    expect(only(post('{"kind":"medical","position":{"lat":14.6,"lng":121.0}}'))).toMatchObject({
      sos: true,
      fields: { kind: 'medical', labels: ['wrong_door'], position: { lat: 14.6 } },
    })
  })
})

describe('any message whatever', () => {
  const messy = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json(),
    fc.webQueryParameters(),
    fc
      .array(
        fc.constantFrom(
          '{"location":',
          '[',
          '{',
          '}',
          '"alarm":"sos"',
          'alarm=sos',
          '&',
          '"coords":{',
          'lat=',
          '%',
          '\0',
          '\ud800',
          ',',
        ),
      )
      .map((parts) => parts.join('')),
  )

  test('is answered, never an error, and every number of a position is in bounds', () => {
    fc.assert(
      fc.property(messy, messy, fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'), (query, body, method) => {
        const heard = sniff({ query, body, method, contentType: '', now: NOW })
        expect(heard.reply.status).toBe(200)
        for (const { fields } of heard.items) {
          const { position } = fields
          if (!position) continue
          expect(Math.abs(position.lat)).toBeLessThanOrEqual(90)
          expect(Math.abs(position.lng)).toBeLessThanOrEqual(180)
          expect(
            Object.values(position).every(
              (value) => value === null || typeof value === 'object' || Number.isFinite(value),
            ),
          ).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string(), fc.double(), fc.constantFrom(-1, 0, '', null))
  const junk = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'),
    value,
    { maxKeys: 4 },
  )
  const cries = fc.constantFrom<object>(
    { alarm: 'sos' },
    { extras: { alarm: 'sos' } },
    { extras: { sos: true } },
    { alarm: 'tow,sos' },
  )

  test('never loses the cry of a Traccar 9 record, whatever else is in it', () => {
    fc.assert(
      fc.property(junk, cries, value, value, fc.boolean(), (extra, cry, coords, timestamp, batch) => {
        const record = { ...extra, coords, timestamp, ...cry }
        const { items } = post(JSON.stringify({ location: batch ? [record] : record, device_id: extra }))
        expect(items.some((item) => item.sos)).toBe(true)
      }),
    )
  })

  test('never loses the cry of a flat record, in a query, a form or JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('id', 'lat', 'lon', 'timestamp', 'speed', 'batt', 'valid', 'x'), text),
        (fields) => {
          const record = { ...fields, alarm: 'sos' }
          const form = new URLSearchParams(record).toString()
          for (const heard of [
            ask(form),
            ask('', { body: form }),
            post(JSON.stringify(record)),
            post(JSON.stringify([record])),
          ]) {
            expect(heard.items.some((item) => item.sos)).toBe(true)
          }
        },
      ),
    )
  })

  test('never loses a cry when the body breaks off behind it', () => {
    const body =
      '{"location":{"coords":{"latitude":14.5547,"longitude":121.0244},"extras":{"alarm":"sos"},"battery":{"level":1}},"device_id":"1"}'
    const said = body.indexOf('"sos"') + 5
    for (let length = said; length <= body.length; length++) {
      expect(post(body.slice(0, length)).items.some((item) => item.sos)).toBe(true)
    }
  })
})

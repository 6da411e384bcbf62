// What flat records say beside their place, and what older forwarding and the LTFRB string put into them.

import { describe, expect, test } from 'bun:test'
import { ask, FIX, NOW, only, PLACE, post } from './messages'

const PLACED = 'id=48241179&lat=14.5547&lon=121.0244&timestamp=1755930000'

describe('a flat record says', () => {
  test.each([
    ['charge=true', { charging: true }],
    ['charge=false', { charging: false }],
    ['ignition=true', { ignition: true, event: null }],
    ['ignition=false&charge=1', { ignition: false, charging: true }],
    ['alarm=lowBattery', { event: 'low_battery' }],
    ['alarm=powerCut', { event: 'power_cut' }],
    ['alarm=tow%2Caccident', { event: 'crash' }],
  ])('%s, in a query, a form and JSON', (text, said) => {
    const json = Object.fromEntries(new URLSearchParams(`${PLACED}&${text}`))
    for (const heard of [ask(`?${PLACED}&${text}`), post(`${PLACED}&${text}`), post(json), post([json])]) {
      expect(only(heard)).toMatchObject({ sos: false, said, fields: { position: PLACE } })
    }
  })

  test('nothing where it says nothing', () => {
    expect(only(ask(`?${PLACED}&charge=perhaps`)).said).toBeUndefined()
  })

  test.each([
    '?id=48241179&timestamp=1755930000&batt=40.0&charge=true',
    '?id=1&timestamp=1755930000&cell=515,02,16,2224&cell=515,02,16,2223,-90&wifi=00-14-22-01-23-45,-80',
  ])('without a place, that its phone lives: %s', (query) => {
    for (const heard of [ask(query), post(query.slice(1))]) {
      const item = only(heard)
      expect(item).toMatchObject({ sos: false, said: { event: 'heartbeat' }, fields: { position: null, labels: [] } })
      expect(item.malformed).toBeUndefined()
    }
  })

  test('a cry without a place is a cry and no heartbeat', () => {
    expect(only(ask('?id=1&timestamp=1755930000&alarm=sos')).said).toBeUndefined()
  })

  test('that its app can be sent messages: no position and no cry', () => {
    for (const heard of [
      post('id=48241179&notificationToken=abc%3Adef'),
      post({ id: '1', notificationToken: 'abc' }),
    ]) {
      expect(only(heard)).toMatchObject({ sos: false, said: { event: 'push_token' }, fields: { position: null } })
    }
    expect(post('id=48241179&notificationToken=')).toMatchObject({ protocol: 'traccar-form', items: [] })
  })
})

describe('an array of flat records', () => {
  test('loses only those that cannot be read, and counts them', () => {
    const good = { id: '1', lat: 14.5547, lon: 121.0244, timestamp: FIX }
    const { items } = post([good, null, 5, { foo: 1 }, { ...good, lat: 914 }, [good], { ...good, alarm: 'sos' }])
    expect(items.map(({ sos, malformed = false }) => [sos, malformed])).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [false, true],
      [false, true],
      [false, true],
      [true, false],
    ])
  })

  test.each([['alarm=sos&lat=14.5547&lon=121.0244'], [[{ alarm: 'sos', lat: 14.5547, lon: 121.0244 }]]])(
    'hears a record that it cannot read: %j',
    (record) => {
      const { items } = post([{ lat: 7.1, lon: 125.6 }, record])
      expect(items[1]).toMatchObject({ sos: true, malformed: true, fields: { position: PLACE, labels: ['garbled'] } })
    },
  )

  test('of a million records that nobody can read is answered', () => {
    const { items } = post(`[{"lat":14.5,"lon":121.0}${',1'.repeat(1_000_000)}]`)
    expect(items.filter(({ malformed }) => malformed)).toHaveLength(1_000_000)
  })

  test('may be nested deeper than can be written', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    expect(post(`[{"lat":14.5,"lon":121.0},${deep}]`).items.map(({ malformed = false }) => malformed)).toEqual([
      false,
      true,
    ])
  })
})

describe("a Traccar server's older forwarding by address", () => {
  test.each(['code=0xF841', 'statusCode=0xf841', 'status=F841', 'code=63553'])('%s is panic', (code) => {
    expect(only(ask(`?${PLACED}&${code}`, { method: 'GET' }))).toMatchObject({ sos: true, fields: { position: PLACE } })
  })

  test.each(['code=0xF020', 'status=0xF11C', 'code=0xF841&alarm=lowBattery', 'status=online'])('%s is none', (code) => {
    expect(only(ask(`?${PLACED}&${code}`, { method: 'GET' })).sos).toBe(false)
  })

  test('a status alone is a cry of unknown place', () => {
    expect(only(ask('?imei=353861053849681&code=0xF841'))).toMatchObject({
      sos: true,
      claimedId: '353861053849681',
      fields: { position: null },
    })
  })

  test('the place may be an NMEA sentence', () => {
    const item = only(
      ask('?imei=1&gprmc=$GPRMC,062000.000,A,1433.2820,N,12101.4640,E,10.00,271.50,230825,,*07&code=0xF020'),
    )
    expect(item.fields.position).toMatchObject({ headingDeg: 271.5, speedMps: 10 * 0.514444, fixedAt: FIX, doubts: [] })
    expect(item.fields.position?.lat).toBeCloseTo(14.5547, 6)
    expect(item.fields.position?.lng).toBeCloseTo(121.0244, 6)
  })

  test('a sentence of south and west, and of a receiver without a fix', () => {
    const { position } = only(ask('?gprmc=$GPRMC,062000,V,1433.2820,S,12101.4640,W,,,230825,,*07')).fields
    expect(position).toMatchObject({ speedMps: null, headingDeg: null })
    expect(position?.lat).toBeCloseTo(-14.5547, 6)
    expect(position?.doubts).toContain('stale')
  })

  test('the attributes may be JSON, and say which alarm it was', () => {
    const with_ = (attributes: object) =>
      only(ask(`?${PLACED}&code=0xF841&attributes=${encodeURIComponent(JSON.stringify(attributes))}`))
    expect(with_({ alarm: 'sos', ignition: true })).toMatchObject({ sos: true, said: { ignition: true } })
    expect(with_({ alarm: 'powerCut', batteryLevel: 61, battery: 12.6 })).toMatchObject({
      sos: false,
      said: { event: 'power_cut' },
      fields: { position: { ...PLACE, batteryPct: 61 } },
    })
    expect(with_({ battery: 12.6 }).fields.position?.batteryPct).toBeNull()
    expect(with_([]).sos).toBe(true)
  })

  test.each(['{"toString":1}', '[[1]]', 'null'])('a status that is %s in JSON is none', (status) => {
    expect(only(post(`{"lat":14.5,"lon":121.0,"status":${status}}`)).sos).toBe(false)
  })

  test('names of OpenGTS and others', () => {
    expect(
      only(ask('?imei=1&latitude=14.5547&longitude=121.0244&spd=10&cog=90&tst=1755930000')).fields.position,
    ).toMatchObject({ ...PLACE, speedMps: 10 * 0.514444, headingDeg: 90, fixedAt: FIX })
  })
})

describe('the GPS string of public utility vehicles', () => {
  const line = 'ID#abc1234+TM#14:20:00+DT#2025-08-23+LT#14.5547+LN#121.0244+AT#10+SP#36+CO#10'

  test("is read in Manila's time and km/h", () => {
    const heard = post(line, 'text/plain')
    expect(heard).toMatchObject({ protocol: 'ltfrb', reply: { status: 200, body: '' } })
    expect(only(heard)).toMatchObject({ sos: false, claimedId: 'abc1234', fields: { labels: [], pressedAt: FIX } })
    expect(only(heard).fields.position).toEqual({
      ...PLACE,
      accuracyM: null,
      headingDeg: 10,
      speedMps: 10,
      fixedAt: FIX,
      batteryPct: null,
      doubts: [],
    })
  })

  test('comes a line each; one that cannot be read costs only itself', () => {
    const { items } = post(`${line}\r\n${line.replace('14.5547', 'x')}\n\nnonsense\n${line}+alarm=sos\n`, 'text/plain')
    expect(items.map(({ sos, malformed = false }) => [sos, malformed])).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [true, false],
    ])
  })
})

describe('a message of two voices', () => {
  test('the address gives the place that the body lacks', () => {
    const { items } = ask(`?${PLACED}`, { body: 'id=48241179&notificationToken=abc' })
    expect(items.map(({ fields }) => fields.position !== null)).toEqual([false, true])
  })

  test('is not counted twice', () => {
    expect(ask(`?${PLACED}`, { body: PLACED, now: NOW }).items).toHaveLength(1)
  })
})

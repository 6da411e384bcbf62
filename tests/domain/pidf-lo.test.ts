import { expect, test } from 'bun:test'
import { XmlDocument } from 'libxml2-wasm'
import { pidfLo } from '../../src/domain/pidf-lo'

const NS = {
  p: 'urn:ietf:params:xml:ns:pidf',
  dm: 'urn:ietf:params:xml:ns:pidf:data-model',
  gp: 'urn:ietf:params:xml:ns:pidf:geopriv10',
  gbp: 'urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy',
  gml: 'http://www.opengis.net/gml',
  gs: 'http://www.opengis.net/pidflo/1.0',
}

const AT = Date.UTC(2026, 7, 24, 5, 5, 0)
const here = {
  entity: 'XOT-NCR-20260824-000123',
  lat: 14.5873,
  lng: 121.0565,
  accuracyM: 10,
  at: AT,
  keepUntil: AT + 86_400_000,
  method: 'GPS' as const,
}

function find(xml: string, path: string): string[] {
  const document = XmlDocument.fromString(xml)
  const found = document.find(path, NS).map((node) => node.content)
  document.dispose()
  return found
}

test('a fix with an accuracy is a circle that holds it in 95 of 100 cases', () => {
  const xml = pidfLo(here)
  const shape = '/p:presence/dm:device/gp:geopriv/gp:location-info/gs:Circle'
  expect(find(xml, `${shape}/gml:pos`)).toEqual(['14.587300 121.056500'])
  expect(find(xml, `${shape}/@srsName`)).toEqual(['urn:ogc:def:crs:EPSG::4326'])
  expect(find(xml, `${shape}/gs:radius`)).toEqual(['16.2'])
  expect(find(xml, `${shape}/gs:radius/@uom`)).toEqual(['urn:ogc:def:uom:EPSG::9001'])
})

test('without one it is a point', () => {
  for (const accuracyM of [null, 0]) {
    const xml = pidfLo({ ...here, accuracyM })
    expect(find(xml, '//gml:Point/gml:pos')).toEqual(['14.587300 121.056500'])
    expect(find(xml, '//gs:Circle')).toEqual([])
  }
})

test('it says how it was found, when, until when it may be kept, and that it may not be passed on', () => {
  const xml = pidfLo(here)
  expect(find(xml, '//gp:method')).toEqual(['GPS'])
  expect(find(xml, '//dm:device/dm:timestamp')).toEqual(['2026-08-24T13:05:00+08:00'])
  expect(find(xml, '//gp:usage-rules/gbp:retention-expiry')).toEqual(['2026-08-25T13:05:00+08:00'])
  expect(find(xml, '//gp:usage-rules/gbp:retransmission-allowed')).toEqual(['false'])
})

test('its name cannot break out of it', () => {
  const xml = pidfLo({ ...here, entity: '"><x y="<&' })
  expect(find(xml, '//x')).toEqual([])
  expect(find(xml, '/p:presence/@entity')[0]).toMatch(/^pres:[\w.-]+@tower\.invalid$/)
})

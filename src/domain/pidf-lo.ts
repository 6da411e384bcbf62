// A place as PIDF-LO (RFC 4119, RFC 5491): the form in which emergency centres by NENA i3 and EENA take locations.

import { manilaStamp, xmlElement, xmlParent, xmlText } from './xml'

export type PidfInput = {
  /** Whose place it is, by a name that says nothing of the person: the incident's own identifier. */
  entity: string
  lat: number
  lng: number
  /** Radius in metres within which a receiver is probably (68 %); null where it did not say. */
  accuracyM: number | null
  /** When it was fixed, else when it came; epoch ms. */
  at: number
  /** Until when whoever gets it may keep it, epoch ms. */
  keepUntil: number
  /** A person said so, or a satellite receiver. */
  method: 'GPS' | 'Manual'
}

/**
 * Receivers give the radius of 68 %, a location object means 95 % (RFC 7459): a factor of 2.45 / 1.51 for errors that are
 * spread evenly around.
 */
const TO_95_PERCENT = 1.62

/** One location of one device. Without an accuracy it is a point, which claims none. */
export function pidfLo({ entity, lat, lng, accuracyM, at, keepUntil, method }: PidfInput): string {
  const id = entity.replace(/[^A-Za-z0-9._-]/g, '-')
  const pos = xmlElement('gml:pos', `${lat.toFixed(6)} ${lng.toFixed(6)}`)
  const crs = 'srsName="urn:ogc:def:crs:EPSG::4326"'
  const shape =
    accuracyM === null || !(accuracyM > 0)
      ? `<gml:Point ${crs}>${pos}</gml:Point>`
      : `<gs:Circle ${crs}>${pos}<gs:radius uom="urn:ogc:def:uom:EPSG::9001">${(accuracyM * TO_95_PERCENT).toFixed(1)}</gs:radius></gs:Circle>`
  const geopriv = xmlParent('gp:geopriv', [
    xmlParent('gp:location-info', [shape]),
    xmlParent('gp:usage-rules', [
      '<gbp:retransmission-allowed>false</gbp:retransmission-allowed>',
      xmlElement('gbp:retention-expiry', manilaStamp(keepUntil)),
    ]),
    xmlElement('gp:method', method),
  ])
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf"',
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"',
    ' xmlns:gbp="urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy" xmlns:gml="http://www.opengis.net/gml"',
    ` xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:${xmlText(id)}@tower.invalid">`,
    `<dm:device id="d-${xmlText(id)}">${geopriv}${xmlElement('dm:deviceID', `urn:xpress-tower:${id}`)}${xmlElement('dm:timestamp', manilaStamp(at))}</dm:device>`,
    '</presence>\n',
  ].join('')
}

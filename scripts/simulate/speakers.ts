// How a vehicle's state is said: one row per protocol that phones and trackers speak, as those clients write it.

import { KNOTS_TO_MPS } from '../../src/ingest/position'
import type { Fix } from './vehicle'

/** One HTTP request, without its server. */
export type Saying = {
  method: 'GET' | 'POST'
  /** With its query. */
  path: string
  headers: Record<string, string>
  body: string | null
}

export type Speaker = {
  name: string
  /** Of all vehicles, relative to the others. */
  share: number
  /** How old the fixes of one message are, seconds, oldest first. */
  agesS: readonly number[]
  /** Whether the protocol has a way of crying for help; the others press at POST /api/sos. */
  cries: boolean
  say(who: { id: string; token: string }, fixes: readonly Fix[], cry: boolean): Saying
}

const NOW = [0] as const

export const SPEAKERS: readonly Speaker[] = [
  {
    name: 'traccar-client-10',
    share: 30,
    agesS: NOW,
    cries: true,
    say: ({ id, token }, fixes, cry) =>
      form(token, { ...flat(id, last(fixes)), charge: `${last(fixes).charging}`, ...(cry ? { alarm: 'sos' } : {}) }),
  },
  {
    name: 'traccar-client-9',
    share: 15,
    agesS: NOW,
    cries: true,
    say: ({ id, token }, fixes, cry) => {
      const fix = last(fixes)
      const location = {
        timestamp: new Date(fix.at).toISOString(),
        coords: {
          latitude: fix.lat,
          longitude: fix.lng,
          accuracy: fix.accuracyM,
          speed: fix.speedMps,
          heading: fix.headingDeg,
          altitude: fix.altitudeM,
        },
        is_moving: fix.speedMps > 0,
        odometer: 0,
        event: 'motionchange',
        battery: { level: fix.batteryPct / 100, is_charging: fix.charging },
        activity: { type: fix.speedMps > 0 ? 'in_vehicle' : 'still', confidence: 100 },
        extras: cry ? { alarm: 'sos' } : {},
      }
      return json(`/i/${token}`, { location, device_id: id })
    },
  },
  {
    name: 'traccar-client-8',
    share: 12,
    agesS: NOW,
    cries: true,
    say: ({ id, token }, fixes, cry) => {
      const query = new URLSearchParams({ ...flat(id, last(fixes)), ...(cry ? { alarm: 'sos' } : {}) })
      return { method: 'POST', path: `/i/${token}?${query}`, headers: {}, body: null }
    },
  },
  {
    name: 'owntracks',
    share: 12,
    agesS: NOW,
    cries: true,
    say: ({ id, token }, fixes, cry) => {
      const fix = last(fixes)
      const location = {
        _type: 'location',
        lat: fix.lat,
        lon: fix.lng,
        acc: fix.accuracyM,
        alt: fix.altitudeM,
        // Whole km/h, as the app has it.
        vel: Math.round(fix.speedMps * 3.6),
        cog: fix.headingDeg,
        batt: fix.batteryPct,
        bs: fix.charging ? 2 : 1,
        conn: 'm',
        t: cry ? 'u' : 't',
        tid: id.slice(-2),
        tst: seconds(fix.at),
        created_at: seconds(fix.at),
        topic: `owntracks/sim/${id}`,
        ...(cry ? { poi: 'SOS' } : {}),
      }
      return json(`/i/${token}`, location, { 'x-limit-u': 'sim', 'x-limit-d': id })
    },
  },
  {
    name: 'overland',
    share: 6,
    // It collects on its way and sends a few together.
    agesS: [10, 5, 0],
    cries: false,
    say: ({ id, token }, fixes) => {
      const locations = fixes.map((fix) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [fix.lng, fix.lat] },
        properties: {
          timestamp: new Date(fix.at).toISOString(),
          altitude: fix.altitudeM,
          speed: fix.speedMps,
          course: fix.headingDeg,
          horizontal_accuracy: fix.accuracyM,
          motion: [fix.speedMps > 0 ? 'driving' : 'stationary'],
          battery_state: fix.charging ? 'charging' : 'unplugged',
          battery_level: fix.batteryPct / 100,
          wifi: '',
          device_id: id,
        },
      }))
      return json(`/i/${token}`, { locations }, { authorization: `Bearer ${token}` })
    },
  },
  {
    name: 'traccar-server',
    share: 10,
    agesS: NOW,
    cries: true,
    say: ({ id, token }, fixes, cry) => {
      const fix = last(fixes)
      const time = new Date(fix.at).toISOString().replace('Z', '+00:00')
      const position = {
        id: 0,
        attributes: {
          sat: 11,
          batteryLevel: fix.batteryPct,
          charge: fix.charging,
          ignition: true,
          motion: fix.speedMps > 0,
        },
        deviceId: 1,
        protocol: 'h02',
        serverTime: time,
        deviceTime: time,
        fixTime: time,
        valid: true,
        latitude: fix.lat,
        longitude: fix.lng,
        altitude: fix.altitudeM,
        speed: fix.speedMps / KNOTS_TO_MPS,
        course: fix.headingDeg,
        accuracy: fix.accuracyM,
      }
      const device = { id: 1, attributes: {}, name: id, uniqueId: id, status: 'online' }
      const event = { id: 0, attributes: { alarm: 'sos' }, deviceId: 1, type: 'alarm', eventTime: time, positionId: 0 }
      return json(`/i/${token}`, cry ? { event, position, device } : { position, device })
    },
  },
  {
    name: 'own',
    share: 15,
    agesS: NOW,
    cries: false,
    say: ({ token }, fixes) => {
      const fix = last(fixes)
      const position = { ...ownPosition(fix), charging: fix.charging }
      return json('/api/positions', position, { authorization: `Bearer ${token}` })
    },
  },
]

/** A press of our own, for those whose protocol has none and for drivers with our app. */
export const pressOf = (token: string, press: { id: string; kind: string; fix: Fix }): Saying => {
  const { id, kind, fix } = press
  const body = { id, kind, position: ownPosition(fix), pressedAt: new Date(fix.at).toISOString() }
  return json('/api/sos', body, { authorization: `Bearer ${token}` })
}

/** `path` is that of the press's statusUrl, with `/cancel` behind its id. */
export const cancelOf = (token: string, path: string, pin: string): Saying =>
  json(path, { pin }, { authorization: `Bearer ${token}` })

const ownPosition = (fix: Fix) => ({
  lat: fix.lat,
  lng: fix.lng,
  accuracyM: fix.accuracyM,
  headingDeg: fix.headingDeg,
  speedMps: fix.speedMps,
  batteryPct: fix.batteryPct,
  fixedAt: new Date(fix.at).toISOString(),
})

/** Names and order of the Traccar clients; knots. */
const flat = (id: string, fix: Fix): Record<string, string> => ({
  id,
  timestamp: `${seconds(fix.at)}`,
  lat: `${fix.lat}`,
  lon: `${fix.lng}`,
  speed: (fix.speedMps / KNOTS_TO_MPS).toFixed(2),
  bearing: `${fix.headingDeg}`,
  altitude: `${fix.altitudeM}`,
  accuracy: `${fix.accuracyM}`,
  batt: `${fix.batteryPct}`,
})

const json = (path: string, body: object, headers: Record<string, string> = {}): Saying => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

const form = (token: string, fields: Record<string, string>): Saying => ({
  method: 'POST',
  path: `/i/${token}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
  body: `${new URLSearchParams(fields)}`,
})

const seconds = (at: number): number => Math.floor(at / 1000)
const last = (fixes: readonly Fix[]): Fix => fixes.at(-1) as Fix

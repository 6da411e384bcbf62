// What both rivals share: the token, the tables, and the one statement that a press costs.
// They do per press what the tower does: check the token, keep the press once, merge it into the one open
// incident of its device, write an event, and hand the incident's new state to the caller, who pushes it.

import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'

export const SCHEMA = `
  CREATE TABLE press (
    sos_id uuid NOT NULL,
    device_id text NOT NULL,
    kind text NOT NULL,
    lat double precision,
    lng double precision,
    note text,
    pressed_at timestamptz,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (device_id, sos_id)
  );
  CREATE TABLE incident (
    id uuid PRIMARY KEY,
    region text NOT NULL,
    device_id text NOT NULL,
    state text NOT NULL DEFAULT 'new',
    priority text NOT NULL DEFAULT 'P1',
    kind text NOT NULL,
    lat double precision,
    lng double precision,
    note text,
    press_count integer NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL DEFAULT now(),
    alarmed_at timestamptz NOT NULL DEFAULT now()
  );
  -- One open incident per device: what makes a merge a single upsert.
  CREATE UNIQUE INDEX incident_open ON incident (device_id) WHERE state IN ('new', 'taken', 'help_asked');
  CREATE TABLE incident_event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id uuid NOT NULL,
    type text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    body jsonb NOT NULL
  );`

/** One round trip and one commit. No row comes back where this press was known already. */
export const PRESS = `
  WITH arrived AS (
    INSERT INTO press (sos_id, device_id, kind, lat, lng, note, pressed_at)
    VALUES ($1::uuid, $2::text, $3::text, $4::double precision, $5::double precision, $6::text, $7::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING received_at
  ), merged AS (
    INSERT INTO incident AS i (id, region, device_id, kind, lat, lng, note)
    SELECT $1::uuid, $8::text, $2::text, $3::text, $4::double precision, $5::double precision, $6::text FROM arrived
    ON CONFLICT (device_id) WHERE state IN ('new', 'taken', 'help_asked')
    DO UPDATE SET press_count = i.press_count + 1, alarmed_at = now(),
      lat = coalesce(excluded.lat, i.lat), lng = coalesce(excluded.lng, i.lng), note = coalesce(excluded.note, i.note)
    RETURNING i.*
  ), logged AS (
    INSERT INTO incident_event (incident_id, type, body)
    SELECT id, CASE WHEN press_count = 1 THEN 'opened' ELSE 'pressed' END,
      jsonb_build_object('sosId', $1::uuid, 'device', $2::text, 'kind', $3::text, 'lat', $4::float8, 'lng', $5::float8)
    FROM merged
    RETURNING seq
  )
  SELECT merged.*, logged.seq, arrived.received_at AS press_received_at FROM merged, logged, arrived`

export const KNOWN = 'SELECT received_at FROM press WHERE device_id = $1::text AND sos_id = $2::uuid'

/** The arguments of PRESS. */
export const pressArguments = (press, sosId, device) => [
  sosId,
  device.deviceId,
  press.kind ?? 'panic',
  press.position?.lat ?? null,
  press.position?.lng ?? null,
  press.note ?? null,
  press.pressedAt ?? null,
  device.region,
]

/** What a screen draws a card from. */
export const summaryOf = (row) => ({
  id: row.id,
  state: row.state,
  priority: row.priority,
  kind: row.kind,
  region: row.region,
  deviceId: row.device_id,
  position: row.lat === null ? null : { lat: row.lat, lng: row.lng },
  pressCount: row.press_count,
  note: row.note,
  receivedAt: row.received_at.toISOString(),
  alarmedAt: row.alarmed_at.toISOString(),
  seq: Number(row.seq),
})

/**
 * Pushes what changed within a few milliseconds as one message per screen, as the tower does: in a burst a message
 * per press and screen would cost these servers more than all the rest. PUSH_TOGETHER_MS=0 pushes each at once.
 */
export function together(push) {
  const wait = Number(process.env.PUSH_TOGETHER_MS ?? 5)
  const waiting = new Map()
  return (region, summary) => {
    if (wait === 0) return push(region, [summary])
    const some = waiting.get(region)
    if (some) return void some.push(summary)
    waiting.set(region, [summary])
    setTimeout(() => {
      const all = waiting.get(region)
      waiting.delete(region)
      push(region, all)
    }, wait)
  }
}

export const receiptOf = (sosId, receivedAt) => ({
  sosId,
  receivedAt: receivedAt.toISOString(),
  statusUrl: `/api/sos/${sosId}`,
})

/** Null where a body is no press. */
export function readPress(body) {
  if (typeof body !== 'object' || body === null) return null
  const { position } = body
  if (position && (typeof position.lat !== 'number' || typeof position.lng !== 'number')) return null
  return { press: body, sosId: UUID.test(body.id ?? '') ? body.id : randomUUID() }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const KEY = process.env.TOKEN_KEY

/** `payload.mac`, both base64url; the payload is {d: device, r: region, x: expiry in epoch seconds}. */
export function deviceOf(token) {
  const [payload, mac] = (token ?? '').split('.')
  if (!payload || !mac) return null
  const given = Buffer.from(mac, 'base64url')
  const wanted = createHmac('sha256', KEY).update(payload).digest()
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  const { d, r, x } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return x * 1000 > Date.now() ? { deviceId: d, region: r } : null
}

export const bearer = (header) => (header?.startsWith('Bearer ') ? header.slice(7) : null)

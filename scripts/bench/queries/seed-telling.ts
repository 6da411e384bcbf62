// The rota, agencies, kin, attempts and what else left the tower, evenly over the days: for the plans and times of their queries.

import type postgres from 'postgres'

export const CONTACTS_PER_REGION = 40
export const SHIFTS_PER_REGION = 200
export const AGENCIES_PER_REGION = 20

/** The nth of NCR, as the queries ask for it. */
export const contactId = (n: number): string => `dc-ncr-${n % CONTACTS_PER_REGION}`
export const madeUuid = (kind: number, n: number): string =>
  `0000000${kind}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

/** The directory's part: as many rows as are named above, and one of kin for each driver. */
export async function seedDuty(sql: postgres.Sql): Promise<void> {
  const each = (count: number) =>
    sql`(SELECT region, lower(region) AS lower, n FROM region, generate_series(0, ${count - 1}::int) AS n) AS one`
  await sql`INSERT INTO duty_contact (id, region, name, lang, addresses, changed_by)
    SELECT 'dc-' || lower || '-' || n, region, 'Person ' || n, 'fil', '[{"channel":"sms","to":"+639005550000"}]', 'usr-q'
    FROM ${each(CONTACTS_PER_REGION)}`
  await sql`INSERT INTO duty_shift (id, region, duty, contact_id, from_at, until_at, weekly, changed_by)
    SELECT 'ds-' || lower || '-' || n, region, (ARRAY['lead', 'second_lead', 'management', 'responder'])[1 + n % 4],
      'dc-' || lower || '-' || n % ${CONTACTS_PER_REGION}::int, now() - n * interval '8 hours',
      now() - (n - 1) * interval '8 hours', n % 2 = 0, 'usr-q'
    FROM ${each(SHIFTS_PER_REGION)}`
  await sql`INSERT INTO escalation_policy (region, body, changed_by) SELECT region, '{}', 'usr-q' FROM region`
  await sql`INSERT INTO agency (id, region, kind, name, numbers, covers, source, reverify_days, changed_by)
    SELECT 'ag-' || lower || '-' || n, region, 'police', 'Station ' || n, '[]', 'A part', 'made up', 90, 'usr-q'
    FROM ${each(AGENCIES_PER_REGION)}`
  await sql`INSERT INTO driver_kin (driver_id, region, contacts, changed_by)
    SELECT id, region, '[{"id":"k","name":"Luz","relation":"Spouse","phone":"+639005550000","lang":"fil"}]', 'usr-q'
    FROM driver`
}

/** Three attempts for every second incident, and a disclosure, a link, a drill or a broadcast for some. */
export async function seedTelling(sql: postgres.Sql): Promise<void> {
  await sql`INSERT INTO attempt (id, region, page_id, incident_id, reason, step, contact_id, contact_name, channel, provider,
      network, sent_to, n, state, drill, began_at, times)
    SELECT region || '.0.' || id || n, region, id || '-page', id, 'escalation', 'lead', 'dc-ncr-1', 'Person 1',
      (ARRAY['voice', 'sms', 'email'])[n], (ARRAY['twilio', 'sim', 'sendgrid'])[n], (ARRAY['Globe', 'Smart', 'DITO'])[n],
      '+63900•••0000', n, 'delivered', false, received_at,
      jsonb_build_object('queued', 1, 'sending', 2, 'delivered', 2 + 100 * n)
    FROM incident, generate_series(1, 3) AS n WHERE seq % 2 = 0`
  await sql`INSERT INTO disclosure (id, region, incident_id, at, recipient_kind, recipient_name, way, sent, decided_by,
      decided_by_name)
    SELECT gen_random_uuid(), region, id, received_at, 'agency', 'Unified 911', 'call', '{}', 'usr-q', 'Q'
    FROM incident WHERE seq % 5 = 0`
  await sql`INSERT INTO share_link (id, region, incident_id, token_hash, recipient, granted, made_by, made_at, expires_at)
    SELECT gen_random_uuid(), region, id, encode(sha256(id::bytea), 'hex'), 'Luz', '{position}', 'usr-q', received_at,
      received_at + interval '1 hour'
    FROM incident WHERE seq % 5 = 0`
  await sql`INSERT INTO share_view (id, region, link_id, at, ip_hash)
    SELECT gen_random_uuid(), region, id, made_at, 'x' FROM share_link, generate_series(1, 3)`
  await sql`INSERT INTO drill (id, region, ref, kind, subject, started_by, at, until_at)
    SELECT ('00000001-0000-4000-8000-' || lpad(to_hex(n * 8 + number), 12, '0'))::uuid, region, 'D' || n, 'driver', 'x',
      'usr-q', now() - n * interval '1 hour', now()
    FROM region, generate_series(1, 500) AS n`
  await sql`INSERT INTO drill_result (drill_id, subject, region, name, passed, at)
    SELECT id, 'device:' || n, region, 'Driver ' || n, true, at FROM drill, generate_series(1, 10) AS n`
  await sql`INSERT INTO broadcast (id, region, ref, area, text, counts, sent_by, at, expires_at)
    SELECT ('00000002-0000-4000-8000-' || lpad(to_hex(n * 8 + number), 12, '0'))::uuid, region, 'A-' || n, '[]', 'FLOOD', '{}',
      'usr-q', now() - n * interval '1 hour', now()
    FROM region, generate_series(1, 300) AS n`
  await sql`INSERT INTO broadcast_answer (broadcast_id, device_id, region, answer, at)
    SELECT id, 'q-' || n, region, 'safe', at FROM broadcast, generate_series(1, 30) AS n`
  await sql`INSERT INTO duty_handover (region, duty, from_contact, to_contact, note, written_by, at)
    SELECT region, 'lead', 'dc-' || lower(region) || '-1', 'dc-' || lower(region) || '-2', 'Quiet', 'usr-q',
      now() - n * interval '8 hours'
    FROM region, generate_series(1, 1000) AS n`
}

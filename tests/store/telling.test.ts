// What is kept of what left the tower: attempts, agencies, disclosures, links, broadcasts and drills.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Agency } from '../../src/domain/agency'
import type { Broadcast, Disclosure, DrillRecord, ShareLink } from '../../src/domain/outward-record'
import { ATTEMPT_STATES, type Attempt, type AttemptState } from '../../src/domain/page'
import { listAgencies, readAgency, retireAgency, saveAgency, verifyAgency } from '../../src/store/agencies'
import { attemptsOf, deliveryReport, saveAttempts } from '../../src/store/attempts'
import { pullDirectory } from '../../src/store/directory'
import { type DisclosuresAsked, listDisclosures, recordDisclosure } from '../../src/store/disclosures'
import {
  listBroadcasts,
  listDrills,
  saveBroadcast,
  saveBroadcastAnswer,
  saveDrill,
  saveDrillResult,
} from '../../src/store/drills'
import { openPostgres, type Postgres } from '../../src/store/postgres'
import { createShare, listShares, recordShareView, revokeShare, shareByTokenHash } from '../../src/store/shares'
import { testDatabase } from '../support/postgres'

const T0 = Math.floor(Date.now() / 1000) * 1000 - 3_600_000
let store: Postgres
let reader: Postgres

beforeAll(async () => {
  const urls = await testDatabase()
  store = openPostgres(urls.writer)
  reader = openPostgres(urls.reader)
})
afterAll(async () => {
  await store.close()
  await reader.close()
})

const anAttempt = (changes: Partial<Attempt> = {}): Attempt => ({
  id: `NCR.0.${crypto.randomUUID()}`,
  pageId: 'page-1',
  incidentId: 'inc-1',
  region: 'NCR',
  reason: 'escalation',
  step: 'lead',
  contact: { id: 'c1', name: 'Susana' },
  channel: 'sms',
  provider: 'twilio',
  network: 'Globe',
  to: '+63900•••9200',
  n: 1,
  state: 'delivered',
  error: null,
  answer: null,
  drill: false,
  at: { queued: T0, sending: T0 + 10, accepted: T0 + 200, delivered: T0 + 2_010 },
  ...changes,
})

describe('an attempt', () => {
  test('is kept as the Courier told of it, and read back with its incident', async () => {
    const attempt = anAttempt({ incidentId: 'inc-read' })
    await saveAttempts(store.db, [attempt])
    await saveAttempts(store.db, [attempt])
    expect(await attemptsOf(store.db, 'inc-read', 10)).toEqual([attempt])
    expect(await attemptsOf(store.db, 'inc-none', 10)).toEqual([])
  })

  test('ends as far as it ever came, in whatever order and portions its states arrive', async () => {
    const rank = (state: AttemptState) =>
      (({ queued: 0, sending: 1, accepted: 2, sent: 3, answered: 5 }) as Record<string, number>)[state] ?? 4
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...ATTEMPT_STATES), { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        async (states, cut) => {
          const id = `NCR.0.${crypto.randomUUID()}`
          const all = states.map((state, n) => anAttempt({ id, incidentId: id, state, at: { [state]: T0 + n } }))
          await saveAttempts(store.db, all.slice(0, cut))
          await saveAttempts(store.db, all.slice(cut))
          const [kept] = await attemptsOf(store.db, id, 2)
          expect(rank(kept?.state ?? 'queued')).toBe(Math.max(...states.map(rank)))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('that failed does not become sent again by a late word, nor lose its answer', async () => {
    const answered = anAttempt({
      incidentId: 'inc-late',
      state: 'answered',
      answer: 'take',
      at: { answered: T0 + 9_000 },
    })
    await saveAttempts(store.db, [answered])
    await saveAttempts(store.db, [{ ...answered, state: 'sent', answer: null, at: { sent: T0 } }])
    expect((await attemptsOf(store.db, 'inc-late', 1))[0]).toMatchObject({ state: 'answered', answer: 'take' })
  })
})

test('the delivery report counts by channel, provider and network, without drills and other days', async () => {
  const CEB = { region: 'CEB' as const, incidentId: null }
  const took = (ms: number) => ({ queued: T0, sending: T0, accepted: T0 + 1, delivered: T0 + ms })
  await saveAttempts(store.db, [
    ...[1_000, 2_000, 3_000].map((ms) => anAttempt({ ...CEB, at: took(ms) })),
    anAttempt({ ...CEB, state: 'undelivered', error: '30008', at: { queued: T0, sending: T0, accepted: T0 + 1 } }),
    anAttempt({ ...CEB, network: 'Smart', state: 'failed', error: '30007', at: { queued: T0, sending: T0 } }),
    anAttempt({ ...CEB, channel: 'voice', network: null, state: 'answered', answer: 'take', at: took(4_000) }),
    anAttempt({ ...CEB, drill: true }),
    anAttempt({ ...CEB, at: { queued: T0 - 86_400_000 } }),
    anAttempt({ ...CEB, channel: 'email', provider: null, network: null, state: 'stopped', at: { queued: T0 } }),
  ])
  const none = { sent: 0, delivered: 0, undelivered: 0, failed: 0, answered: 0, p50Ms: null, p99Ms: null }
  expect(await deliveryReport(store.db, { region: 'CEB', from: T0 - 1_000, until: T0 + 60_000 })).toEqual([
    { ...none, channel: 'email', provider: null, network: null },
    {
      channel: 'sms',
      provider: 'twilio',
      network: 'Globe',
      sent: 4,
      delivered: 3,
      undelivered: 1,
      failed: 0,
      answered: 0,
      p50Ms: 2_000,
      p99Ms: 2_980,
    },
    { ...none, channel: 'sms', provider: 'twilio', network: 'Smart', sent: 1, failed: 1 },
    {
      ...none,
      channel: 'voice',
      provider: 'twilio',
      network: null,
      sent: 1,
      delivered: 1,
      answered: 1,
      p50Ms: 4_000,
      p99Ms: 4_000,
    },
  ])
})

describe('an agency', () => {
  const agency: Agency = {
    id: 'ncr-test',
    region: 'NCR',
    kind: 'police',
    name: 'Station 9',
    numbers: [{ label: 'Desk', number: '+63285550100', confidence: 'low' }],
    languages: ['fil'],
    covers: 'Malate',
    source: 'its web page',
    verifiedAt: null,
    verifiedBy: null,
    reverifyDays: 90,
    machine: null,
    note: null,
    active: true,
  }

  test('is verified by a person, and no longer once its numbers change', async () => {
    expect(await saveAgency(store.db, agency, 'sup-1')).toMatchObject({ ok: true, saved: agency })
    const verified = await verifyAgency(store.db, agency, 'sup-2')
    expect(verified?.verifiedBy).toBe('sup-2')
    const renamed = await saveAgency(store.db, { ...agency, name: 'Station 9, Malate' }, 'sup-1', verified?.version)
    expect(renamed).toMatchObject({ ok: true, saved: { verifiedBy: 'sup-2', name: 'Station 9, Malate' } })
    const numbers = [{ label: 'Desk', number: '+63285550111', confidence: 'medium' as const }]
    const changed = await saveAgency(store.db, { ...agency, numbers }, 'sup-1')
    expect(changed).toMatchObject({ ok: true, saved: { verifiedAt: null, verifiedBy: null } })
    expect(await saveAgency(store.db, agency, 'sup-3', verified?.version)).toEqual({ ok: false, refusal: 'changed' })
  })

  test('is copied by its region, and forgotten when it is taken away', async () => {
    const rows = await pullDirectory(store.db, 'NCR', 0, 50)
    const last = rows.findLast(({ kind, id }) => kind === 'agency' && id === agency.id)
    expect(last?.body).toMatchObject({ name: 'Station 9', machine: null })
    expect(await retireAgency(store.db, { id: agency.id, region: 'CEB' }, 's')).toBe(false)
    expect(await retireAgency(store.db, agency, 's')).toBe(true)
    expect(await readAgency(store.db, 'NCR', agency.id)).toBeNull()
    expect(await listAgencies(store.db, 'NCR')).toEqual([])
    expect(await verifyAgency(store.db, agency, 's')).toBeNull()
    expect(await pullDirectory(store.db, 'NCR', last?.version ?? 0, 50)).toMatchObject([{ id: agency.id, body: null }])
  })
})

describe('a disclosure', () => {
  const one: Disclosure = {
    id: crypto.randomUUID(),
    region: 'NCR',
    incidentId: 'inc-told',
    at: T0,
    recipient: { kind: 'agency', id: 'ncr-911', name: 'Unified 911' },
    way: 'call',
    sent: { plate: 'ZQA 1041', place: 'EDSA' },
    by: { uid: 'u1', name: 'Ana' },
  }

  test('is listed newest first, page by page, also those of one moment', async () => {
    const at = T0 + 3_600_000
    const ids = Array.from({ length: 5 }, () => crypto.randomUUID())
    for (const [n, id] of ids.entries()) await recordDisclosure(store.db, { ...one, id, at: n < 3 ? at : at + n })
    const span = { region: 'NCR' as const, from: at, until: at + 1_000 }
    const pages: string[] = []
    for (let after: DisclosuresAsked['after'], more = true; more; ) {
      const page = await listDisclosures(store.db, { ...span, ...(after && { after }) }, 2)
      pages.push(...page.map(({ id }) => id))
      after = page.at(-1)
      more = page.length === 2
    }
    expect(pages).toHaveLength(5)
    expect(pages.slice(0, 2)).toEqual([ids[4] as string, ids[3] as string])
    expect(new Set(pages)).toEqual(new Set(ids))
  })

  test('is kept once, found by incident and by day, and cannot be unwritten', async () => {
    await recordDisclosure(store.db, one)
    await recordDisclosure(store.db, { ...one, sent: {} })
    const span = { region: 'NCR' as const, from: T0, until: T0 + 1_000 }
    const found = (more: Partial<DisclosuresAsked> = {}, limit = 10) =>
      listDisclosures(store.db, { ...span, ...more }, limit)
    expect(await found({ incident: { id: 'inc-told' } })).toEqual([{ ...one, code: null }])
    const counts = await Promise.all([found(), found({ from: T0 + 1 }), found({ region: 'CEB' })])
    expect(counts.map(({ length }) => length)).toEqual([1, 0, 0])
    const narrow = await Promise.all([
      found({ kind: 'agency' }),
      found({ kind: 'kin' }),
      found({ recipientId: 'ncr-911' }),
      found({ recipientId: 'ncr-pnp' }),
      found({ incident: { code: 'NCR-47' } }),
    ])
    expect(narrow.map(({ length }) => length)).toEqual([1, 0, 1, 0, 0])
    await expect(store.sql`UPDATE disclosure SET sent = '{}'`.then()).rejects.toThrow('permission denied')
    await expect(store.sql`DELETE FROM disclosure`.then()).rejects.toThrow('permission denied')
  })
})

describe('a live-location link', () => {
  const link: ShareLink = {
    id: crypto.randomUUID(),
    region: 'NCR',
    incidentId: 'inc-shared',
    tokenHash: 'a'.repeat(64),
    codeHash: null,
    recipient: 'Luz, spouse',
    granted: ['position', 'state'],
    madeBy: 'u1',
    madeAt: T0,
    expiresAt: T0 + 3_600_000,
    revokedAt: null,
    revokedBy: null,
  }

  test('is found by what opens it, says who opened it, and ends once', async () => {
    await createShare(store.db, link)
    await createShare(store.db, { ...link, granted: ['position', 'state', 'vehicle'] })
    expect(await shareByTokenHash(store.db, link.tokenHash)).toEqual(link)
    expect(await shareByTokenHash(store.db, 'b'.repeat(64))).toBeNull()
    const view = {
      id: crypto.randomUUID(),
      region: 'NCR' as const,
      linkId: link.id,
      at: T0 + 5,
      ipHash: 'x',
      agent: null,
    }
    await recordShareView(store.db, view)
    await recordShareView(store.db, view)
    expect(await listShares(store.db, 'inc-shared')).toEqual([{ ...link, views: 1, lastViewAt: T0 + 5 }])
    expect(await revokeShare(store.db, link.id, 'u2', T0 + 10)).toBe(true)
    expect(await revokeShare(store.db, link.id, 'u3', T0 + 20)).toBe(true)
    expect(await shareByTokenHash(store.db, link.tokenHash)).toMatchObject({ revokedAt: T0 + 10, revokedBy: 'u2' })
    expect(await revokeShare(store.db, crypto.randomUUID(), 'u3', T0)).toBe(false)
  })

  test('cannot be given more, or more time, afterwards; and reports cannot read what opens it', async () => {
    await expect(store.sql`UPDATE share_link SET expires_at = now()`.then()).rejects.toThrow('permission denied')
    await expect(reader.sql`SELECT token_hash FROM share_link`.then()).rejects.toThrow('permission denied')
  })
})

test('a drill ends once, with the last result of each of those who were tried', async () => {
  const drill: DrillRecord = {
    id: crypto.randomUUID(),
    region: 'NCR',
    ref: 'D03',
    kind: 'driver',
    subject: 'ncr-7',
    by: 'sup-1',
    at: T0,
    until: T0 + 600_000,
    endedAt: null,
    passed: null,
    note: null,
  }
  const result = {
    drillId: drill.id,
    region: 'NCR' as const,
    subject: 'device:ncr-7',
    name: 'Ramon',
    passed: true,
    tookMs: 900,
    why: null,
    appVersion: '9.1',
    at: T0 + 1_000,
  }
  await saveDrill(store.db, drill)
  await saveDrillResult(store.db, result)
  await saveDrillResult(store.db, { ...result, passed: false, at: T0 + 500 })
  const ended = { ...drill, endedAt: T0 + 2_000, passed: true }
  await saveDrill(store.db, ended)
  await saveDrill(store.db, drill)
  expect(await listDrills(store.db, 'NCR', 5)).toEqual([{ ...ended, results: [result] }])
  expect(await listDrills(store.db, 'CEB', 5)).toEqual([])
})

test('a broadcast stays cancelled, and counts the last answer of each phone', async () => {
  const sent: Broadcast = {
    id: crypto.randomUUID(),
    region: 'NCR',
    ref: 'A-12',
    area: [
      [14.5, 121],
      [14.6, 121],
      [14.6, 121.1],
    ],
    text: 'FLOOD',
    counts: { found: 12, told: 10, quiet: 2 },
    by: 'sup-1',
    at: T0,
    expiresAt: T0 + 3_600_000,
    cancelledAt: null,
    cancelledBy: null,
  }
  await saveBroadcast(store.db, sent)
  await saveBroadcast(store.db, { ...sent, cancelledAt: T0 + 9, cancelledBy: 'sup-2' })
  await saveBroadcast(store.db, { ...sent, counts: { found: 12, told: 12 } })
  const answer = (deviceId: string, word: 'safe' | 'need_help', at: number) =>
    saveBroadcastAnswer(store.db, { broadcastId: sent.id, region: 'NCR', deviceId, answer: word, at })
  await answer('ncr-1', 'need_help', T0 + 2)
  await answer('ncr-1', 'safe', T0 + 1)
  await answer('ncr-2', 'safe', T0 + 3)
  const wanted = { ...sent, counts: { found: 12, told: 12 }, cancelledAt: T0 + 9, cancelledBy: 'sup-2' }
  expect(await listBroadcasts(store.db, 'NCR', 5)).toEqual([{ ...wanted, answers: { safe: 1, need_help: 1 } }])
})

// The queries of who is told and of what left the tower, each with rows of its own.

import type { Shift } from '../../../src/domain/duty'
import { defaultPolicy } from '../../../src/domain/escalation-policy'
import { listAgencies, readAgency, retireAgency, saveAgency, verifyAgency } from '../../../src/store/agencies'
import { attemptsOf, deliveryReport, saveAttempts } from '../../../src/store/attempts'
import { listDisclosures, recordDisclosure } from '../../../src/store/disclosures'
import {
  listBroadcasts,
  listDrills,
  saveBroadcast,
  saveBroadcastAnswer,
  saveDrill,
  saveDrillResult,
} from '../../../src/store/drills'
import {
  acceptHandover,
  listContacts,
  listHandovers,
  listShifts,
  loginOf,
  policyOf,
  removeShift,
  retireContact,
  saveContact,
  savePolicy,
  saveShift,
  writeHandover,
} from '../../../src/store/duty'
import { driverOfKin, kinOf, saveKin } from '../../../src/store/kin'
import { createShare, listShares, recordShareView, revokeShare, shareByTokenHash } from '../../../src/store/shares'
import type { Query } from './queries'
import { deviceId, incidentId } from './seed'
import { AGENCIES_PER_REGION, contactId, madeUuid } from './seed-telling'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BY = 'usr-q'
const NCR = 'NCR' as const

const driverOf = (n: number, devices: number): string => `drv-${deviceId(NCR, (n * 7_919) % devices)}`
const shift = (n: number): Shift => ({
  id: `ds-new-${n}`,
  region: NCR,
  duty: 'lead',
  contactId: contactId(n),
  from: Date.now(),
  until: Date.now() + 8 * HOUR_MS,
  weekly: false,
  weeklyUntil: null,
  override: false,
  note: null,
})
const agency = (n: number) => ({
  id: `ag-ncr-${n % AGENCIES_PER_REGION}`,
  region: NCR,
  kind: 'police' as const,
  name: `Station ${n}`,
  numbers: [],
  languages: ['fil'],
  covers: 'A part',
  source: 'made up',
  verifiedAt: null,
  verifiedBy: null,
  reverifyDays: 90,
  machine: null,
  note: null,
  active: true,
})
const broadcast = (n: number) => ({
  id: madeUuid(2, 8 * n + 1),
  region: NCR,
  ref: `A-${n}`,
  area: [],
  text: 'FLOOD',
  counts: {},
  by: BY,
  at: Date.now() - n * HOUR_MS,
  expiresAt: Date.now(),
  cancelledAt: null,
  cancelledBy: null,
})
const drill = (n: number) => ({
  id: madeUuid(1, 8 * n + 1),
  region: NCR,
  ref: `D${n}`,
  kind: 'driver' as const,
  subject: 'x',
  by: BY,
  at: Date.now() - n * HOUR_MS,
  until: Date.now(),
  endedAt: null,
  passed: null,
  note: null,
})

export const TELLING: Record<string, Query> = {
  listContacts: (db) => listContacts(db, NCR),
  saveContact: (db, n) =>
    saveContact(
      db,
      {
        id: contactId(n),
        region: NCR,
        name: `Person ${n}`,
        lang: 'fil',
        addresses: [],
        teams: [],
        uid: null,
        active: true,
      },
      BY,
    ),
  loginOf: (db, n, seed) => loginOf(db, `usr-${deviceId(NCR, n % Math.min(500, seed.devicesPerRegion))}`),
  retireContact: (db) => retireContact(db, { id: 'nobody', region: NCR }, BY),
  listShifts: (db, n) => listShifts(db, NCR, n % 2 ? Date.now() : null),
  saveShift: (db, n) => saveShift(db, shift(n), BY),
  removeShift: (db, n) => removeShift(db, { id: `ds-new-${n - 20}`, region: NCR }, BY),
  policyOf: (db) => policyOf(db, NCR),
  savePolicy: (db) => savePolicy(db, defaultPolicy('ILO'), BY, null),
  listHandovers: (db) => listHandovers(db, NCR, 20),
  writeHandover: (db, n) =>
    writeHandover(
      db,
      { id: madeUuid(3, n), region: NCR, duty: 'lead', from: contactId(1), to: contactId(2), note: 'Quiet' },
      BY,
    ),
  acceptHandover: (db, n) => acceptHandover(db, { id: madeUuid(3, n), region: NCR }, BY),
  listAgencies: (db) => listAgencies(db, NCR),
  readAgency: (db, n) => readAgency(db, NCR, agency(n).id),
  saveAgency: (db, n) => saveAgency(db, agency(n), BY),
  verifyAgency: (db, n) => verifyAgency(db, agency(n), BY),
  retireAgency: (db) => retireAgency(db, { id: 'none', region: NCR }, BY),
  driverOfKin: (db, n, seed) => driverOfKin(db, driverOf(n, seed.devicesPerRegion)),
  kinOf: (db, n, seed) => kinOf(db, driverOf(n, seed.devicesPerRegion)),
  saveKin: (db, n, seed) => saveKin(db, { id: driverOf(n, seed.devicesPerRegion), region: NCR, contacts: [] }, BY),
  saveAttempts: (db, n) =>
    saveAttempts(
      db,
      Array.from({ length: 50 }, (_, each) => ({
        id: `NCR.0.new-${n}-${each}`,
        pageId: `page-${n}`,
        incidentId: incidentId(1, n),
        region: NCR,
        reason: 'escalation' as const,
        step: 'lead',
        contact: { id: contactId(each), name: 'Person' },
        channel: 'sms' as const,
        provider: 'twilio',
        network: 'Globe',
        to: '+63900•••0000',
        n: each + 1,
        state: 'delivered' as const,
        error: null,
        answer: null,
        drill: false,
        at: { queued: Date.now(), sending: Date.now(), delivered: Date.now() + 900 },
      })),
    ),
  attemptsOf: (db, n, seed) => attemptsOf(db, incidentId(1, (2 * n) % seed.devicesPerRegion), 100),
  deliveryReport: (db, n, seed) => {
    const from = Date.now() - (1 + (n % (seed.days - 1))) * DAY_MS
    return deliveryReport(db, { region: NCR, from, until: from + DAY_MS })
  },
  recordDisclosure: (db, n) =>
    recordDisclosure(db, {
      id: crypto.randomUUID(),
      region: NCR,
      incidentId: incidentId(1, n),
      at: Date.now(),
      recipient: { kind: 'agency', id: null, name: 'Unified 911' },
      way: 'call',
      sent: {},
      by: { uid: BY, name: 'Q' },
    }),
  listDisclosures: (db, n, seed) => {
    const from = Date.now() - (n % seed.days) * DAY_MS
    const span = { region: NCR, from: from - DAY_MS, until: from }
    return listDisclosures(db, n % 2 ? { ...span, incident: { id: incidentId(1, n) } } : span, 100)
  },
  createShare: (db, n) =>
    createShare(db, {
      id: madeUuid(4, n),
      region: NCR,
      incidentId: incidentId(1, n),
      tokenHash: `bench-${n}`,
      codeHash: null,
      recipient: 'Luz',
      granted: ['position'],
      madeBy: BY,
      madeAt: Date.now(),
      expiresAt: Date.now() + HOUR_MS,
      revokedAt: null,
      revokedBy: null,
    }),
  shareByTokenHash: (db, n) => shareByTokenHash(db, `bench-${n}`),
  recordShareView: (db, n) =>
    recordShareView(db, {
      id: crypto.randomUUID(),
      region: NCR,
      linkId: madeUuid(4, n),
      at: Date.now(),
      ipHash: 'x',
      agent: null,
    }),
  listShares: (db, n, seed) => listShares(db, incidentId(1, (5 * n) % seed.devicesPerRegion)),
  revokeShare: (db, n) => revokeShare(db, madeUuid(4, n), BY, Date.now()),
  saveDrill: (db, n) => saveDrill(db, drill(n + 600)),
  saveDrillResult: (db, n) =>
    saveDrillResult(db, {
      drillId: madeUuid(1, 8 * (1 + (n % 400)) + 1),
      region: NCR,
      subject: `device:new-${n}`,
      name: 'Driver',
      passed: true,
      tookMs: 900,
      why: null,
      appVersion: null,
      at: Date.now(),
    }),
  listDrills: (db) => listDrills(db, NCR, 20),
  saveBroadcast: (db, n) => saveBroadcast(db, broadcast(n + 600)),
  saveBroadcastAnswer: (db, n) =>
    saveBroadcastAnswer(db, {
      broadcastId: madeUuid(2, 8 * (1 + (n % 200)) + 1),
      region: NCR,
      deviceId: `new-${n}`,
      answer: 'safe',
      at: Date.now(),
    }),
  listBroadcasts: (db) => listBroadcasts(db, NCR, 20),
}

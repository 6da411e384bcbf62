// A room whose region has agencies and whose driver has contacts, and the pages that it would give to the courier.

import type { Agency } from '../../src/domain/agency'
import type { DirectoryRow } from '../../src/domain/directory'
import type { HandOffTold } from '../../src/domain/handoff'
import type { Page } from '../../src/domain/page'
import type { Press } from '../../src/domain/press'
import { municipalityAt } from '../../src/geo/gazetteer'
import { aPress, crew, NOON, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

export const anAgency = (changes: Partial<Agency> = {}): Agency => ({
  id: 'ncr-911',
  region: 'NCR',
  kind: 'unified_911',
  name: 'Unified 911',
  numbers: [{ label: 'Emergency', number: '911', confidence: 'high' }],
  languages: ['en', 'fil'],
  covers: 'Metro Manila',
  source: 'a newspaper',
  verifiedAt: NOON,
  verifiedBy: 'ana',
  reverifyDays: 90,
  machine: null,
  note: null,
  active: true,
  ...changes,
})

export const MACHINE = anAgency({
  id: 'ncr-centre',
  kind: 'local_centre',
  name: 'Command centre',
  numbers: [{ label: 'Desk', number: '+63280000000', confidence: 'low' }],
  machine: { url: 'https://centre.example/handoff', kind: 'handoff_v1' },
})

export const told = (changes: Partial<HandOffTold> = {}): HandOffTold => ({
  agencyId: 'ncr-911',
  number: '911',
  ref: null,
  calledAt: NOON,
  answeredAt: null,
  note: null,
  byMachine: false,
  ...changes,
})

const ROWS: DirectoryRow[] = [
  ...crew('dev-1', 1),
  ...crew('dev-2', 10),
  { kind: 'agency', id: 'ncr-911', version: 20, body: anAgency() },
  { kind: 'agency', id: 'ncr-centre', version: 21, body: MACHINE },
  {
    kind: 'kin',
    id: 'drv-dev-1',
    version: 22,
    body: {
      id: 'drv-dev-1',
      region: 'NCR',
      contacts: [
        { id: 'k-wife', name: 'Made-up Wife', relation: 'wife', phone: '+639170000011', lang: 'fil' },
        { id: 'k-mate', name: 'Made-up Mate', relation: 'friend', phone: '0917 000 0002', lang: 'en' },
        { id: 'k-self', name: 'Own Phone', relation: 'self', phone: '09170000001', lang: 'en' },
        { id: 'k-911', name: 'Nobody', relation: '', phone: '911', lang: 'en' },
      ],
    },
  },
  // The second driver shares the first one's vehicle.
  {
    kind: 'driver',
    id: 'drv-dev-2',
    version: 30,
    body: { id: 'drv-dev-2', name: 'Made-up Mate', phone: '+639170000002' },
  },
  {
    kind: 'device',
    id: 'dev-2',
    version: 31,
    body: {
      ...{ id: 'dev-2', home: 'NCR', driverId: 'drv-dev-2', vehicleId: 'veh-dev-1' },
      ...{ minGeneration: 1, pinMac: null, duressPinMac: null },
    },
  },
]

export const ana = viewer('ana')

/** A crash is voice-ok, a panic is quiet. */
export function desk(press: Partial<Press> = { kind: 'crash' }, machine = true) {
  const at = openRoom({
    ports: {
      municipalityOf: (place) => municipalityAt(place).municipality,
      towerPhone: () => '0286540000',
      ...(machine && {
        callbackOf: (id: string) => ({
          url: `https://tower.example/hooks/agency/${id}`,
          secret: 'whsec_x',
          sender: 'tower@tower.example',
        }),
      }),
    },
  })
  at.room.learn(ROWS)
  const sent = aPress(press)
  at.send([sent])
  const id = sent.sosId
  at.room.act(id, { type: 'take' }, ana)
  /** Every page that it has made, oldest first. */
  const pages = (): Page[] =>
    at.storage.sql
      .exec<{ body: string }>('SELECT body FROM page_out WHERE body IS NOT NULL ORDER BY rowid')
      .toArray()
      .map(({ body }) => JSON.parse(body) as Page)
      .filter(({ reason }) => reason !== 'escalation')
  const events = (type: string) => at.room.log.ofIncident(id).filter((event) => event.type === type)
  const incident = () => {
    const found = at.room.incidents.find(id)
    if (!found) throw new Error('no incident')
    return found
  }
  return { ...at, id, pages, events, incident, records: () => at.room.outward.records.waiting(1_000) }
}

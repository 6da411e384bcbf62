// Made-up notices and checks for the design pages.

import type { CellAt, ShownNotice } from '../../src/domain/coverage'
import type { ShownCheck } from '../../src/domain/welfare'
import type { TakenOver } from '../../src/room/paging-contract'
import { SAMPLE_NOW } from './sample'

const ago = (minutes: number): string => new Date(SAMPLE_NOW - minutes * 60_000).toISOString()

const CELLS: CellAt[] = [
  [1454, 12101],
  [1454, 12102],
  [1455, 12101],
  [1455, 12102],
  [1455, 12103],
  [1456, 12102],
  [1456, 12103],
  [1456, 12104],
  [1457, 12103],
]

const notice: ShownNotice = {
  id: 'sample-1',
  since: ago(14),
  count: 143,
  wide: false,
  area: { road: 'Ayala Avenue', landmark: 'Ayala Triangle', municipalities: ['Makati', 'Taguig'] },
  cells: CELLS,
  lat: 14.556,
  lng: 121.024,
}

const checks: ShownCheck[] = [
  { id: 'check-1', reason: 'long_stop', at: ago(9), state: 'listed', lat: 14.651, lng: 121.032, by: null },
  { id: 'check-2', reason: 'power_cut', at: ago(4), state: 'listed', lat: 14.5, lng: 121.05, by: null },
  { id: 'check-3', reason: 'tow', at: ago(6), state: 'put_aside', lat: 14.53, lng: 121.0, by: 'Desk 3' },
]

export const SAMPLE_BESIDE = { notices: [notice], checks }

export const SAMPLE_TAKEN_OVER: TakenOver[] = [
  {
    region: 'CEB',
    from: 'NCR',
    by: { uid: 'sample', alias: 'Desk 3' },
    reason: 'Power cut at the site',
    at: SAMPLE_NOW - 22 * 60_000,
    until: SAMPLE_NOW + 11 * 3_600_000,
  },
]

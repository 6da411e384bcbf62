// What a notice and a listed check say, decided once: the server renders it, and the browser draws the same from a template.

import type { AreaNames, ShownNotice } from '../../src/domain/coverage'
import type { ShownCheck } from '../../src/domain/welfare'
import { minute } from '../format'
import type { Say } from '../words'
import { placeOf } from './card-view'

export type NoticeView = { id: string; what: string; place: string; since: string }
export type CheckView = { id: string; reason: string; place: string; since: string; aside: string; isAside: boolean }

/** More names than these are a count. */
const NAMES_SAID = 3
const FIGURES = new Intl.NumberFormat('en-PH')

export const noticeView = (notice: ShownNotice, say: Say): NoticeView => ({
  id: notice.id,
  what: say('notice.out', { n: FIGURES.format(notice.count) }),
  place: notice.wide
    ? [say('notice.wide'), named(notice.area.municipalities, say)].filter(Boolean).join(': ')
    : areaNamesInWords(notice.area, say) || placeOf({ ...NO_POSITION, lat: notice.lat, lng: notice.lng }, say),
  since: say('notice.since', { time: minute(Date.parse(notice.since)) }),
})

export const checkView = (check: ShownCheck, say: Say): CheckView => ({
  id: check.id,
  reason: say(`hint.${check.reason}`),
  place: placeOf(
    check.lat === null || check.lng === null ? null : { ...NO_POSITION, lat: check.lat, lng: check.lng },
    say,
  ),
  since: say('notice.since', { time: minute(Date.parse(check.at)) }),
  aside: check.state === 'put_aside' ? say('checks.put_aside', { by: check.by ?? '' }) : '',
  isAside: check.state === 'put_aside',
})

/** "near EDSA, near SM Megamall, Mandaluyong"; empty where nothing is known of it. */
export function areaNamesInWords({ road, landmark, municipalities }: AreaNames, say: Say): string {
  const parts = [
    road && say('where.near_road', { road }),
    landmark && say('notice.near', { landmark }),
    named(municipalities, say),
  ]
  return parts.filter(Boolean).join(', ')
}

function named(names: readonly string[], say: Say): string {
  const said = names.slice(0, NAMES_SAID).join(', ')
  return names.length > NAMES_SAID ? say('notice.more', { names: said, n: names.length - NAMES_SAID }) : said
}

const NO_POSITION = { accuracyM: null, headingDeg: null, speedMps: null, fixedAt: null, doubts: [] }

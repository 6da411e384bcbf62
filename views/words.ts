// The one dictionary of the tower: every word that a person reads on it, English and Filipino side by side in words/.
// To be checked by a native speaker: FOR_REVIEW.

import { ACT_WORDS } from './words/acts'
import { AGENCY_FOR_REVIEW, AGENCY_WORDS } from './words/agencies'
import { AREA_FOR_REVIEW, AREA_WORDS } from './words/areas'
import { DELIVERY_FOR_REVIEW, DELIVERY_WORDS } from './words/delivery'
import { DEVICE_WORDS } from './words/devices'
import { DISCLOSURE_FOR_REVIEW, DISCLOSURE_WORDS } from './words/disclosures'
import { DRILL_FOR_REVIEW, DRILL_WORDS } from './words/drills'
import { EVENT_WORDS } from './words/events'
import { GEOFENCE_WORDS } from './words/geofences'
import { HANDOFF_FOR_REVIEW, HANDOFF_WORDS } from './words/handoff'
import { KIN_FOR_REVIEW, KIN_WORDS } from './words/kin'
import { LADDER_FOR_REVIEW, LADDER_WORDS } from './words/ladder'
import { NEAREST_WORDS } from './words/nearest'
import { NOTICE_WORDS } from './words/notices'
import { PLACE_WORDS } from './words/places'
import { REPLAY_FOR_REVIEW, REPLAY_WORDS } from './words/replay'
import { ROTA_FOR_REVIEW, ROTA_WORDS } from './words/rota'
import { SCREEN_WORDS } from './words/screen'
import { SHARE_FOR_REVIEW, SHARE_WORDS } from './words/share'
import { SOURCE_FOR_REVIEW, SOURCE_WORDS } from './words/sources'
import { STATE_WORDS } from './words/states'
import { STORM_FOR_REVIEW, STORM_WORDS } from './words/storm'
import { TAKEOVER_FOR_REVIEW, TAKEOVER_WORDS } from './words/takeover'

export const LANGS = ['en', 'fil'] as const
export type Lang = (typeof LANGS)[number]

export const WORDS = {
  ...ACT_WORDS,
  ...STATE_WORDS,
  ...EVENT_WORDS,
  ...LADDER_WORDS,
  ...DELIVERY_WORDS,
  ...DISCLOSURE_WORDS,
  ...SCREEN_WORDS,
  ...DEVICE_WORDS,
  ...PLACE_WORDS,
  ...NEAREST_WORDS,
  ...REPLAY_WORDS,
  ...NOTICE_WORDS,
  ...SOURCE_WORDS,
  ...GEOFENCE_WORDS,
  ...STORM_WORDS,
  ...AREA_WORDS,
  ...TAKEOVER_WORDS,
  ...KIN_WORDS,
  ...ROTA_WORDS,
  ...SHARE_WORDS,
  ...DRILL_WORDS,
  ...AGENCY_WORDS,
  ...HANDOFF_WORDS,
}
export type Word = keyof typeof WORDS

/** Filipino of our own making that no native speaker has read yet. */
export const FOR_REVIEW: readonly Word[] = [
  ...REPLAY_FOR_REVIEW,
  ...LADDER_FOR_REVIEW,
  ...DELIVERY_FOR_REVIEW,
  ...DISCLOSURE_FOR_REVIEW,
  ...ROTA_FOR_REVIEW,
  ...SOURCE_FOR_REVIEW,
  ...STORM_FOR_REVIEW,
  ...AREA_FOR_REVIEW,
  ...TAKEOVER_FOR_REVIEW,
  ...KIN_FOR_REVIEW,
  ...SHARE_FOR_REVIEW,
  ...DRILL_FOR_REVIEW,
  ...AGENCY_FOR_REVIEW,
  ...HANDOFF_FOR_REVIEW,
  'act.link',
  'act.unlink',
  'act.merge',
  'act.unmerge',
  'act.lift_duress',
  'flag.duress',
  'flag.revoked_token',
  'flag.expired_token',
  'flag.pin_guessing',
  'storm.title',
  'storm.offer',
  'kind.harassment',
  'lamp.link',
  'place.near',
  'where.from',
  'where.border',
  'where.ahead',
  'panel.waiting_second',
  'sheet.needs_second',
  'device.revoked',
  'device.revoke_all',
  'device.kind_gateway_how',
  'gateway.server_how',
  'gateway.trackers_lead',
  'gateway.own_name',
  'gateway.behind',
  'issued.owntracks_twice',
  'verdict.jump',
  'report.tow',
  'dot.silent',
  'vehicle.doubts',
  'vehicle.said',
  'vehicles.rests',
  'nearest.title',
  'nearest.ask',
  'nearest.busy',
  'nearest.heard',
  'nearest.road_factor',
  'nearest.stations',
  'nearest.away',
  'vehicles.filter',
  'notice.out',
  'notice.why',
  'checks.listed',
  'checks.why',
  'checks.aside',
  'door.check',
  'flag.check',
  'hint.long_stop',
  'hint.crash',
  'hint.power_cut',
  'event.check_began',
  'event.check_ended',
  'fence.name_hint',
  'fence.keep_in',
  'fence.keep_out',
  'fence.notice',
  'fence.corner',
  'fence.wrong.fence_crosses_itself',
  'fence.map_keys',
]

export type Say = (word: Word, blanks?: Record<string, string | number>) => string

/** A speaker of one language: `t('fil')('state.taken_by', { name: 'Ana' })`. A blank without a value stays visible. */
export function t(lang: Lang): Say {
  const at = LANGS.indexOf(lang)
  return (word, blanks) => {
    const text: string = WORDS[word][at] as string
    return blanks ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(blanks[name] ?? whole)) : text
  }
}

export const isWord = (word: string): word is Word => Object.hasOwn(WORDS, word)
export const isLang = (lang: unknown): lang is Lang => LANGS.includes(lang as Lang)

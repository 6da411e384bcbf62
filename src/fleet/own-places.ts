// Where a fleet's own vehicles may stand for long: what somebody has drawn and called a depot. Rules as data.

import type { WatchedFence } from '../domain/fence-record'

/** Words of a fence's name, in English and Filipino, by which whoever drew it says so. */
const WORDS = ['depot', 'terminal', 'garage', 'garahe', 'yard']
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}])(?:${WORDS.join('|')})s?(?![\\p{L}\\p{N}])`, 'iu')

/** Where no vehicle should be is no place to stand, whatever it is called. */
export const isDepot = ({ kind, name }: Pick<WatchedFence, 'kind' | 'name'>): boolean =>
  kind !== 'keep_out' && NAMED.test(name)

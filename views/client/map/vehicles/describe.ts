// A vehicle in words, the same in the list, on the card and for those who listen. Nothing here says whose it is.

import { DOT_STATUS, type DotStatus } from '../../../../src/domain/map-frame'
import { age, kmh } from '../../../format'
import { directionInWords } from '../../../place'
import { isWord, type Say } from '../../../words'
import { type Fleet, UNKNOWN } from './fleet'

/** One of each status, in the reader's language. */
export type Letters = Record<DotStatus, string>
export type Described = { status: DotStatus; words: string; heading: string; speed: string; age: string }

const NOTHING = '–'

export function describe(fleet: Fleet, slot: number, now: number, say: Say): Described {
  const { at } = fleet
  const status = DOT_STATUS[at.status[slot] as number] ?? 'silent'
  const [heading, speed] = [at.heading[slot] as number, at.speed[slot] as number]
  return {
    status,
    words: say(`dot.${status}`),
    heading: heading === UNKNOWN ? NOTHING : directionInWords(heading * 2, say),
    speed: speed === UNKNOWN ? NOTHING : say('speed', { kmh: kmh(speed) }),
    age: age(fleet.ageS(slot, now) * 1_000),
  }
}

export const lettersIn = (say: Say): Letters => ({
  moving: say('dot.moving.letter'),
  standing: say('dot.standing.letter'),
  silent: say('dot.silent.letter'),
  sos: say('dot.sos.letter'),
})

/** Null where there is nothing to doubt. One that this page has no word for stands as it came: a doubt is never hidden. */
export function doubtsInWords(doubts: readonly string[], say: Say): string | null {
  if (doubts.length === 0) return null
  return doubts
    .map((each) => {
      const word = `doubt.${each}`
      return isWord(word) ? say(word) : each
    })
    .join(', ')
}

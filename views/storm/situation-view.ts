// What a card of a situation says, decided once: the server renders it, and the browser draws the same from a <template>.

import { type ShownSituation, STANDINGS, type Standing, type Suggestion } from '../../src/domain/situation'
import { placeInWords } from '../place'
import type { Say } from '../words'

/** Of a bar 100 wide. */
export type BarPart = { standing: Standing; x: number; width: number }

export type SituationView = {
  id: string
  name: string
  worst: 'P1' | 'P2' | 'P3' | 'P4'
  people: string
  /** "9 trapped · 31 stuck · 60 safe · 12 no answer". */
  words: string
  untaken: string
  bar: BarPart[]
}

export function situationView({ id, name, counts }: ShownSituation, say: Say): SituationView {
  const { people, untaken, worst } = counts
  let x = 0
  const bar = STANDINGS.map((standing) => {
    const width = people === 0 ? 0 : (counts[standing] / people) * 100
    const part = { standing, x: tenth(x), width: tenth(width) }
    x += width
    return part
  })
  const told = STANDINGS.filter((standing) => counts[standing] > 0)
  return {
    id,
    name,
    worst: worst ?? 'P4',
    people: String(people),
    words: told.map((standing) => say(`standing.${standing}`, { n: counts[standing] })).join(' · '),
    untaken: untaken > 0 ? say('situation.untaken', { n: untaken }) : '',
    bar,
  }
}

export type SuggestionView = { key: string; words: string; button: string; name: string }

/** `name`: what a situation made of it is called, unless somebody says better. */
export function suggestionView(
  { key, kind, lat, lng, incidentIds, situationId }: Suggestion,
  situations: readonly ShownSituation[],
  say: Say,
): SuggestionView {
  const place = placeInWords(lat, lng, say) ?? say('place.abroad')
  const n = incidentIds.length
  const known = situations.find(({ id }) => id === situationId)
  return {
    key,
    words: say('situation.seems', { kind: say(`kind.${kind}`), n, place }),
    button: known ? say('situation.join_of', { n, name: known.name }) : say('situation.make_of', { n }),
    name: `${say(`kind.${kind}`)} ${place}`.slice(0, 80),
  }
}

const tenth = (value: number): number => Math.round(value * 10) / 10

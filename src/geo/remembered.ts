// Addresses that a provider has told before, for the same few metres: asked for once, not by every screen that looks.
// The memory is a port; what comes out of it is checked, for whoever keeps it may have anything under our names.

import { z } from 'zod'
import { PLACE_KINDS, WINDS } from '../domain/whereabouts'
import { isPlace, windOf } from './distance'
import type { Moving } from './gazetteer'
import { byGazetteer, type Reversed, type ReverseProvider } from './reverse'

export type GeocodeMemory = {
  /** Null where it does not know, or does not answer in time. Never rejects. */
  recall(key: string): Promise<unknown>
  /** Nobody waits for it. */
  remember(key: string, value: unknown): void
}

const Text = z.string().min(1).max(160)
const Metres = z.number().nonnegative().max(100_000)
const Wind = z.enum(WINDS)
const Remembered = z.object({
  where: z.object({
    landmark: z
      .object({
        name: Text,
        kind: z.enum(PLACE_KINDS),
        distanceM: Metres,
        bearing: z.number().min(0).lt(360),
        wind: Wind,
      })
      .nullable(),
    road: z.object({ name: Text, distanceM: Metres, on: z.boolean(), direction: Wind.nullable() }).nullable(),
    municipality: Text.nullable(),
    orElse: Text.nullable(),
  }),
  address: Text.nullable(),
  source: z.literal('google'),
})

/** Only what came from outside is kept: the gazetteer answers sooner than any memory. */
export const remembered = (provider: ReverseProvider, memory: GeocodeMemory): ReverseProvider => ({
  async reverse(at, lang, signal) {
    if (!isPlace(at)) return provider.reverse(at, lang, signal)
    const key = keyOf(at, lang)
    const read = Remembered.safeParse(await memory.recall(key))
    if (read.success) return asItMoves(read.data, at)
    const told = await provider.reverse(at, lang, signal)
    if (told.source !== 'gazetteer') memory.remember(key, told)
    return told
  },
})

/** A cell of 11 m, where a landmark's distance and a road are the same; standing, or on the way to one of eight winds. */
function keyOf({ lat, lng, headingDeg, speedMps }: Moving, lang: 'en' | 'fil'): string {
  const heading = (speedMps ?? 0) >= 1 && typeof headingDeg === 'number' ? windOf(headingDeg) : '-'
  return `where:${lang}:${lat.toFixed(4)}:${lng.toFixed(4)}:${heading}`
}

/** On our own lines the carriageway is told from the exact heading, which the cell has only roughly. */
function asItMoves(told: Reversed, at: Moving): Reversed {
  const { road } = told.where
  const own = byGazetteer(at).where.road
  if (!road?.on || !own?.on) return told
  return { ...told, where: { ...told.where, road: { ...road, direction: own.direction } } }
}

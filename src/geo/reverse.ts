// A position in the terms of a person, by whichever provider is there: one promise, and the gazetteer's own answer.

import type { Whereabouts } from '../domain/whereabouts'
import { describe, type Moving } from './gazetteer'

export type ReverseSource = 'gazetteer' | 'google'

export type Reversed = {
  where: Whereabouts
  /** As the provider writes it, in the language asked for; the gazetteer has none. Text of others: escape it. */
  address: string | null
  source: ReverseSource
}

export type ReverseProvider = {
  /** Never rejects: what a provider does not answer in time comes from the gazetteer. */
  reverse(at: Moving, lang: 'en' | 'fil', signal?: AbortSignal): Promise<Reversed>
}

export const byGazetteer = (at: Moving): Reversed => ({ where: describe(at), address: null, source: 'gazetteer' })

/** Answers at once and in no language: names are the same in all. */
export const gazetteerReverse: ReverseProvider = { reverse: async (at) => byGazetteer(at) }

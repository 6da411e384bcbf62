// An incident's devices in words: how sure the place of each is, and how far it is from the one that pressed.

import { haversine } from '../src/domain/distance'
import type { IncidentSource } from '../src/domain/separation'
import { uncertaintyM } from '../src/domain/uncertainty'
import { ms } from './format'
import type { Say } from './words'

export type ShownSource = IncidentSource

/** "within 48 m · 410 m away": from the one that pressed, or the first where that is none of them. */
export function sourceRest(of: ShownSource, all: readonly ShownSource[], say: Say, now: number): string {
  const from = all.find(({ own }) => own) ?? all[0]
  const within = say('sources.within', {
    m: rounded(uncertaintyM(of.position, now - (ms(of.position.fixedAt) ?? now))),
  })
  if (!from || from.deviceId === of.deviceId) return within
  return `${within} · ${say('sources.away', { m: rounded(haversine(from.position, of.position)) })}`
}

/** Two figures are all that a circle deserves. */
function rounded(metres: number): number {
  const unit = metres < 100 ? 1 : metres < 1_000 ? 10 : 100
  return Math.round(metres / unit) * unit
}

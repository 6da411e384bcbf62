// The panel's lines of an incident's devices: read once when the panel comes, and brought up to date while they move.

import { type ShownSource, sourceRest } from '../../sources'
import type { Say } from '../../words'
import { write } from '../queue/draw'

const list = (): HTMLElement | null => document.querySelector<HTMLElement>('#panel [data-sources]')

/** What the server knew of the framed incident's devices. */
export const panelSources = (): ShownSource[] => JSON.parse(list()?.dataset.sources ?? '[]') as ShownSource[]

/** False where the panel has no line for one of them yet: it must be asked for anew. */
export function drawSources(sources: readonly ShownSource[], say: Say, now: number): boolean {
  if (sources.length < 2) return true
  const lines = new Map(
    [...(list()?.querySelectorAll<HTMLElement>('[data-device]') ?? [])].map((line) => [line.dataset.device, line]),
  )
  for (const each of sources) {
    const line = lines.get(each.deviceId)
    if (!line) return false
    const age = line.querySelector<HTMLElement>('[data-source-age]')
    if (age && each.position.fixedAt) age.dataset.since = String(Date.parse(each.position.fixedAt))
    write(line.querySelector('[data-source-rest]'), sourceRest(each, sources, say, now))
  }
  return true
}

// What a room wrote down, by its own log: read to the end over the loopback socket, and compared with what phones were answered.

import type { LogEvent } from '../../../src/domain/event'
import type { RegionId } from '../../../src/domain/region'

const PAGE = 500

export type Truth = {
  events: number
  /** Answered and never created; created twice; events whose number does not follow that of the one before. */
  lost: number
  doubled: number
  gaps: number
}

/** `sosIds`: every press that was answered, each of another person. Reads all events of the region. */
export async function truthOf(internalUrl: string, region: RegionId, sosIds: readonly string[]): Promise<Truth> {
  const created = new Map<string, number>()
  let next = 1
  let events = 0
  let gaps = 0
  for (;;) {
    const answer = await fetch(`${internalUrl}/rooms/${region}/log?from=${next}&limit=${PAGE}`)
    const page = ((await answer.json()) as { events: LogEvent[] }).events
    for (const { seq, type, incident } of page) {
      if (seq !== next) gaps++
      next = seq + 1
      if (type === 'created' && incident !== null) created.set(incident, (created.get(incident) ?? 0) + 1)
    }
    events += page.length
    if (page.length < PAGE) break
  }
  const doubled = [...created.values()].filter((count) => count > 1).length
  return { events, lost: sosIds.filter((id) => !created.has(id)).length, doubled, gaps }
}

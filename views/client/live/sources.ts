// Where the devices of incidents are, as the room said last: the newest of each, for incidents that have several.

import type { ShownSource } from '../../sources'
import type { ToScreen } from './wire'

type Said = NonNullable<Extract<ToScreen, { t: 'moved' }>['sources']>

export class LiveSources {
  private readonly byIncident = new Map<string, Map<string, ShownSource>>()

  /** Gives the incidents of which something is new. */
  hear(said: Said): Set<string> {
    return new Set(said.flatMap(({ id, ...source }) => (this.note(id, source) ? [id] : [])))
  }

  /** What the panel came with counts as said. */
  note(id: string, source: ShownSource): boolean {
    const known = this.byIncident.get(id) ?? new Map<string, ShownSource>()
    if (timeOf(source) <= timeOf(known.get(source.deviceId))) return false
    this.byIncident.set(id, known.set(source.deviceId, source))
    return true
  }

  /** The one that pressed first; empty where there is nothing to tell apart. */
  of(id: string): ShownSource[] {
    const all = [...(this.byIncident.get(id)?.values() ?? [])]
    if (all.length < 2) return []
    return all.sort((a, b) => Number(b.own) - Number(a.own) || a.deviceId.localeCompare(b.deviceId))
  }

  /** Others have left the queue. */
  keep(ids: { has(id: string): boolean }): void {
    for (const id of this.byIncident.keys()) if (!ids.has(id)) this.byIncident.delete(id)
  }
}

const timeOf = (source: ShownSource | undefined): number => Date.parse(source?.position.fixedAt ?? '') || 0

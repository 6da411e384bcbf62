// What the map is told of the desk, each time anything of it has changed: the incidents, which one is framed and where its
// panel says that it is, and the places of those that have several devices.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { Say } from '../../words'
import { roomNow } from '../chrome/clock'
import { LiveSources } from '../live/sources'
import type { SourceOnMap } from '../map/targets'
import { whereFramed } from './fresh-fix'
import { drawSources, panelSources } from './sources'

export type MapNewsPorts = {
  say: Say
  /** All that the queue shows. */
  incidents(): IncidentSummary[]
  /** What the room has queued. */
  queue(): ReadonlyMap<string, IncidentSummary>
  framedId(): string | null
  /** The panel has no line for a device that was heard of: it is to be drawn anew. */
  redraw(): void
}

export class MapNews {
  private readonly sources = new LiveSources()

  constructor(private readonly ports: MapNewsPorts) {}

  tell(): void {
    const shown = document.querySelector<HTMLElement>('#panel')?.dataset
    const place =
      shown?.lat && shown.lng
        ? { lat: Number(shown.lat), lng: Number(shown.lng), accuracyM: Number(shown.accuracy ?? 0) }
        : null
    const framedId = this.ports.framedId()
    document.dispatchEvent(
      new CustomEvent('tower:queue', {
        detail: {
          incidents: whereFramed(this.ports.incidents(), framedId, place),
          framedId,
          place,
          sources: this.sourcesOnMap(framedId),
          now: roomNow(),
        },
      }),
    )
  }

  /** What the live socket said of single devices of an incident. */
  sourcesMoved(said: Parameters<LiveSources['hear']>[0]): void {
    const moved = this.sources.hear(said)
    this.sources.keep(this.ports.queue())
    if (moved.size === 0) return
    this.tell()
    const framedId = this.ports.framedId()
    if (framedId === null || !moved.has(framedId)) return
    if (!drawSources(this.sources.of(framedId), this.ports.say, roomNow())) this.ports.redraw()
  }

  /** Of every incident here that has several devices. */
  private sourcesOnMap(framedId: string | null): SourceOnMap[] {
    const { say, queue } = this.ports
    if (framedId !== null) for (const source of panelSources()) this.sources.note(framedId, source)
    return [...queue().keys()].flatMap((id) =>
      this.sources
        .of(id)
        .map(({ source, own, position }) => ({ id, kind: source, own, position, words: say(`sources.${source}`) })),
    )
  }
}

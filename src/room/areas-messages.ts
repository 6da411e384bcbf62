// What a driver writes back, in their own words: a line of the timeline, a mark that it is unread, and two short tones for the
// owner. And what their own page may read of it: nothing while silence is kept.

import type { Viewer } from '../domain/access'
import { PRESSER } from '../domain/command'
import { type Incident, OPEN_STATES } from '../domain/incident'
import { ring, withFlag, withoutFlag } from '../domain/outcome'
import type { SaidHeard } from '../domain/phone-said'
import { mayReachPresser } from '../domain/phone-view'
import type { AnswerWay } from '../domain/queue-answer'
import { actorOf } from './acts'
import type { DriverMessage } from './areas-contract'
import type { Ledger } from './ledger'

/** A phone that writes on and on rings no more than this. */
const RINGS_EVERY_MS = 10_000

export class AreasMessages {
  constructor(private readonly ledger: Ledger) {}

  /** Null where `id` is neither a press of this device nor a message to its driver. */
  said(id: string, deviceId: string, text: string, via: AnswerWay): SaidHeard | null {
    const found = this.incidentOf(id, deviceId)
    const incident = found && this.ledger.living(found)
    if (!incident) return null
    const now = this.ledger.ports.now()
    const open = [...OPEN_STATES, 'safe'].includes(incident.state)
    this.ledger.transact(() => {
      const rings = open && incident.owner !== null && now - this.lastSaid(incident.id) >= RINGS_EVERY_MS
      this.ledger.save({
        before: incident,
        after: {
          ...incident,
          flags: open ? withFlag(incident, 'driver_wrote') : incident.flags,
          ring: rings ? ring(incident, 'owner', 'message', now) : incident.ring,
          changedAt: now,
        },
        lines: [{ type: 'message', body: { from: 'driver', text, to: id, via } }],
        actor: PRESSER,
      })
    })
    // Where silence is kept a phone is told nothing by which one could tell that it is over.
    return open || mayReachPresser(incident, 'status') !== 'open' ? 'heard' : 'over'
  }

  /** Its owner has it before them. */
  read(incident: Incident, viewer: Viewer): void {
    if (!incident.flags.includes('driver_wrote') || incident.owner?.uid !== viewer.uid) return
    this.ledger.transact(() => {
      this.ledger.save({
        before: incident,
        after: { ...incident, flags: withoutFlag(incident, 'driver_wrote') },
        lines: [{ type: 'message', body: { read: true } }],
        actor: actorOf(viewer),
      })
    })
  }

  /** Null where there is no such press of this device. */
  of(sosId: string, deviceId: string): DriverMessage[] | null {
    const press = this.ledger.pushes.press(sosId)
    const incident = press?.device === deviceId ? this.ledger.living(press.incident) : null
    if (!press || !incident) return null
    // After a PIN, the true one and the one under duress alike, the press reads as cancelled and nothing else.
    if (press.cancelled || incident.duress || mayReachPresser(incident, 'status') !== 'open') return []
    return this.ledger.log.ofIncident(incident.id).flatMap(({ type, at, seq, body }): DriverMessage[] => {
      if (type !== 'message' || typeof body?.text !== 'string') return []
      const from = body.from === 'driver' ? 'driver' : 'tower'
      const id = typeof body.pageId === 'string' ? body.pageId : `${incident.id}.${seq}`
      return [{ id, at, from, text: body.text }]
    })
  }

  private lastSaid(incidentId: string): number {
    const last = this.ledger.log
      .ofIncident(incidentId)
      .findLast(({ type, body }) => type === 'message' && body?.from === 'driver')
    return last?.at ?? Number.NEGATIVE_INFINITY
  }

  private incidentOf(id: string, deviceId: string): string | null {
    const press = this.ledger.pushes.press(id)
    if (press) return press.device === deviceId ? press.incident : null
    const page = this.ledger.pages.get(id)
    if (page?.reason !== 'driver' || page.incidentId === null) return null
    const incident = this.ledger.living(page.incidentId)
    if (!incident) return null
    const own = incident.deviceId === deviceId || incident.presses.some((each) => each.deviceId === deviceId)
    const { driver } = this.ledger.directory.cardsOf(deviceId)
    return own || (driver !== null && driver.id === incident.driver?.id) ? incident.id : null
  }
}

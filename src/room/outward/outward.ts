// Everything that leaves this region by a person's decision, put together: agencies, the driver's contacts, links, messages.

import { may, type Viewer } from '../../domain/access'
import type { AgencyStatus, HandOffTold } from '../../domain/handoff'
import { type IncidentSummary, regionsOf } from '../../domain/incident'
import type { Seen, ShareWish } from '../../domain/share'
import type { Timer } from '../../durable/timers'
import type { Answer } from '../contract'
import type { Moved } from '../moving'
import type { KinTold, Opened, OutwardDesk, ShareAnswer } from '../outward-contract'
import type { OutwardParts } from './books'
import { FOLLOW_TIMER, HandOffs } from './handoffs'
import { KeptHandOffs } from './kept-handoffs'
import { KinContacts } from './kin'
import { Machines, TRACE_TIMER } from './machines'
import { Messages } from './messages'
import { Records } from './records'
import { Shares } from './shares'

export class Outward {
  readonly records: Records
  private readonly kept: KeptHandOffs
  private readonly handOffs: HandOffs
  private readonly machines: Machines
  private readonly kin: KinContacts
  private readonly messages: Messages
  private readonly shares: Shares

  constructor(private readonly parts: OutwardParts) {
    const { storage, followers } = parts.books
    this.records = new Records(storage)
    this.kept = new KeptHandOffs(storage)
    this.machines = new Machines(parts, this.kept)
    this.handOffs = new HandOffs(parts, this.kept, this.records, this.machines)
    this.kin = new KinContacts(parts, this.records)
    this.messages = new Messages(parts)
    this.shares = new Shares(storage, parts, this.records)
    followers.push((change) => {
      this.handOffs.changed(change)
      this.shares.changed(change)
    })
  }

  /** Null where there is no such incident, or the viewer may not see it. */
  desk(incidentId: string, viewer: Viewer): OutwardDesk | null {
    const { books } = this.parts
    const incident = books.incidents.find(incidentId)
    if (!incident || !may(viewer, 'agency:see', regionsOf(incident))) return null
    const mayDo = may(viewer, 'handoff:do', regionsOf(incident))
    return {
      incident: books.incidents.summary(incidentId) as IncidentSummary,
      agencies: books.directory.all('agency').filter(({ active }) => active),
      handOffs: this.kept.ofIncident(incidentId),
      // Names and numbers of people outside are for those who may tell them.
      kin: mayDo ? this.kin.of(incident) : null,
      shares: this.shares.shown(incidentId),
    }
  }

  handOff(incidentId: string, told: HandOffTold, viewer: Viewer): Answer {
    return this.handOffs.handOff(incidentId, told, viewer)
  }

  tellKin(incidentId: string, told: KinTold, viewer: Viewer): Answer {
    return this.kin.tell(incidentId, told, viewer)
  }

  message(incidentId: string, text: string, viewer: Viewer): Answer {
    return this.messages.send(incidentId, text, viewer)
  }

  share(incidentId: string, wish: ShareWish, viewer: Viewer): ShareAnswer {
    return this.shares.make(incidentId, wish, viewer)
  }

  revokeShare(incidentId: string, shareId: string, viewer: Viewer): Answer {
    return this.shares.revoke(incidentId, shareId, viewer)
  }

  shareView(token: string, seen: Seen): Opened {
    return this.shares.view(token, seen)
  }

  openByCode(code: string, seen: Seen): string | null {
    return this.shares.openByCode(code, seen)
  }

  agencyStatus(handOffId: string, status: AgencyStatus): 'applied' | 'unchanged' | 'unknown' {
    return this.machines.status(handOffId, status)
  }

  moved(moved: readonly Moved[]): void {
    this.handOffs.moved(moved)
  }

  /** True where the timer was ours. Inside a transaction. */
  rang({ kind, key }: Pick<Timer, 'kind' | 'key'>): boolean {
    if (kind === FOLLOW_TIMER) this.handOffs.rang(key)
    else if (kind === TRACE_TIMER) this.machines.rang(key)
    else return false
    return true
  }

  /** With the incidents that a room forgets. */
  forget(): void {
    this.kept.forget()
    this.shares.forget()
  }
}

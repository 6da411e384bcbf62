// Live-location links, kept in the room so that they open while Postgres is away. What opens one is kept as a hash alone.
// A link shows what was granted while its incident lives, until it expires or is revoked, and whoever opened it is written down.

import type { Viewer } from '../../domain/access'
import { type Actor, type Refusal, SYSTEM } from '../../domain/command'
import { type Incident, isQueued, OPEN_STATES } from '../../domain/incident'
import { isNeverDialled } from '../../domain/never-dialled'
import type { Line } from '../../domain/outcome'
import type { ShareLink } from '../../domain/outward-record'
import { factsOf } from '../../domain/page-facts'
import { pageIdOf } from '../../domain/page-id'
import { e164 } from '../../domain/phone-number'
import { mayReachPresser } from '../../domain/phone-view'
import { regionById } from '../../domain/region'
import {
  readCode,
  refusesShare,
  type Seen,
  type ShareMade,
  type ShareShown,
  type ShareWish,
  spokenCode,
  TOKEN,
} from '../../domain/share'
import type { Storage } from '../../durable/storage'
import { actorOf } from '../acts'
import type { Answer } from '../contract'
import type { Change } from '../ledger'
import type { Opened, ShareAnswer } from '../outward-contract'
import { conflict, decideOn, invalid, type OutwardParts, UNKNOWN } from './books'
import { disclose } from './disclosed'
import { hash, type KeptShare, KeptShares, newCode, newSalt, newToken } from './kept-shares'
import { digits } from './kin'
import type { Records } from './records'
import { sharedView } from './shared-view'

/** Who opens it again within this time is the same look. */
const SAME_LOOK_MS = 10 * 60_000
/** Wrong codes of everybody together: beyond them none is looked up for the rest of the minute. */
const WRONG_CODES_PER_MINUTE = 60
const AGENT_MAX = 200

export class Shares {
  private wrong = { minute: 0, count: 0 }
  private readonly kept: KeptShares

  constructor(
    storage: Storage,
    private readonly parts: OutwardParts,
    private readonly records: Records,
  ) {
    this.kept = new KeptShares(storage)
  }

  make(incidentId: string, wish: ShareWish, viewer: Viewer): ShareAnswer {
    let made: ShareMade | null = null
    const answer = decideOn(this.parts, incidentId, viewer, (incident) => {
      const refusal = refusesShare(wish) ?? this.refuses(incident, wish)
      if (!refusal) made = this.write(incident, wish, viewer)
      return refusal
    })
    if (!answer.ok) return answer
    return made ? { ok: true, share: made } : { ok: false, refusal: UNKNOWN }
  }

  revoke(incidentId: string, shareId: string, viewer: Viewer): Answer {
    return decideOn(this.parts, incidentId, viewer, (incident) => {
      const link = this.kept.ofIncident(incident.id).find(({ id }) => id === shareId)
      if (!link) return { code: 'not_found', reason: 'unknown_share', message: 'There is no such link.' }
      if (link.revokedAt !== null) return null
      const line = this.end(link, viewer.uid, 'person')
      this.parts.books.save({ before: incident, after: incident, lines: [line], actor: actorOf(viewer) })
      return null
    })
  }

  shown(incidentId: string): ShareShown[] {
    return this.kept.ofIncident(incidentId).map((link) => this.show(link))
  }

  /** What this token may read now. A look is written down once in ten minutes. */
  view(token: string, seen: Seen): Opened {
    const link = TOKEN.test(token) ? this.kept.byToken(hash(token)) : null
    if (!link) return { is: 'none' }
    const incident = this.parts.books.incidents.find(link.incidentId)
    if (!incident || !this.opens(link, incident)) return { is: 'gone' }
    this.parts.books.transact(() => this.note(link, incident, seen))
    return { is: 'open', view: sharedView(this.parts, link, incident) }
  }

  /** A token of its own for whoever says the code. */
  openByCode(typed: string, seen: Seen): string | null {
    const now = this.parts.books.ports.now()
    const minute = Math.floor(now / 60_000)
    if (this.wrong.minute !== minute) this.wrong = { minute, count: 0 }
    if (this.wrong.count >= WRONG_CODES_PER_MINUTE) return null
    const code = readCode(typed)
    const link = code && this.kept.byCode(hash(code))
    const incident = link && this.parts.books.incidents.find(link.incidentId)
    if (!link || !incident || !this.opens(link, incident)) {
      this.wrong.count++
      return null
    }
    const token = this.newToken()
    this.parts.books.transact(() => {
      this.kept.openedByCode(link.id, hash(token))
      this.note(link, incident, seen)
    })
    return token
  }

  /** An incident has changed, inside its transaction: what may not be seen any more is closed. */
  changed({ after }: Change): void {
    if (!this.kept.mayHave(after.id)) return
    const over = !isQueued(after) && after.state !== 'safe' && after.state !== 'duplicate'
    const silent = mayReachPresser(after, 'share') !== 'open'
    const ended = this.kept
      .ofIncident(after.id)
      .filter((link) => link.revokedAt === null && (over || (silent && link.kind !== 'agency')))
      .map((link) => this.end(link, null, over ? 'over' : 'quiet'))
    if (ended.length === 0) return
    this.parts.books.log.append(
      ended.map((line) => ({ ...line, incident: after.id })),
      SYSTEM,
    )
  }

  /** They go with their incidents. */
  forget(): void {
    this.kept.forget()
  }

  private refuses(incident: Incident, { kind, phone }: ShareWish): Refusal | null {
    if (!OPEN_STATES.includes(incident.state)) return conflict('wrong_state', 'The incident is over.')
    if (kind !== 'agency' && mayReachPresser(incident, 'share') !== 'open')
      return conflict(
        'quiet',
        'Quiet: whoever sees it may call the driver. Only police and responders may be given a link.',
      )
    if (phone === null) return null
    if (isNeverDialled(phone)) return invalid('never_dialled', 'A code is sent to a phone of a person.')
    return digits(phone) === digits(incident.driver?.phone ?? '')
      ? conflict('drivers_phone', 'That is the driver’s own phone.')
      : null
  }

  private write(incident: Incident, wish: ShareWish, viewer: Viewer): ShareMade {
    const { books, pages } = this.parts
    const { ports } = books
    const now = ports.now()
    const token = this.newToken()
    const code = newCode()
    const id = pageIdOf('share', incident.id, ports.newId())
    const expiresAt = now + wish.minutes * 60_000
    const pageId = wish.phone === null ? null : pageIdOf('share-code', id)
    const link: KeptShare = {
      id,
      region: ports.region,
      incidentId: incident.id,
      tokenHash: hash(token),
      codeHash: hash(code),
      recipient: wish.recipient,
      granted: wish.granted,
      madeBy: viewer.uid,
      madeAt: now,
      expiresAt,
      revokedAt: null,
      revokedBy: null,
      kind: wish.kind,
      salt: newSalt(),
      pageId,
    }
    this.kept.add(link)
    this.records.add({ kind: 'share', body: recordOf(link) })
    if (pageId !== null && wish.phone !== null)
      pages.send({
        id: pageId,
        region: ports.region,
        incidentId: incident.id,
        reason: 'share',
        step: 'code',
        contact: { id: `share:${id}`, name: wish.recipient, lang: 'en' },
        ladder: [[{ channel: 'sms', to: e164(wish.phone) ?? wish.phone }]],
        priority: incident.priority,
        facts: factsOf(incident, ports, { place: null, ref: spokenCode(code), until: expiresAt }),
        decidedAt: now,
        until: expiresAt,
        drill: false,
      })
    const lines: Line[] = [
      {
        type: 'shared',
        body: { what: 'made', shareId: id, to: wish.recipient, kind: wish.kind, granted: wish.granted, expiresAt },
      },
      disclose(this.parts, this.records, incident, viewer, {
        recipient: { kind: 'share', id, name: wish.recipient },
        way: pageId === null ? 'link' : 'sms',
        sent: { granted: wish.granted, expiresAt },
      }),
    ]
    books.save({
      before: incident,
      after: { ...incident, lastActAt: now, firstActAt: incident.firstActAt ?? now, changedAt: now },
      lines,
      actor: actorOf(viewer),
    })
    return { ...this.show(link), token, code: spokenCode(code) }
  }

  /** Gives the line for the log. */
  private end(link: KeptShare, by: string | null, why: 'person' | 'over' | 'quiet'): Line {
    const revokedAt = this.parts.books.ports.now()
    const ended: KeptShare = { ...link, revokedAt, revokedBy: by ?? 'system' }
    this.kept.end(ended)
    if (link.pageId !== null) this.parts.pages.stop({ pageIds: [link.pageId], why: 'revoked' })
    const { id, region } = link
    this.records.add({ kind: 'revoked', body: { id, region, revokedAt, revokedBy: ended.revokedBy } })
    return { type: 'shared', body: { what: 'revoked', shareId: id, to: link.recipient, why } }
  }

  private note(link: KeptShare, incident: Incident, { prefix, agent }: Seen): void {
    const now = this.parts.books.ports.now()
    const who = hash(`${link.salt}\n${prefix}`)
    const before = this.kept.lookedAt(link.id, who)
    if (before !== null && now - before < SAME_LOOK_MS) return
    this.kept.looked(link.id, who, now)
    const { id: linkId, region } = link
    this.records.add({
      kind: 'seen',
      body: {
        id: pageIdOf('seen', linkId, who, now),
        region,
        linkId,
        at: now,
        ipHash: who,
        agent: agent?.slice(0, AGENT_MAX) ?? null,
      },
    })
    if (before !== null) return
    const actor: Pick<Actor, 'uid' | 'alias' | 'kind'> = {
      uid: `share:${linkId}`,
      alias: link.recipient,
      kind: 'system',
    }
    this.parts.books.log.append(
      [{ type: 'shared', incident: incident.id, body: { what: 'seen', shareId: linkId, to: link.recipient } }],
      actor,
    )
  }

  private opens(link: KeptShare, incident: Incident): boolean {
    const { ports } = this.parts.books
    if (link.revokedAt !== null || ports.now() >= link.expiresAt) return false
    // The gate is asked at every look, too.
    if (link.kind !== 'agency' && mayReachPresser(incident, 'share') !== 'open') return false
    return isQueued(incident) || incident.state === 'safe' || incident.state === 'duplicate'
  }

  private show(link: KeptShare): ShareShown {
    const { id, kind, recipient, granted, madeBy, madeAt, expiresAt, revokedAt } = link
    const open = revokedAt === null && this.parts.books.ports.now() < expiresAt
    return {
      ...{ id, kind, recipient, granted, madeBy, madeAt, expiresAt, revokedAt, open },
      seen: this.kept.looks(id),
    }
  }

  private newToken(): string {
    return newToken(regionById(this.parts.books.ports.region).number)
  }
}

const recordOf = ({ kind: _, salt: __, pageId: ___, ...record }: KeptShare): ShareLink => record

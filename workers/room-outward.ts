// RPC of what leaves a region by a person's decision: `roomOf(env, region).outward.handOff(…)` is one pipelined call.

import { RpcTarget } from 'cloudflare:workers'
import type { Viewer } from '../src/domain/access'
import type { AgencyStatus, HandOffTold } from '../src/domain/handoff'
import type { Seen, ShareWish } from '../src/domain/share'
import { municipalityAt } from '../src/geo/gazetteer'
import { agencySecret } from '../src/http/agency-secret'
import type { Env } from '../src/http/env'
import type { Answer } from '../src/room/contract'
import type { RoomPorts } from '../src/room/ledger'
import type { Outward } from '../src/room/outward/outward'
import type { OutwardRecord } from '../src/room/outward/records'
import type { KinTold, Opened, OutwardDesk, OutwardRpc, ShareAnswer } from '../src/room/outward-contract'
import { recordDisclosure } from '../src/store/disclosures'
import { saveDrill, saveDrillResult } from '../src/store/drills'
import type { Db } from '../src/store/postgres'
import { createShare, recordShareView, revokeShare } from '../src/store/shares'

/** What a room needs of the platform to tell agencies. */
export function outwardPorts({
  PUBLIC_URL,
  WEBHOOK_SECRET,
}: Pick<Env, 'PUBLIC_URL' | 'WEBHOOK_SECRET'>): Pick<RoomPorts, 'municipalityOf' | 'callbackOf'> {
  const municipalityOf = (at: { lat: number; lng: number }) => municipalityAt(at).municipality
  if (!WEBHOOK_SECRET) return { municipalityOf }
  return {
    municipalityOf,
    callbackOf: (handOffId) => ({
      url: `${PUBLIC_URL}/hooks/agency/${handOffId}`,
      secret: agencySecret(WEBHOOK_SECRET, handOffId),
      sender: `tower@${new URL(PUBLIC_URL).hostname}`,
    }),
  }
}

/** One record of what was given away, into Postgres. Safe to repeat. */
export async function storeRecord(db: Db, { kind, body }: OutwardRecord): Promise<void> {
  switch (kind) {
    case 'disclosure':
      return recordDisclosure(db, body)
    case 'share':
      return createShare(db, body)
    case 'revoked':
      await revokeShare(db, body.id, body.revokedBy ?? 'system', body.revokedAt ?? Date.now())
      return
    case 'seen':
      return recordShareView(db, body)
    case 'drill':
      return saveDrill(db, body)
    case 'drill_result':
      return saveDrillResult(db, body)
  }
}

/** `after`: something may have changed. */
export class RoomOutward extends RpcTarget implements OutwardRpc {
  readonly #outward: Outward
  readonly #after: () => void

  constructor(outward: Outward, after: () => void) {
    super()
    this.#outward = outward
    this.#after = after
  }

  async desk(incidentId: string, viewer: Viewer): Promise<OutwardDesk | null> {
    return this.#outward.desk(incidentId, viewer)
  }

  async handOff(incidentId: string, told: HandOffTold, viewer: Viewer): Promise<Answer> {
    return this.#changed(this.#outward.handOff(incidentId, told, viewer))
  }

  async tellKin(incidentId: string, told: KinTold, viewer: Viewer): Promise<Answer> {
    return this.#changed(this.#outward.tellKin(incidentId, told, viewer))
  }

  async message(incidentId: string, text: string, viewer: Viewer): Promise<Answer> {
    return this.#changed(this.#outward.message(incidentId, text, viewer))
  }

  async share(incidentId: string, wish: ShareWish, viewer: Viewer): Promise<ShareAnswer> {
    return this.#changed(this.#outward.share(incidentId, wish, viewer))
  }

  async revokeShare(incidentId: string, shareId: string, viewer: Viewer): Promise<Answer> {
    return this.#changed(this.#outward.revokeShare(incidentId, shareId, viewer))
  }

  async shareView(token: string, seen: Seen): Promise<Opened> {
    return this.#changed(this.#outward.shareView(token, seen))
  }

  async openByCode(code: string, seen: Seen): Promise<string | null> {
    return this.#changed(this.#outward.openByCode(code, seen))
  }

  async agencyStatus(handOffId: string, status: AgencyStatus): Promise<'applied' | 'unchanged' | 'unknown'> {
    return this.#changed(this.#outward.agencyStatus(handOffId, status))
  }

  #changed<T>(answer: T): T {
    this.#after()
    return answer
  }
}

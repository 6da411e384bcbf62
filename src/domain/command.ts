// What people do to an incident, as values. Each is one act of operators.md section 5, checked by the door that took it.

import type { Confirmer, ContactPolicy, FalseReason, LegState, Priority, ResponderKind } from './incident'
import type { Kind, Reporter } from './press'
import type { RegionId } from './region'

/** Who did it. `system` for timers, `presser` for the phone. */
export type Actor = { uid: string; name: string; alias: string; role: string; kind: 'person' | 'system' | 'presser' }

export const SYSTEM: Actor = { uid: 'system', name: 'Tower', alias: 'Tower', role: 'system', kind: 'system' }
export const PRESSER: Actor = { uid: 'presser', name: 'Presser', alias: 'Presser', role: 'presser', kind: 'presser' }

export type Act =
  | { type: 'take' }
  /** To the next free operator, or `to` a named one. Back in the queue with sound if nobody takes it. */
  | { type: 'pass'; to?: string }
  /** Everyone, help me: sounds on all screens, the owner stays. */
  | { type: 'help' }
  | { type: 'note'; text: string }
  | { type: 'priority'; priority: Priority; reason?: string }
  | { type: 'contact-policy'; policy: ContactPolicy; reason: string }
  | {
      type: 'contact-attempt'
      to: 'driver' | 'contact' | 'agency'
      channel: 'call' | 'text' | 'radio' | 'other'
      outcome: 'answered' | 'no_answer' | 'busy' | 'called'
      ref?: string
      note?: string
    }
  /** Without `legId` asks a responder; with it, moves that leg on. */
  | {
      type: 'leg'
      legId?: string
      kind?: ResponderKind
      name?: string
      state?: LegState
      etaMinutes?: number
      ref?: string
    }
  | { type: 'safe'; confirmedBy: Confirmer; note?: string }
  | { type: 'false-alarm'; reason: FalseReason; note?: string }
  | { type: 'link'; otherId: string }
  | { type: 'unlink'; otherId: string }
  /** Merges this incident into `intoId`. Same person only; others are linked. */
  | { type: 'merge'; intoId: string }
  /** Of a duplicate: undoes its merge. With `sosId`: takes that press out into an incident of its own. */
  | { type: 'unmerge'; sosId?: string }
  | { type: 'reopen'; reason?: string }
  | { type: 'close'; note?: string }
  | { type: 'lift-duress'; reason: string }

export type ActType = Act['type']

/** A person who calls by phone, walks in, or is seen: written down by an operator. */
export type NewByPhone = {
  reporter: Reporter
  kind: Kind
  note: string | null
  phone: string | null
  plate: string | null
  lat: number | null
  lng: number | null
  deviceId: string | null
  region: RegionId
  safeToTalk: boolean | null
  /** Given by the screen, so that a repeated request makes one incident. */
  requestId: string
}

export const REFUSALS = ['not_found', 'conflict', 'invalid', 'forbidden'] as const
export type Refusal = { code: (typeof REFUSALS)[number]; reason: string; message: string }

// What others may ask of an intake shard over RPC. It only grows.

import type { PhoneView } from '../domain/phone-view'
import type { Press, UnverifiedPress } from '../domain/press'
import type { RegionId } from '../domain/region'
import type { StatusPush } from '../room/contract'

export type PressReceipt = { sosId: string; receivedAt: number; known: boolean }

export type CancelAnswer =
  /** Judged or held, with what the phone may read now. The true PIN and the duress PIN answer alike. */
  { ok: true; view: PhoneView } | { ok: false; reason: 'wrong_pin' | 'not_yours' }

/** A press that its room has not confirmed for 2 s, as a screen can show it without the room. */
export type UnplacedCard = {
  sosId: string
  region: RegionId
  deviceId: string
  kind: Press['kind']
  receivedAt: number
  position: Press['position']
  driver: string | null
  plate: string | null
}

export type IntakeHealth = {
  name: string
  unconfirmed: number
  oldestUnconfirmedAt: number | null
  stored: number
  lifelines: number
  directoryVersion: number
  /** Since when this object is in memory: later than it was last asked where it hibernated meanwhile. */
  awakeSince?: number
  now: number
}

/** "Are you OK?", for the lifelines of its device. Times are epoch ms. */
export type Question = { id: string; deviceId: string; reason: string; answerBy: number }

/** What a phone gets on its open lifeline, as it is sent; with `id` as its own where many get the same. */
export type LifelineFrame = { deviceId: string; frame: unknown; id?: string }

export interface IntakeRpc {
  /** Answers after the durable write; group-committed with what came in the same two milliseconds. */
  press(press: Press): Promise<PressReceipt>
  /** Shards u0..u1 only. */
  pressUnverified(press: UnverifiedPress): Promise<void>
  /** Null where this shard knows no such press of this device. */
  status(sosId: string, deviceId: string): Promise<PhoneView | null>
  cancel(sosId: string, deviceId: string, pinMac: string): Promise<CancelAnswer>
  /**
   * A press of a button that cries only when it is pressed twice; true for the second within ten seconds, by `at`, the
   * phone's own clock. `name` tells it from its own repetition. Durable before the answer.
   */
  knock(deviceId: string, name: string, at: number): Promise<boolean>
  /** The room pushes what phones may read. */
  update(pushes: StatusPush[]): Promise<void>
  unplaced(): Promise<UnplacedCard[]>
  /** Puts questions to the phones whose lifelines are open here; gives the ids of those that were. */
  ask(questions: Question[]): Promise<string[]>
  /**
   * Says something to phones whose lifelines are open here. Gives the ids of those that took it: a line that has said nothing
   * for ten minutes is tried as well, and does not count.
   */
  say(frames: LifelineFrame[]): Promise<string[]>
  /** When the open lifelines of these devices last said anything, epoch ms; without those that have none here. */
  lifelinesHeard(deviceIds: string[]): Promise<Record<string, number>>
  /** A synthetic press through this intake and its room; answers the milliseconds it took. Leaves no trace. */
  canary(id: string): Promise<{ ok: boolean; ms: number; failed: string | null }>
  tick(): Promise<IntakeHealth>
}

/** Of one machine's spool. Times are epoch ms. */
export type SpoolHealth = { waiting: number; oldestAt: number | null; lastFailure: string | null }

/** The disk of a cluster's member, in a process of its own beside it: what is left when the cluster takes nothing. */
export interface SpoolRpc {
  /** Answers after the durable write. */
  press(press: Press): Promise<PressReceipt>
  health(): Promise<SpoolHealth>
}

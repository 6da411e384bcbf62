// What others may ask of a room in a storm, over RPC: `room.storm.next(viewer)` is one call. It only grows.

import type { Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { IncidentSummary } from '../domain/incident'
import type { Kind } from '../domain/press'
import type { AnswerWay, QueueAnswer } from '../domain/queue-answer'
import type { ShownSituation, Situation, Standing, Suggestion } from '../domain/situation'
import type { ShownStorm } from '../domain/storm'

type Refused = { ok: false; refusal: Refusal }

/** What every screen of the region has of it. */
export type StormSeen = { storm: ShownStorm; situations: ShownSituation[]; suggestions: Suggestion[] }

export type StormAnswer = { ok: true; storm: ShownStorm } | Refused

/** `until`: epoch ms. Null where nobody waits whom nobody else is looking at. */
export type NextAnswer = { ok: true; incident: IncidentSummary | null; until: number | null } | Refused

/** What a room says of an incident of its own that another room is about to show to somebody. Epoch ms. */
export type LeaseAnswer =
  | { is: 'leased'; until: number }
  | { is: 'anothers'; uid: string; until: number }
  | { is: 'gone' }

/** What people do with situations. Nothing of it changes an incident. */
export type SituationAct =
  /** The same `requestId` of the same person makes one. */
  | {
      type: 'make'
      requestId: string
      name: string
      kind: Kind | null
      area: Situation['area']
      incidentIds: string[]
    }
  | { type: 'rename'; id: string; name: string }
  /** From another situation, too: an incident is in one at most. */
  | { type: 'join'; id: string; incidentIds: string[] }
  | { type: 'leave'; id: string; incidentIds: string[] }
  | { type: 'end'; id: string }

export type SituationAnswer = { ok: true; situation: ShownSituation } | Refused

/** Its people, one by one: who says what, and who has not answered. */
export type SituationFile =
  | { ok: true; situation: ShownSituation; members: { incident: IncidentSummary; standing: Standing }[] }
  | Refused

/** `over`: nobody listens to it any more, and only a new press is heard. */
export type AnswerHeard = 'heard' | 'unknown' | 'over'

export interface StormRpc {
  seen(viewer: Viewer): Promise<{ ok: true; seen: StormSeen } | Refused>
  set(on: boolean, reason: string | null, viewer: Viewer): Promise<StormAnswer>
  /** The gravest that nobody has and nobody else is being shown, for 30 s. Asked again: the one after it. */
  next(viewer: Viewer): Promise<NextAnswer>
  /** Another room is about to show this room's incident to a person at its desk: not if somebody else looks at it. Repeating it renews it. */
  lease(incidentId: string, viewer: Viewer): Promise<LeaseAnswer>
  /** They look at another one. */
  unlease(incidentId: string, viewer: Viewer): Promise<void>
  situation(act: SituationAct, viewer: Viewer): Promise<SituationAnswer>
  situationFile(id: string, viewer: Viewer): Promise<SituationFile>
  /** What the phone of this press says of itself. `id`: of the press, or of the question that it was asked. */
  answered(id: string, deviceId: string, answer: QueueAnswer, via: AnswerWay): Promise<AnswerHeard>
}

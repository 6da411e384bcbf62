// I2, I3, I4 and the promise of silence: one incident for one emergency, somebody is told in time until somebody takes it, a life
// that only goes forward, and nothing towards a presser who must not be called. Read from what the room has committed.

import { FIRST_ACT_MS, OWNER_SCREEN_MS } from '../../../src/domain/clocks'
import { defaultPolicy } from '../../../src/domain/escalation-policy'
import type { Incident, IncidentSummary, State } from '../../../src/domain/incident'
import { rank } from '../../../src/domain/priority'
import type { Told } from '../../../src/intake/statuses'
import type { Screen } from '../actors/screen'
import type { World } from '../world/world'
import type { Parts } from './index'

export type Line = { seq: number; type: string; incident: string | null; body: Record<string, unknown>; at: number }

/** An incident as it was last read, and since when, true time. */
type Known = {
  incident: Incident
  takenSince: number | null
  /** Something since the take may call others to it again: a press, a graver kind, a PIN. */
  stirred: boolean
  quietSince: number | null
  /** When each step was told last. */
  told: Map<string, number>
}

const LATE_MS = 2_000
/** After an object was not itself: its screens come back, its ladders are climbed anew. */
const RECOVERS_MS = 10_000
const HINDERS = ['room', 'room clock', 'room alarm', 'network', 'rounds']
const POLICY = defaultPolicy('NCR')

/** What may follow upon what, any number of moves on. The simulated operators reopen nothing. */
const FOLLOWS: Record<State, readonly State[]> = {
  new: ['new', 'taken', 'help_asked', 'safe', 'cancelled', 'closed', 'false_alarm'],
  taken: ['new', 'taken', 'help_asked', 'safe', 'cancelled', 'closed', 'false_alarm'],
  help_asked: ['new', 'taken', 'help_asked', 'safe', 'cancelled', 'closed', 'false_alarm'],
  // A press within half an hour, or a PIN under duress.
  safe: ['safe', 'new', 'taken', 'help_asked', 'cancelled', 'closed'],
  cancelled: ['cancelled', 'new', 'taken', 'safe', 'closed', 'false_alarm'],
  closed: ['closed', 'new'],
  false_alarm: ['false_alarm', 'new'],
  duplicate: ['duplicate'],
}

const OPEN: readonly State[] = ['new', 'taken', 'help_asked']

export class Incidents {
  readonly lines: Line[] = []
  readonly known = new Map<string, Known>()
  private readonly seqs = new Map<string, number>()

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  get size(): number {
    return this.known.size
  }

  /** Screens hear of an incident in its order. */
  changed({ id, seq }: IncidentSummary): void {
    const before = this.seqs.get(id) ?? 0
    if (seq < before) this.world.broken('I4', `screens hear of ${id} at ${seq} after ${before}`)
    this.seqs.set(id, seq)
  }

  /** Lines that are new on the disk, and what became of their incidents. */
  read(): void {
    const { disk } = this.parts.room
    const rows = disk.read<{ seq: number; type: string; incident: string | null; body: string }>(
      'SELECT seq, type, incident, body FROM event WHERE seq > ? ORDER BY seq',
      this.lines.at(-1)?.seq ?? 0,
    )
    if (rows.length === 0) return
    const fresh = rows.map((row): Line => ({ ...row, body: JSON.parse(row.body), at: this.world.time.now }))
    for (const line of fresh) this.take(line)
    for (const id of new Set(fresh.flatMap(({ incident }) => incident ?? []))) this.look(id, fresh)
  }

  /** True where the room has known for so long that this incident is in somebody's hands, and nothing has stirred it. */
  restsSince(id: string): number | null {
    const known = this.known.get(id)
    return known && !known.stirred ? known.takenSince : null
  }

  /** A frame on a phone's own line. */
  told({ sosId, view }: Told): void {
    const [press] = this.parts.room.disk.read<{ incident: string }>(
      'SELECT incident FROM press WHERE sos_id = ?',
      sosId,
    )
    const known = press && this.known.get(press.incident)
    // What was on its way when the incident turned quiet may still arrive.
    if (!known || known.quietSince === null || this.world.time.now - known.quietSince < 20_000) return
    if (view.state !== 'cancelled')
      this.world.broken('quiet', `the phone of ${sosId} is sent "${view.state}" though its incident is quiet`)
  }

  /** Whoever owns something and is gone does not keep it. */
  screenLost(screen: Screen): void {
    const { viewer, losses } = screen
    for (const { incident } of this.known.values()) {
      if (incident.owner?.uid !== viewer.uid || !OPEN.includes(incident.state)) continue
      const { at } = incident.owner
      // A socket that died without a word is noticed after 16 s, by the tick that follows.
      const due = this.world.time.now + 21_000 + OWNER_SCREEN_MS[incident.priority]
      this.expect(
        incident.id,
        due,
        `${viewer.uid} is gone and keeps it`,
        (now) => now.owner?.at !== at || screen.isOn || screen.losses !== losses,
        'owner',
      )
    }
  }

  afterHealing(): void {
    const { disk } = this.parts.room
    for (const { incident } of this.known.values()) {
      if (!isUntaken(incident)) continue
      const [ladder] = disk.read<{ due: number | null }>('SELECT due FROM escalation WHERE incident = ?', incident.id)
      const [timer] = disk.read<{ due: number }>(
        "SELECT due FROM timer WHERE kind = 'escalate' AND key = ?",
        incident.id,
      )
      if (!ladder || ladder.due === null || !timer)
        this.world.broken('I3', `nobody has ${incident.code}, and nobody will be told: no timer`)
    }
  }

  private take(line: Line): void {
    const expected = (this.lines.at(-1)?.seq ?? 0) + 1
    if (line.seq !== expected) this.world.broken('I7', `line ${line.seq} follows ${expected - 1}`)
    this.lines.push(line)
    this.world.say('room', `${line.type} ${line.incident?.slice(0, 8) ?? ''} ${summaryOf(line)}`)
    const known = line.incident ? this.known.get(line.incident) : undefined
    if (line.type === 'created') this.alone(line)
    if (!known) return
    if (STIRS.includes(line.type)) known.stirred = true
    if (line.type === 'released' || line.type === 'passed') known.takenSince = null
    if (line.type !== 'escalated') return
    known.told.set(String(line.body.step), line.at)
    const people = Array.isArray(line.body.to) && line.body.to.length > 0
    const late = line.body.step === 'room_away'
    if (people && !late && known.takenSince !== null && !known.stirred)
      this.world.broken('I3', `${known.incident.code} is in somebody's hands, and others are called to it`)
  }

  private alone({ incident, body }: Line): void {
    const others = this.parts.room.disk.read<{ id: string }>(
      `SELECT other.id FROM incident AS other JOIN incident AS made ON made.person = other.person
       WHERE made.id = ? AND other.id <> made.id AND other.state IN ('new', 'taken', 'help_asked')`,
      incident,
    )
    if (others.length > 0)
      this.world.broken('I2', `${String(body.deviceId)} has an open incident, and its press began another`)
  }

  private look(id: string, lines: readonly Line[]): void {
    const [row] = this.parts.room.disk.read<{ body: string }>('SELECT body FROM incident WHERE id = ?', id)
    if (!row) return
    const incident = JSON.parse(row.body) as Incident
    const before = this.known.get(id)
    const fresh = lines.filter(({ incident: of, type }) => of === id && type === 'escalated')
    if (before) this.forward(before.incident, incident)
    const { now } = this.world.time
    const owned = incident.owner !== null && OPEN.includes(incident.state)
    const sameHands = before?.incident.owner?.uid === incident.owner?.uid
    const quiet = incident.contactPolicy === 'quiet' || incident.duress
    const sameRound =
      before?.incident.alarmedAt === incident.alarmedAt && before.incident.priority === incident.priority
    this.known.set(id, {
      incident,
      takenSince: owned ? (sameHands ? (before?.takenSince ?? now) : now) : null,
      stirred: owned && sameHands ? (before?.stirred ?? false) : false,
      quietSince: quiet ? (before?.quietSince ?? now) : null,
      told: before?.told ?? new Map(fresh.map((line) => [String(line.body.step), line.at])),
    })
    if (isUntaken(incident) && !(before && sameRound && isUntaken(before.incident))) this.expectLadder(incident)
    if (owned && !sameHands) this.expectAct(incident)
  }

  /** I4. */
  private forward(before: Incident, after: Incident): void {
    const wrong = (what: string) => this.world.broken('I4', `${after.code}: ${what}`)
    if (!FOLLOWS[before.state].includes(after.state)) wrong(`${before.state} becomes ${after.state}`)
    if (after.pressCount < before.pressCount) wrong(`${before.pressCount} presses become ${after.pressCount}`)
    if (rank(after.priority) > rank(before.priority)) wrong(`${before.priority} becomes ${after.priority}`)
    if (before.takenAt !== null && after.takenAt === null && after.state !== 'new') wrong('it was taken, and is not')
    if (before.shownAt !== null && after.shownAt === null) wrong('it was shown, and is not')
    if (before.duress && !after.duress) wrong('duress is lifted by nobody')
  }

  // I3: each step of the policy at its time, if nothing has happened meanwhile.
  private expectLadder(incident: Incident): void {
    const { id, alarmedAt, priority } = incident
    for (const step of POLICY.steps[priority]) {
      if (step.when !== 'untaken') continue
      const begun = this.world.time.now
      const due = begun + step.afterS * 1_000
      const what = `nobody has ${incident.code}, and step ${step.id} is not told`
      this.expect(id, due, what, (now) => {
        if (!isUntaken(now) || now.alarmedAt !== alarmedAt || now.priority !== priority || now.phoneAck) return true
        return (this.known.get(id)?.told.get(step.id) ?? 0) >= begun
      })
    }
  }

  // Taken, and then nothing: it goes back.
  private expectAct(incident: Incident): void {
    const patience = FIRST_ACT_MS[incident.priority]
    const { owner } = incident
    if (patience === null || !owner) return
    const due = this.world.time.now + patience
    this.expect(incident.id, due, `${owner.uid} took ${incident.code}, does nothing, and keeps it`, (now) => {
      return now.owner?.at !== owner.at || !OPEN.includes(now.state) || (now.lastActAt ?? 0) >= owner.at
    })
  }

  /** `isMet` is asked when it is due, and once more when all that kept the room from it is over. */
  private expect(id: string, due: number, what: string, isMet: (now: Incident) => boolean, whose?: 'owner'): void {
    const { time } = this.world
    const begun = time.now
    const met = () => {
      const known = this.known.get(id)
      return known === undefined || isMet(known.incident)
    }
    const ask = (allowedMs: number) =>
      time.at(due + LATE_MS + allowedMs, () => {
        this.read()
        if (met()) return
        const hindered = this.hinderedMs(begun, time.now)
        const allowed = hindered === 0 ? 0 : hindered + RECOVERS_MS + (whose === 'owner' ? 40_000 : 0)
        if (allowed > allowedMs) ask(allowed)
        else this.world.broken('I3', `${what}; ${time.now - due} ms late, room hindered for ${hindered} ms`)
      })
    ask(0)
  }

  private hinderedMs(from: number, until: number): number {
    return this.world.hinderedMs(HINDERS, from, until)
  }
}

const STIRS: readonly string[] = [
  'pressed',
  'duress_pin',
  'wrong_pin',
  'pin_guessing',
  'priority_set',
  'help_called',
  'realarmed',
]

const isUntaken = ({ state, owner }: Incident): boolean => OPEN.includes(state) && owner === null

const summaryOf = ({ body }: Line): string => {
  const { step, to, why, by, state, contact, count } = body as Record<string, unknown>
  const people = Array.isArray(to) ? `to ${to.map((each) => (each as { id?: string }).id ?? each).join(',')}` : null
  const who = contact && typeof contact === 'object' ? (contact as { id?: string }).id : null
  return [step, people, why, by, state, who, count].filter((each) => each !== null && each !== undefined).join(' ')
}

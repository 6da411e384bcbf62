// I1, I2 and what a PIN was answered: every press that was answered is where it belongs, once.

import { drainMicrotasks } from 'bun:jsc'
import type { PhoneView } from '../../../src/domain/phone-view'
import type { Press } from '../../../src/domain/press'
import { DURESS, type Phone, PIN, type Taken } from '../actors/phone'
import type { World } from '../world/world'
import type { Incidents } from './incidents'
import type { Parts } from './index'

type IntakeRow = {
  sos_id: string
  device_id: string
  folded: string | null
  confirmed_at: number | null
  count: number
}

const PLACED_WITHIN_MS = 3_000
/** A room that was away is asked again within two seconds; one whose batches failed, by smaller ones. */
const PLACED_AFTER_MS = 12_000

/** A call that was lost without a word is waited for so long. */
const HANGS_MS = 6_000
/** A duty phone rings for what no room has had for five seconds. */
const TOLD_PAST_ROOM_MS = 9_000
/** In a crowd one page of a minute tells of all. */
const COUNTED_EVERY_MS = 60_000
const CHOKES_FOR_MS = 30_000

export class Presses {
  private readonly answeredAt = new Map<string, { press: Press; shards: Set<number> }>()
  /** What the room cannot take holds up others for so long at most, from its press on. */
  private choking: { sosId: string; at: number } | null = null
  private readonly accepted = new Map<string, { deviceId: string; pin: string }>()

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly incidents: Incidents,
  ) {}

  get size(): number {
    return this.answeredAt.size
  }

  answered(press: Press, { shard }: Taken): void {
    const known = this.answeredAt.get(press.sosId) ?? { press, shards: new Set() }
    known.shards.add(shard)
    this.answeredAt.set(press.sosId, known)
    if (!this.isStored(press.sosId, shard))
      this.world.broken('I1', `${press.sosId} was answered, and shard ${shard} does not have it`)
    else if (known.shards.size === 1) {
      this.expectPlaced(press.sosId, shard)
      this.expectToldPastRoom(press, shard)
    }
  }

  /** Where the room does not have it, whoever is on the duty card hears of it all the same. */
  private expectToldPastRoom(press: Press, shard: number): void {
    const { time } = this.world
    const begun = time.now
    const intake = this.parts.intakes[shard]
    if (!intake || intake.disk.read("SELECT 1 FROM directory WHERE kind = 'duty'").length === 0) return
    const hinders = [
      'network',
      'courier',
      'intake-courier',
      intake.name,
      `${intake.name} clock`,
      `${intake.name} alarm`,
    ]
    time.after(TOLD_PAST_ROOM_MS, () => {
      if (this.isPlaced(press.sosId) || this.accepted.has(press.sosId)) return
      if (this.world.hinderedMs(hinders, begun - 1_000, time.now) > 0) return
      const told = this.parts.courier.disk.read(
        "SELECT 1 FROM page WHERE incident = ? OR (reason = 'storm' AND taken_at > ?) LIMIT 1",
        this.foldedInto(press.sosId) ?? press.sosId,
        this.parts.courier.now() - COUNTED_EVERY_MS - TOLD_PAST_ROOM_MS,
      )
      if (told.length === 0)
        this.world.broken(
          'I3',
          `${press.sosId} was answered ${TOLD_PAST_ROOM_MS} ms ago, its room is away, and nobody is told`,
        )
    })
  }

  /** I3: it is in the room, and so on its way to every screen, as soon as nothing stands between. */
  private expectPlaced(sosId: string, shard: number): void {
    const { time } = this.world
    const begun = time.now
    const hinders = ['room', 'network', 'room-intake', 'room chokes', `intake:${shard}`]
    if (this.choking?.sosId === sosId) return
    const ask = (allowedMs: number) =>
      time.after(begun + PLACED_WITHIN_MS + allowedMs - time.now, () => {
        if (this.isPlaced(sosId)) return
        const hindered = this.world.hinderedMs(hinders, begun - HANGS_MS, time.now)
        const allowed = hindered === 0 ? 0 : hindered + PLACED_AFTER_MS
        if (allowed > allowedMs) ask(allowed)
        else this.world.broken('I3', `${sosId} was answered ${time.now - begun} ms ago, and is on no screen`)
      })
    ask(0)
  }

  private isPlaced(sosId: string): boolean {
    const { disk } = this.parts.room
    if (disk.read('SELECT 1 FROM press WHERE sos_id = ?', sosId).length > 0) return true
    const stands = this.foldedInto(sosId)
    return stands !== null && disk.read('SELECT 1 FROM press WHERE sos_id = ?', stands).length > 0
  }

  chokes(sosId: string): void {
    this.choking = { sosId, at: this.world.time.now }
    this.world.impaired('room chokes', CHOKES_FOR_MS)
  }

  cancelled(sosId: string, deviceId: string, pin: string): void {
    this.accepted.set(sosId, { deviceId, pin })
  }

  afterHealing(phones: readonly Phone[]): void {
    this.everybodyAnswered(phones)
    this.oncePlaced()
    this.counted(phones)
    this.intakesAtRest()
    this.pinsHold()
  }

  private everybodyAnswered(phones: readonly Phone[]): void {
    for (const { waiting, deviceId } of phones)
      for (const [sosId, sent] of waiting)
        this.world.broken('I1', `${deviceId} was never answered ${sosId}, sent ${sent} times`)
  }

  private oncePlaced(): void {
    const placed = new Map<string, number>()
    for (const { type, body, seq } of this.incidents.lines) {
      if (type !== 'created' && type !== 'pressed') continue
      if (typeof body.sosId !== 'string') continue
      if (placed.has(body.sosId)) this.world.broken('I2', `${body.sosId} is in the log twice`)
      placed.set(body.sosId, seq)
    }
    for (const [sosId] of this.answeredAt) {
      const stands = placed.has(sosId) ? sosId : this.foldedInto(sosId)
      if (stands === null || !placed.has(stands))
        this.world.broken('I1', `${sosId} was answered, and no incident has it`)
    }
  }

  /** How often each person pressed, whatever was merged, folded, repeated or sent twice. */
  private counted(phones: readonly Phone[]): void {
    for (const { deviceId } of phones) {
      const pressed = [...this.answeredAt.values()].filter(({ press }) => press.deviceId === deviceId).length
      const counted = this.parts.room.disk
        .read<{ n: number }>("SELECT body ->> '$.pressCount' AS n FROM incident WHERE device = ?", deviceId)
        .reduce((sum, { n }) => sum + n, 0)
      // Two shards do not know of each other's folds.
      if (counted < pressed || (this.parts.intakes.length === 1 && counted > pressed))
        this.world.broken('I2', `${deviceId} pressed ${pressed} times, and ${counted} are counted`)
    }
  }

  private intakesAtRest(): void {
    for (const intake of this.parts.intakes) {
      const rows = intake.disk.read<IntakeRow>('SELECT sos_id, device_id, folded, confirmed_at, count FROM press')
      for (const { sos_id, confirmed_at } of rows)
        if (confirmed_at === null) this.world.broken('I1', `${intake.name} still waits for the room to have ${sos_id}`)
      const notes = intake.disk.read<{ n: number }>('SELECT count(*) AS n FROM cancel')[0]?.n ?? 0
      if (notes > 0) this.world.broken('I9', `${intake.name} still has ${notes} PINs for the room`)
      for (const { sos_id, device_id } of rows) this.readsAlike(intake, sos_id, device_id)
    }
  }

  /** What a phone may read here is what the room says. Under duress it reads "cancelled", wherever it asks. */
  private readsAlike(intake: Parts['intakes'][number], sosId: string, deviceId: string): void {
    const { room } = this.parts
    const [press] = room.disk.read<{ incident: string }>('SELECT incident FROM press WHERE sos_id = ?', sosId)
    const said = press && room.enter((core) => core.room.statuses([sosId]))[0]
    if (!said || said.duress) return
    const read = this.viewAt(intake, sosId, deviceId)
    if (
      JSON.stringify(read) !== JSON.stringify({ ...said.view, receivedAt: read?.receivedAt }) &&
      !this.isForced(deviceId)
    )
      this.world.broken(
        'I4',
        `${intake.name} says ${JSON.stringify(read)} of ${sosId}, the room ${JSON.stringify(said.view)}`,
      )
  }

  private pinsHold(): void {
    for (const [sosId, { deviceId, pin }] of this.accepted) {
      if (pin !== PIN && pin !== DURESS) this.world.broken('quiet', `a wrong PIN cancelled ${sosId}`)
      for (const intake of this.parts.intakes) {
        const view = this.viewAt(intake, sosId, deviceId)
        if (view && view.state !== 'cancelled')
          this.world.broken('quiet', `a PIN was accepted for ${sosId}, and ${intake.name} says ${view.state}`)
      }
      if (pin !== DURESS) continue
      const [press] = this.parts.room.disk.read<{ incident: string }>(
        'SELECT incident FROM press WHERE sos_id = ?',
        sosId,
      )
      if (press && this.incidents.known.get(press.incident)?.incident.duress === false)
        this.world.broken('quiet', `a PIN under duress was typed for ${sosId}, and the room does not know`)
    }
  }

  private viewAt(intake: Parts['intakes'][number], sosId: string, deviceId: string): PhoneView | null {
    let view: PhoneView | null = null
    intake.enter((core) => {
      void core.status(sosId, deviceId).then((read) => {
        view = read
      })
    })
    drainMicrotasks()
    return view
  }

  private isForced(deviceId: string): boolean {
    return [...this.accepted.values()].some((each) => each.deviceId === deviceId && each.pin === DURESS)
  }

  private isStored(sosId: string, shard: number): boolean {
    const disk = this.parts.intakes[shard]?.disk
    if (!disk) return false
    return (
      disk.read("SELECT 1 FROM press WHERE sos_id = ? OR instr(coalesce(folded, ''), ?) > 0 LIMIT 1", sosId, sosId)
        .length > 0
    )
  }

  private foldedInto(sosId: string): string | null {
    for (const { disk } of this.parts.intakes) {
      const [row] = disk.read<{ sos_id: string }>(
        "SELECT sos_id FROM press WHERE instr(coalesce(folded, ''), ?) > 0 LIMIT 1",
        sosId,
      )
      if (row) return row.sos_id
    }
    return null
  }
}

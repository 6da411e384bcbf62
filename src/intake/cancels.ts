// Cancels: judged by one path, noted for the room, and held against what the room said before it knew of them.
// The true PIN and the one under duress do the same reads and writes and answer the same bytes.

import { cancelledView, neutralView, type PhoneView } from '../domain/phone-view'
import type { Storage } from '../durable/storage'
import type { CancelNote, StatusPush } from '../room/contract'
import type { CancelAnswer } from './contract'
import type { Directory } from './directory'
import { judgePin } from './pin'
import type { Presses, PressRow } from './presses'

export type Cancel = { sosId: string; deviceId: string; pinMac: string }

/** `ask`: the device is not in this copy of the directory; ask the room once, then come again. */
export type CancelOutcome = CancelAnswer | 'ask'

type DeviceState = { duress_sos: string | null; duress_at: number | null; duress_known: number }
type Accepted = 'true' | 'duress'

const HELD_MS = 600_000
const HELD_PER_DEVICE = 20
const WRONG_MS = 600_000
/** Twice what flags guessing. More would tell the room nothing new, and a flood must not fill the log. */
const WRONG_NOTED = 10
/** The same PIN again within this time is a retry. */
const RETRY_MS = 10_000
/** When a room knows of a cancel for so long and still says something else, it means it. */
const SETTLED_MS = 60_000

export class Cancels {
  /**
   * The devices on which a PIN was ever typed here: about all others there is nothing on disk to look up. May hold one
   * too many, after a transaction that failed, and never one too few. Both PINs are in it alike.
   */
  private readonly typedOn: Set<string>
  /** There may be notes for the room: true until the disk says otherwise. */
  private mayHaveNotes = true

  constructor(
    private readonly storage: Storage,
    private readonly presses: Presses,
    private readonly directory: Directory,
  ) {
    const devices = storage.sql.exec<{ id: string }>(
      'SELECT device_id AS id FROM device UNION SELECT device_id FROM held_cancel',
    )
    this.typedOn = new Set(devices.toArray().map(({ id }) => id))
  }

  /** False where no PIN has ever been typed on this device: no cancel and no duress can concern its presses. */
  mayConcern(deviceId: string): boolean {
    return this.typedOn.has(deviceId)
  }

  /** After a transaction that failed. */
  reload(): void {
    this.mayHaveNotes = true
  }

  /**
   * Judges a cancel and writes what follows. Where the device is unknown and `last` is set, the cancel is held and
   * judged when its row comes; meanwhile nothing is cancelled and the phone reads what it read before: an answer that
   * claims more than is known would silence a phone whose emergency goes on.
   */
  judge({ sosId, deviceId, pinMac }: Cancel, now: number, last: boolean): CancelOutcome {
    const target = this.presses.resolve(sosId, deviceId)
    if (target === null && this.presses.isAnothers(sosId, deviceId)) return { ok: false, reason: 'not_yours' }
    const receivedAt = target?.receivedAt ?? now
    const verdict = judgePin(this.directory.device(deviceId), pinMac)
    if (verdict === 'unknown') {
      if (!last) return 'ask'
      this.hold(sosId, deviceId, 'unknown', pinMac, now)
      return { ok: true, view: target ? { ...this.viewOf(target.row), receivedAt } : neutralView(receivedAt) }
    }
    if (verdict === 'wrong') {
      this.countWrong(target?.row.sos_id ?? sosId, deviceId, now)
      return { ok: false, reason: 'wrong_pin' }
    }
    this.accept(target?.row ?? null, target?.row.sos_id ?? sosId, deviceId, verdict, now)
    return { ok: true, view: cancelledView(receivedAt) }
  }

  /** A press has got its row: the cancel that overtook it takes hold, and so does an earlier duress. */
  pressArrived(sosId: string, deviceId: string, now: number): void {
    if (!this.mayConcern(deviceId)) return
    const { held, duress } = this.storage.sql
      .exec<{ held: string | null; duress: string | null }>(
        `SELECT
           (SELECT verdict FROM held_cancel
            WHERE device_id = ?1 AND sos_id = ?2 AND at > ?3 AND verdict <> 'unknown') AS held,
           (SELECT duress_sos FROM device WHERE device_id = ?1 AND duress_known = 0) AS duress`,
        deviceId,
        sosId,
        now - HELD_MS,
      )
      .one()
    if (held === null && duress === null) return
    const row = this.presses.row(sosId, deviceId)
    if (row === null) return
    if (held !== null) this.takeHeld(row, held as Accepted, now)
    // The room may never hear of the duress: the press it was typed for has not come. This one carries it there.
    else if (duress !== null && this.presses.row(duress, deviceId) === null)
      this.accept(row, sosId, deviceId, 'duress', now)
  }

  /** Rows of these devices are new: what was held for want of them is judged now. */
  devicesLearned(deviceIds: readonly string[], now: number): void {
    for (const deviceId of deviceIds) {
      const held = this.storage.sql
        .exec<{ sos_id: string; mac: string }>(
          `DELETE FROM held_cancel WHERE device_id = ? AND verdict = 'unknown' AND at > ? RETURNING sos_id, mac`,
          deviceId,
          now - HELD_MS,
        )
        .toArray()
      for (const { sos_id, mac } of held) this.judge({ sosId: sos_id, deviceId, pinMac: mac }, now, true)
    }
  }

  /** What the phone may read of this press. */
  viewOf(row: PressRow): PhoneView {
    const state = this.device(row.device_id)
    if (row.cancel_held === 1 || state?.duress_sos) return cancelledView(row.received_at)
    return row.view === null ? neutralView(row.received_at) : (JSON.parse(row.view) as PhoneView)
  }

  /**
   * Compares the room's word with the PINs accepted here. A push that the room sent before it knew of the PIN neither
   * takes back a cancel nor lifts a duress; a duress is lifted only by a push about the press it was typed for, or a
   * later one.
   */
  heed(push: StatusPush, row: PressRow, now: number): void {
    const state = this.device(push.deviceId)
    if (!push.duress) this.mayLift(state, row, now)
    else if (!state?.duress_sos || state.duress_sos === push.sosId) this.setDuress(push.sosId, push.deviceId, now, true)
    if (row.cancel_held === 0) return
    if (push.view.state === 'cancelled' || this.settled(row.device_id, row.cancel_at ?? 0, now))
      this.storage.sql.exec('UPDATE press SET cancel_held = 0 WHERE n = ?', row.n)
  }

  /** Notes for the room, oldest first, and none ahead of its press: those up to number `upTo` go with this batch. */
  notes(upTo: number, limit: number): CancelNote[] {
    if (!this.anyNote()) return []
    return this.storage.sql
      .exec<{ n: number; sos_id: string; device_id: string; verdict: string; at: number }>(
        `SELECT c.n, c.sos_id, c.device_id, c.verdict, c.at FROM cancel c
         LEFT JOIN press p ON p.sos_id = c.sos_id AND p.device_id = c.device_id
         WHERE p.n IS NULL OR p.confirmed_at IS NOT NULL OR p.n <= ? ORDER BY c.n LIMIT ?`,
        upTo,
        limit,
      )
      .toArray()
      .map(({ n, sos_id, device_id, verdict, at }) => ({
        n,
        sosId: sos_id,
        deviceId: device_id,
        verdict: verdict as CancelNote['verdict'],
        at,
      }))
  }

  /** Outside a transaction. */
  anyNote(): boolean {
    if (this.mayHaveNotes)
      this.mayHaveNotes = this.storage.sql.exec('SELECT 1 FROM cancel LIMIT 1').toArray().length > 0
    return this.mayHaveNotes
  }

  confirm(notes: readonly number[]): void {
    for (const n of notes) this.storage.sql.exec('DELETE FROM cancel WHERE n = ?', n)
  }

  forgetHeld(now: number): void {
    this.storage.sql.exec('DELETE FROM held_cancel WHERE at <= ?', now - HELD_MS)
  }

  private accept(row: PressRow | null, sosId: string, deviceId: string, verdict: Accepted, now: number): void {
    const retried = row !== null && row.cancel_verdict === verdict && now - (row.cancel_at ?? 0) < RETRY_MS
    if (row === null) this.hold(sosId, deviceId, verdict, null, now)
    else this.take(row, verdict, retried ? (row.cancel_at ?? now) : now)
    this.setDuress(verdict === 'duress' ? sosId : null, deviceId, now, false)
    // The room cancels what was received before the PIN; the two times may come from two clocks.
    if (!retried) this.note(sosId, deviceId, verdict, Math.max(now, row?.received_at ?? 0))
  }

  /** The press reads cancelled from here on. */
  private take(row: PressRow, verdict: Accepted, at: number): void {
    this.storage.sql.exec(
      'UPDATE press SET cancel_verdict = ?, cancel_at = ?, cancel_held = 1 WHERE n = ?',
      verdict,
      at,
      row.n,
    )
    this.presses.pending.touched(row.n)
  }

  private takeHeld(row: PressRow, verdict: Accepted, now: number): void {
    const { device_id, sos_id, received_at } = row
    this.take(row, verdict, now)
    this.storage.sql.exec('DELETE FROM held_cancel WHERE device_id = ? AND sos_id = ?', device_id, sos_id)
    // The note went ahead: the room holds it, or it follows now and must not look older than what it cancels.
    this.storage.sql.exec(
      'UPDATE cancel SET at = max(at, ?) WHERE device_id = ? AND sos_id = ?',
      received_at,
      device_id,
      sos_id,
    )
  }

  private note(sosId: string, deviceId: string, verdict: CancelNote['verdict'], now: number): void {
    this.mayHaveNotes = true
    this.storage.sql.exec(
      `INSERT INTO cancel (sos_id, device_id, verdict, at) SELECT ?1, ?2, ?3, ?4
       WHERE ?3 = 'wrong' OR NOT EXISTS
         (SELECT 1 FROM cancel WHERE device_id = ?2 AND sos_id = ?1 AND verdict = ?3)`,
      sosId,
      deviceId,
      verdict,
      now,
    )
  }

  private hold(sosId: string, deviceId: string, verdict: string, mac: string | null, now: number): void {
    this.typedOn.add(deviceId)
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO held_cancel (device_id, sos_id, verdict, mac, at) VALUES (?, ?, ?, ?, ?)',
      deviceId,
      sosId,
      verdict,
      mac,
      now,
    )
    this.storage.sql.exec(
      `DELETE FROM held_cancel WHERE device_id = ?1 AND sos_id NOT IN
         (SELECT sos_id FROM held_cancel WHERE device_id = ?1 ORDER BY at DESC, sos_id = ?2 DESC LIMIT ?3)`,
      deviceId,
      sosId,
      HELD_PER_DEVICE,
    )
  }

  private countWrong(sosId: string, deviceId: string, now: number): void {
    this.typedOn.add(deviceId)
    const { wrong } = this.storage.sql
      .exec<{ wrong: number }>(
        `INSERT INTO device (device_id, wrong, wrong_since) VALUES (?1, 1, ?2)
         ON CONFLICT (device_id) DO UPDATE SET
           wrong = CASE WHEN wrong_since <= ?3 THEN 1 ELSE wrong + 1 END,
           wrong_since = CASE WHEN wrong_since <= ?3 THEN ?2 ELSE wrong_since END
         RETURNING wrong`,
        deviceId,
        now,
        now - WRONG_MS,
      )
      .one()
    if (wrong <= WRONG_NOTED) this.note(sosId, deviceId, 'wrong', now)
  }

  private device(deviceId: string): DeviceState | null {
    if (!this.mayConcern(deviceId)) return null
    const rows = this.storage.sql.exec<DeviceState>(
      'SELECT duress_sos, duress_at, duress_known FROM device WHERE device_id = ?',
      deviceId,
    )
    return rows.toArray()[0] ?? null
  }

  /** Null leaves what is there: the write is made all the same, so that both PINs cost the same. */
  private setDuress(sosId: string | null, deviceId: string, now: number, known: boolean): void {
    this.typedOn.add(deviceId)
    this.storage.sql.exec(
      `INSERT INTO device (device_id, duress_sos, duress_at, duress_known) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (device_id) DO UPDATE SET
         duress_known = CASE WHEN ?2 IS NULL THEN duress_known WHEN ?2 = duress_sos THEN max(duress_known, ?4) ELSE ?4 END,
         duress_at = CASE WHEN ?2 IS NULL OR ?2 = duress_sos THEN duress_at ELSE ?3 END,
         duress_sos = coalesce(?2, duress_sos)`,
      deviceId,
      sosId,
      now,
      known ? 1 : 0,
    )
  }

  private mayLift(state: DeviceState | null, row: PressRow, now: number): void {
    if (!state?.duress_sos) return
    const typedFor = this.presses.row(state.duress_sos, row.device_id)
    if (row.sos_id !== state.duress_sos && (typedFor === null || row.n < typedFor.n)) return
    if (state.duress_known === 0 && !this.settled(row.device_id, state.duress_at ?? 0, now)) return
    this.storage.sql.exec('UPDATE device SET duress_sos = NULL, duress_known = 0 WHERE device_id = ?', row.device_id)
  }

  /** The room has had all notes of this device for a while. */
  private settled(deviceId: string, since: number, now: number): boolean {
    if (now - since <= SETTLED_MS) return false
    return this.storage.sql.exec('SELECT 1 FROM cancel WHERE device_id = ? LIMIT 1', deviceId).toArray().length === 0
  }
}

// What Postgres keeps of drills: each with its end, and what each of those that were tried did. Written with the decision,
// delivered with the other records of this room.

import { type Drill, hasPassed, PASSED, type Trial } from '../domain/drill'
import type { Storage } from '../durable/storage'
import type { KeptDrills } from './drills-kept'
import { Records } from './outward/records'

export class DrillRecords {
  private readonly records: Records

  constructor(
    storage: Storage,
    private readonly kept: KeptDrills,
  ) {
    this.records = new Records(storage)
  }

  began(drill: Drill): void {
    this.add(drill)
  }

  ended(drill: Drill): void {
    this.add(drill)
  }

  /** Of one that said something of what was tried; a later one of the same stands. */
  result({ drillId, subject, name, outcome, tookMs, why, app, client, endedAt, at }: Trial): void {
    const passed = outcome === null ? null : PASSED[outcome]
    const drill = passed === null ? null : this.kept.drill(drillId)
    if (!drill || passed === null) return
    this.records.add({
      kind: 'drill_result',
      body: {
        drillId,
        region: drill.region,
        subject,
        name,
        passed,
        tookMs,
        why: [outcome, why].filter(Boolean).join(' '),
        appVersion: app ?? client,
        at: endedAt ?? at,
      },
    })
  }

  private add(drill: Drill): void {
    const trials = this.kept.trialsOf(drill.id)
    const [only] = trials
    this.records.add({
      kind: 'drill',
      body: {
        id: drill.id,
        region: drill.region,
        ref: drill.ref,
        kind: drill.kind,
        subject: trials.length === 1 && only ? only.subject : `${drill.kind}:${trials.length}`,
        by: drill.by.uid,
        at: drill.at,
        until: drill.until,
        endedAt: drill.endedAt,
        passed: drill.endedAt === null ? null : hasPassed(trials),
        note: drill.note,
      },
    })
  }
}

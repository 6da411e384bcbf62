// A real room with a crew, a lead and drills, and a fleet shard that says what a test wants to have been reported.

import type { CourierReport } from '../../src/courier/contract'
import type { DirectoryRow } from '../../src/domain/directory'
import type { Channel, Page } from '../../src/domain/page'
import type { Position } from '../../src/domain/position'
import type { LastKnown, UnderstoodReport } from '../../src/fleet/contract'
import type { DrillWish } from '../../src/room/drills-contract'
import { runErrands } from '../../src/room/drills-errands'
import type { RoomPorts } from '../../src/room/ledger'
import { aPress, crew, inManila, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

export const MINUTE = 60_000
export const parked: Position = { ...inManila, speedMps: 0 }
export const boss = viewer('cora', { role: 'supervisor' })

export const lead: DirectoryRow = {
  kind: 'contact',
  id: 'lead-1',
  version: 90,
  body: {
    id: 'lead-1',
    region: 'NCR',
    name: 'Liza Cruz',
    lang: 'en',
    addresses: [
      { channel: 'voice', to: '+639170000009' },
      { channel: 'sms', to: '+639170000009' },
      { channel: 'email', to: 'liza@example.com' },
    ],
    teams: ['leads'],
    uid: null,
    active: true,
  },
}

export function drillRoom(ports: Partial<RoomPorts> = {}) {
  const at = openRoom({ ports })
  at.room.learn([...crew('dev-1', 1), ...crew('dev-2', 10), lead])
  const reports: Record<string, UnderstoodReport[]> = {}
  const places: Record<string, Position> = { 'dev-1': parked, 'dev-2': parked }
  const errands = () =>
    runErrands(
      at.room.drills,
      () => 0,
      () => ({
        lastOf: async (ids) => ids.flatMap((id) => lastKnown(id, places[id])),
        recent: async (id) => reports[id] ?? [],
      }),
    )
  let asked = 0
  let told = 0
  return {
    ...at,
    desk: at.room.drillsDesk,
    places,
    reports,
    errands,
    start(wish: Partial<DrillWish> = {}) {
      const answer = at.room.drillsDesk.start(
        { kind: 'driver', devices: ['dev-1'], requestId: `r${asked++}`, ...wish },
        boss,
      )
      if (!answer.ok) throw new Error(answer.refusal.message)
      return answer.drill.drill
    },
    /** Begun, and the phone asked. */
    async asked(wish: Partial<DrillWish> = {}) {
      const drill = this.start(wish)
      await errands()
      return drill
    },
    press: (changes: Parameters<typeof aPress>[0] = {}) =>
      aPress({ position: parked, receivedAt: at.clock.now, pressedAt: at.clock.now, ...changes }),
    trials: (id: string) => {
      const found = at.room.drillsDesk.file(id, boss)
      if (!found.ok) throw new Error('no drill')
      return found.drill.trials
    },
    pages: (): Page[] => at.room.pages.waiting(0, 100),
    /** As a courier reports what became of a page. */
    report(page: Page, what: CourierReport['what'], changes: Partial<NonNullable<CourierReport['attempt']>> = {}) {
      told++
      const channel: Channel = changes.channel ?? page.ladder[0]?.[0]?.channel ?? 'sms'
      at.room.reports.take([
        {
          n: told,
          pageId: page.id,
          incidentId: page.incidentId,
          at: at.clock.now,
          what,
          answer: changes.answer ?? null,
          attempt: {
            id: `a${told}`,
            pageId: page.id,
            incidentId: page.incidentId,
            region: 'NCR',
            reason: page.reason,
            step: page.step,
            contact: { id: page.contact.id, name: page.contact.name },
            channel,
            provider: 'twilio',
            network: null,
            to: '•••',
            n: told,
            state: 'delivered',
            error: null,
            answer: null,
            drill: page.drill,
            at: {},
            ...changes,
          },
        },
      ])
    },
    incidents: () => at.room.queue(50),
  }
}

export const reported = (at: number, changes: Partial<UnderstoodReport> = {}): UnderstoodReport => ({
  receivedAt: at,
  protocol: 'osmand',
  verdict: 'taken',
  position: parked,
  event: null,
  charging: null,
  ignition: null,
  ...changes,
})

const lastKnown = (deviceId: string, position: Position | undefined): LastKnown[] =>
  position
    ? [
        {
          deviceId,
          position,
          jumped: false,
          charging: null,
          ignition: null,
          lastContactAt: position.fixedAt ?? 0,
          silent: false,
        },
      ]
    : []

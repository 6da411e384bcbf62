// Guards of the room: its order, its timers, and what leaves it.

import type { Guard } from './guard'

export const ROOM_GUARDS: readonly Guard[] = [
  {
    name: 'a repeat is known by its id (room)',
    without: 'a press whose batch comes twice is pressed twice',
    patches: [{ file: 'src/room/arrivals.ts', find: 'if (known) {', put: `if (known && press.sosId === '') {` }],
  },
  {
    name: 'one person, one incident',
    without: 'each press begins an incident of its own',
    patches: [
      {
        file: 'src/room/arrivals.ts',
        find: 'if (open && takesPress(open, now)) {',
        put: `if (open && takesPress(open, now) && press.sosId === '') {`,
      },
    ],
  },
  {
    name: 'alarms are set anew',
    without: 'an alarm that the platform lost counts as set',
    patches: [
      {
        file: 'src/durable/timers.ts',
        find: 'const armed = current !== null && current > now',
        put: 'const armed = current !== null',
      },
      {
        file: 'src/courier/courier.ts',
        find: `round((id) => this.flights.has(id)))
    this.armedFor = null`,
        put: `round((id) => this.flights.has(id)))`,
      },
      {
        file: 'tests/sim/actors/room.ts',
        find: `async tick(): Promise<number> {
    this.armedFor = null`,
        put: 'async tick(): Promise<number> {',
      },
    ],
  },
  {
    name: 'a timer goes with what it did',
    without: 'a timer is removed before its work is done',
    patches: [
      {
        file: 'src/room/hours.ts',
        find: `this.ledger.transact(() => {
      for (const timer of due) {
        this.ledger.timers.remove(timer)
        this.ring(timer)
      }`,
        put: `for (const timer of due) this.ledger.timers.remove(timer)
    this.ledger.transact(() => {
      for (const timer of due) this.ring(timer)`,
      },
    ],
  },
  {
    name: 'memory follows the disk when a commit fails',
    without: 'the log counts on after lines that were never written',
    patches: [{ file: 'src/room/log.ts', find: 'this.head = this.readHead() ?? this.head', put: '' }],
  },
  {
    name: 'forget only after delivery (archive)',
    without: 'a line counts as archived when it is sent',
    patches: [
      {
        file: 'src/room/outbox.ts',
        find: `await ports.deliver(rows)
    ports.delivered(rows.map((row) => row.event.seq))`,
        put: `ports.delivered(rows.map((row) => row.event.seq))
    await ports.deliver(rows)`,
      },
    ],
  },
  {
    name: 'a poisoned line is parked',
    without: 'what Postgres refuses is sent again for ever',
    patches: [
      {
        file: 'src/room/outbox.ts',
        find: 'if (!ports.isRowFault(error)) throw error',
        put: 'if (rows.length > 0) throw error',
      },
    ],
  },
  {
    name: 'forget only after delivery (pages)',
    without: 'a page counts as given to the courier when it is sent',
    patches: [
      {
        file: 'src/room/departures.ts',
        find: 'const taken = await courier.send(going)',
        put: `pages.delivered(going.map(({ id }) => id))
    const taken = await courier.send(going)`,
      },
    ],
  },
  {
    name: 'a clock that is set back is noticed',
    without: 'whatever waits, waits for the difference as well',
    patches: [
      {
        file: 'src/durable/timers.ts',
        find: 'if (now < this.seenAt - SET_BACK_MS) return this.seenAt - now',
        put: 'if (now < this.seenAt - SET_BACK_MS) return 0',
      },
      { file: 'src/room/ladders.ts', find: 'now + SET_BACK_MS,', put: 'Number.MAX_SAFE_INTEGER,' },
    ],
  },
]

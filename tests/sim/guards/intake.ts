// Guards of the way in: what an intake and its doors promise of a press.

import type { Guard } from './guard'

export const INTAKE_GUARDS: readonly Guard[] = [
  {
    name: 'answer after commit',
    without: 'an intake answers a press, and writes it a moment later',
    patches: [
      {
        file: 'src/intake/intake.ts',
        find: `return (await this.commits.submit({ t: 'press', press })) as PressReceipt`,
        put: `this.commits.submit({ t: 'press', press }).catch(() => {})
    return { sosId: press.sosId, receivedAt: press.receivedAt, known: false }`,
      },
    ],
  },
  {
    name: 'a retry is known by its id (intake)',
    without: 'a press that is sent again is another press',
    patches: [
      {
        file: 'src/intake/presses.ts',
        find: 'const receivedAt = this.knownAmong(newest, press)',
        put: 'const receivedAt = null as number | null',
      },
    ],
  },
  {
    name: 'an intake keeps a press until the room says that it has it',
    without: 'a press counts as placed when it is sent',
    patches: [
      {
        file: 'src/intake/forward.ts',
        find: 'const reply = await this.options.room().receive(sent.batch)',
        put: `this.options.presses.pending.confirm(sent.rows, new Map())
    const reply = await this.options.room().receive(sent.batch)`,
      },
    ],
  },
  {
    name: 'a press that the room cannot take stands apart',
    without: 'the same batch is tried again and again as it is',
    patches: [
      {
        file: 'src/intake/outgoing.ts',
        find: 'if (!this.roomAway) this.narrow(this.failedBatch, now)',
        put: 'void now',
      },
    ],
  },
  {
    name: 'past a dead room by phone',
    without: 'an intake whose room is away tells nobody',
    patches: [
      {
        file: 'src/intake/overdue.ts',
        find: `this.pageFor(rows)
        presses.paged(rows, now)`,
        put: 'presses.paged(rows, now)',
      },
    ],
  },
  {
    name: 'an older status changes nothing',
    without: 'a phone reads whatever came last',
    patches: [{ file: 'src/intake/statuses.ts', find: 'push.version > row.version ||', put: 'push.version >= 0 ||' }],
  },
  {
    name: 'one in ten steps around a slow shard',
    without: 'all presses of a burst go to a second shard',
    patches: [
      {
        file: 'src/http/doors/step-around.ts',
        find: 'if (second.steps >= allowed) return AGAIN_MS',
        put: 'if (second.steps >= allowed + 1_000) return AGAIN_MS',
      },
    ],
  },
  {
    name: 'a clock that is set back holds no press',
    without: 'a press waits for its journey until the old time is reached again',
    patches: [
      {
        file: 'src/intake/forward.ts',
        find: '(at > now ? Number.NEGATIVE_INFINITY : at)',
        put: '(now > 0 ? at : now)',
      },
    ],
  },
  {
    name: 'a press that stands apart waits half a minute at most',
    without: 'after a step of the clock it waits for the difference, too',
    patches: [
      {
        file: 'src/intake/outgoing.ts',
        find: 'if (again > now && again <= now + APART_MS) continue',
        put: 'if (again > now) continue',
      },
    ],
  },
]

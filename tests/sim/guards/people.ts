// Guards towards people: who has an incident, who must not be called, what a screen shows.

import type { Guard } from './guard'

export const PEOPLE_GUARDS: readonly Guard[] = [
  {
    name: 'taking it ends escalation',
    without: 'others are called to what somebody has taken',
    patches: [
      {
        file: 'src/domain/escalation/rounds.ts',
        find: 'OPEN_STATES.includes(incident.state) && incident.owner === null',
        put: 'OPEN_STATES.includes(incident.state)',
      },
    ],
  },
  {
    name: 'taken and silent goes back',
    without: 'whoever takes it keeps it, and need do nothing',
    patches: [{ file: 'src/domain/clocks.ts', find: 'patience !== null &&', put: 'patience === 0 &&' }],
  },
  {
    name: 'an owner whose screen is gone has it no more',
    without: 'an incident stays with whoever took it',
    patches: [
      {
        file: 'src/room/hours.ts',
        find: 'return incident.owner && !this.ledger.ports.hasScreen(incident.owner.uid)',
        put: `return incident.owner && incident.id === ''`,
      },
      { file: 'src/domain/clocks.ts', find: 'patience !== null &&', put: 'patience === 0 &&' },
    ],
  },
  {
    name: 'quiet until proven',
    without: 'a phone hears of its press, whoever may be listening',
    patches: [
      {
        file: 'src/domain/phone-view.ts',
        find: `if (incident.contactPolicy === 'voice_ok' && !incident.duress) return 'open'`,
        put: `if (incident.contactPolicy !== undefined) return 'open'`,
      },
    ],
  },
  {
    name: 'catch-up by seq',
    without: 'a screen that comes back is told what is new from now on',
    patches: [
      {
        file: 'src/room/screens.ts',
        find: 'this.ports.since(seq, CATCH_UP_ROWS + 1)',
        put: 'this.ports.since(this.frameSeq, CATCH_UP_ROWS + 1)',
      },
    ],
  },
]

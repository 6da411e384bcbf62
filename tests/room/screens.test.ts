import { describe, expect, test } from 'bun:test'
import type { IncidentSummary } from '../../src/domain/incident'
import { summarize } from '../../src/domain/incident'
import type { FromScreen, ToScreen } from '../../src/room/live'
import { Screens, SILENT_AFTER_MS, SNAPSHOT_ROWS } from '../../src/room/screens'
import { anIncident, NOON, viewer } from '../support/made-up'

function opened(rows: IncidentSummary[] = []) {
  const clock = { now: NOON }
  const shown: string[] = []
  const later: (() => void)[] = []
  const presence: [string, boolean][] = []
  const goneSince: number[] = []
  const holders = new Set<string>()
  const screens = new Screens(
    {
      region: 'NCR',
      epoch: () => 'e1',
      now: () => clock.now,
      newId: () => 's',
      after: (_, run) => later.push(run),
      queue: (limit) => rows.slice(0, limit),
      since: (seq, limit) => rows.filter((row) => row.seq > seq).slice(0, limit),
      counts: () => ({ open: rows.length, untaken: 0, queued: rows.length }),
      holdsP1: (uid) => holders.has(uid),
      canaryAt: () => null,
      unverified: () => 0,
      shown: (ids) => shown.push(...ids),
      present: ({ uid }, present, lastHeardAt) => {
        presence.push([uid, present])
        if (lastHeardAt !== undefined) goneSince.push(lastHeardAt)
      },
    },
    rows.at(-1)?.seq ?? 0,
  )
  const join = (uid: string, changes = {}) => {
    const got: ToScreen[] = []
    const socket = {
      closed: null as number | null,
      send: (text: string) => void got.push(JSON.parse(text) as ToScreen),
      close: (code: number) => {
        socket.closed = code
      },
    }
    screens.join(socket, viewer(uid, changes))
    const say = (message: FromScreen) => screens.hear(socket, JSON.stringify(message))
    return { got, socket, say, last: (t: ToScreen['t']) => got.filter((each) => each.t === t).at(-1) }
  }
  const pass = () => {
    for (const run of later.splice(0)) run()
  }
  return { screens, clock, shown, presence, goneSince, holders, join, rows, pass }
}

const row = (seq: number): IncidentSummary => summarize(anIncident({ id: `i${seq}` }), seq)
const here: FromScreen = {
  t: 'here',
  seq: 0,
  visible: true,
  paintedMs: 100,
  sound: true,
  inputMs: 1_000,
  onCall: false,
}

describe('catch-up', () => {
  test('a new screen gets everything queued, then is live', () => {
    const { join } = opened([row(1), row(2)])
    const { got, say } = join('ana')
    say({ t: 'since', epoch: null, seq: 0 })
    expect(got.map((message) => message.t)).toEqual(['hello', 'snapshot', 'live', 'tick'])
  })

  test('one that was away gets exactly what it missed', () => {
    const { join } = opened([row(1), row(2), row(3)])
    const { say, last } = join('ana')
    say({ t: 'since', epoch: 'e1', seq: 1 })
    expect(last('incidents')).toMatchObject({ seq: 3, incidents: [{ seq: 2 }, { seq: 3 }] })
  })

  test('another epoch, or more than a screen should replay, is a snapshot that counts what it leaves out', () => {
    const many = Array.from({ length: SNAPSHOT_ROWS + 200 }, (_, n) => row(n + 1))
    const { join } = opened(many)
    for (const since of [
      { epoch: 'old', seq: 9 },
      { epoch: 'e1', seq: 0 },
      { epoch: 'e1', seq: 9_999 },
    ]) {
      const { say, last } = join('ana')
      say({ t: 'since', ...since })
      expect(last('snapshot')).toMatchObject({ more: 200 })
    }
  })

  test('nothing is pushed to a screen that has not said where it is', () => {
    const { join, screens } = opened()
    const { got } = join('ana')
    screens.note(row(5))
    screens.flush()
    expect(got.map((message) => message.t)).toEqual(['hello'])
  })
})

describe('frames', () => {
  test('carry the newest state of each incident that changed, in order, once', () => {
    const { join, screens } = opened()
    const { say, got } = join('ana')
    say({ t: 'since', epoch: null, seq: 0 })
    screens.note(row(7))
    screens.note(row(8))
    screens.note({ ...row(7), seq: 9 })
    screens.flush()
    screens.flush()
    const frames = got.filter((message) => message.t === 'incidents')
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({ seq: 9, incidents: [{ seq: 8 }, { id: 'i7', seq: 9 }] })
  })
})

describe('attention', () => {
  test('watching needs eyes, sound and a hand; free needs no call and no P1', () => {
    const { join, screens, holders } = opened()
    const ana = join('ana')
    expect(screens.attention()).toEqual({ watching: 0, free: 0 })
    ana.say(here)
    expect(screens.attention()).toEqual({ watching: 1, free: 1 })
    for (const lacking of [{ visible: false }, { sound: false }, { paintedMs: 11_000 }, { inputMs: 16 * 60_000 }]) {
      ana.say({ ...here, ...lacking } as FromScreen)
      expect(screens.attention().watching).toBe(0)
    }
    ana.say({ ...here, onCall: true })
    expect(screens.attention()).toEqual({ watching: 1, free: 0 })
    ana.say(here)
    holders.add('ana')
    expect(screens.attention()).toEqual({ watching: 1, free: 0 })
  })

  test('two windows of one person are one person', () => {
    const { join, screens } = opened()
    join('ana').say(here)
    join('ana').say(here)
    expect(screens.attention().watching).toBe(1)
  })

  test('a pass is offered to who is free, and never to a trainee', () => {
    const { join, screens } = opened()
    join('tina', { role: 'trainee' }).say(here)
    expect(screens.nextFree('ana')).toBeNull()
    join('ben').say(here)
    expect(screens.nextFree('ana')).toEqual({ uid: 'ben', name: 'Desk ben' })
    expect(screens.nextFree('ben')).toBeNull()
  })
})

describe('screens that are gone', () => {
  test('are closed after three silent ticks, and their person is told of once', () => {
    const { join, screens, clock, presence, goneSince } = opened()
    const one = join('ana')
    join('ana').say(here)
    const spoke = clock.now
    clock.now += SILENT_AFTER_MS - 1
    screens.tick()
    expect(one.socket.closed).toBeNull()
    clock.now += 2
    screens.tick()
    expect(one.socket.closed).toBe(1013)
    expect(presence).toEqual([
      ['ana', true],
      ['ana', false],
    ])
    // The line has been dead since then, and the clock of what they hold runs from there.
    expect(goneSince).toEqual([spoke])
    expect(screens.size).toBe(0)
  })

  test('a session that ended is closed with 4401, a newer one stays', () => {
    const { join, screens } = opened()
    const old = join('ana', { epoch: 1 })
    const fresh = join('ana', { epoch: 2 })
    screens.endSessions('ana', 2)
    expect([old.socket.closed, fresh.socket.closed]).toEqual([4401, null])
  })

  test('one whose send throws is dropped, the others hear', () => {
    const { join, screens } = opened()
    const broken = join('ana')
    const well = join('ben')
    for (const each of [broken, well]) each.say({ t: 'since', epoch: null, seq: 0 })
    broken.socket.send = () => {
      throw new Error('gone')
    }
    screens.note(row(3))
    screens.flush()
    expect(well.last('incidents')).toBeDefined()
    expect(screens.size).toBe(1)
  })
})

describe('receipts', () => {
  test('the first of each card counts, from whichever screen; all others are not even looked up', () => {
    const { join, screens, shown, pass } = opened()
    const [ana, ben] = [join('ana'), join('ben')]
    for (const each of [ana, ben]) each.say({ t: 'since', epoch: null, seq: 0 })
    screens.note(row(3))
    screens.note(row(4))
    screens.flush()
    ben.say({ t: 'shown', seqs: [3] })
    ana.say({ t: 'shown', seqs: [3, 4, 99] })
    ben.say({ t: 'shown', seqs: [3, 4] })
    pass()
    expect(shown).toEqual(['i3', 'i4'])
  })

  test('of a state that has changed since count for nothing', () => {
    const { join, screens, shown, pass } = opened()
    const ana = join('ana')
    ana.say({ t: 'since', epoch: null, seq: 0 })
    screens.note(row(3))
    screens.flush()
    screens.note({ ...row(3), seq: 5 })
    screens.flush()
    ana.say({ t: 'shown', seqs: [3] })
    pass()
    expect(shown).toEqual([])
    ana.say({ t: 'shown', seqs: [5] })
    pass()
    expect(shown).toEqual(['i3'])
  })
})

test('what a screen says in a way we do not know changes nothing', () => {
  const { join, screens, shown } = opened()
  const { socket } = join('ana')
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"t":"dance"}',
    '{"t":"shown","seqs":"x"}',
    '{"t":"shown","seqs":[1.5,"a",null]}',
    '{"t":"here"}',
    '{"t":"since","seq":"NaN"}',
  ])
    screens.hear(socket, text)
  expect(shown).toEqual([])
  expect(screens.attention().watching).toBe(0)
})

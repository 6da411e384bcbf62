import { describe, expect, test } from 'bun:test'
import { mayReachPresser } from '../../src/domain/phone-view'
import { anIncident, aPress, crew, inCebu, NOON, viewer } from '../support/made-up'
import { openRoom } from '../support/room'

const ana = viewer('ana')
const ben = viewer('ben')
const everything = { status: 'all', q: null, limit: 100 } as const

describe('what an intake brings', () => {
  test('becomes one incident, confirmed, coded and sounding', () => {
    const { room, send, heard } = openRoom()
    const press = aPress()
    expect(send([press]).confirmed).toEqual([press.sosId])
    const { incidents } = room.list({ ...everything, status: 'open' }, ana)
    expect(incidents).toMatchObject([
      { id: press.sosId, code: 'NCR-1', state: 'new', priority: 'P1', ring: { to: 'all' } },
    ])
    expect(heard).toHaveLength(1)
  })

  test('twice changes nothing the second time, whichever shard brings it', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press])
    const seq = room.log.seq
    expect(send([press], { intake: 'NCR:1' }).confirmed).toEqual([press.sosId])
    expect(room.log.seq).toBe(seq)
    expect(room.incidents.summary(press.sosId)?.pressCount).toBe(1)
  })

  test('by two shards is told to both what its phone may read', () => {
    const { room, send } = openRoom()
    const press = aPress({ kind: 'crash' })
    send([press])
    send([press], { intake: 'NCR:1' })
    room.act(press.sosId, { type: 'take' }, ana)
    expect([...room.pushes.waiting(10)].sort()).toEqual([
      ['NCR:0', [press.sosId]],
      ['NCR:1', [press.sosId]],
    ])
    room.pushes.told('NCR:1', [{ sosId: press.sosId, view: room.pushes.viewOf(press.sosId) }])
    expect([...room.pushes.waiting(10).keys()]).toEqual(['NCR:0'])
  })

  test('of the same driver by another device joins the incident; another driver begins one', () => {
    const { room, send } = openRoom()
    room.learn([...crew('dev-1', 1, 'juan'), ...crew('wired-1', 10, 'juan'), ...crew('dev-2', 20, 'pedro')])
    send([aPress(), aPress({ deviceId: 'wired-1', door: 'wired' }), aPress({ deviceId: 'dev-2' })])
    const { incidents } = room.list({ ...everything, status: 'open' }, ana)
    expect(incidents.map((each) => [each.driver?.id, each.pressCount])).toEqual([
      ['juan', 2],
      ['pedro', 1],
    ])
  })

  test('gets its driver and vehicle when the directory comes after the press', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press])
    room.learn(crew('dev-1', 1))
    expect(room.incidents.summary(press.sosId)).toMatchObject({
      vehicle: { plate: 'NAB 1234' },
      driver: { name: 'Made-up Reyes' },
    })
  })

  test('gets directory rows back that it lacks, without any user', () => {
    const { room, send } = openRoom()
    room.learn([...crew('dev-1', 1), { kind: 'user', id: 'u', version: 9, body: null }])
    const reply = send([], { directoryVersion: 1 })
    expect(reply.directory.map((row) => row.kind)).toEqual(['vehicle', 'device'])
    expect(reply.directoryVersion).toBe(3)
  })

  test('in a flood counts further presses once, however often the count is repeated', () => {
    const { room, send } = openRoom()
    const press = aPress()
    const fold = {
      sosId: press.sosId,
      deviceId: 'dev-1',
      count: 40,
      lastAt: NOON + 9_000,
      position: inCebu,
      note: null,
    }
    send([press], { folds: [fold] })
    send([], { folds: [fold] })
    send([], { folds: [{ ...fold, count: 41 }] })
    expect(room.incidents.summary(press.sosId)?.pressCount).toBe(42)
  })

  test('as a canary is answered and leaves no trace', () => {
    const { room, send, heard } = openRoom()
    const seq = room.log.seq
    expect(send([], { canary: 'c-1' }).canary).toBe('c-1')
    expect([room.log.seq, heard.length, room.canaryAt]).toEqual([seq, 0, NOON])
  })
})

describe('cancels', () => {
  const cancel = (sosId: string, verdict: 'true' | 'duress' | 'wrong', n = 1) => ({
    sosId,
    deviceId: 'dev-1',
    verdict,
    at: NOON + 1_000,
    n,
  })

  test('that come before their SOS wait for it', () => {
    const { room, send } = openRoom()
    const press = aPress()
    expect(send([], { cancels: [cancel(press.sosId, 'true')] }).cancels).toEqual([1])
    send([press])
    expect(room.incidents.summary(press.sosId)?.state).toBe('cancelled')
  })

  test('repeated by the intake count once', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press], { cancels: [cancel(press.sosId, 'wrong')] })
    send([], { cancels: [cancel(press.sosId, 'wrong')] })
    expect(room.incidents.find(press.sosId)?.wrongPins).toBe(1)
  })

  test("of another device's press do nothing", () => {
    const { room, send } = openRoom()
    const press = aPress({ deviceId: 'dev-9' })
    send([press], { cancels: [cancel(press.sosId, 'true')] })
    expect(room.incidents.summary(press.sosId)?.state).toBe('new')
  })

  test('leave the queue after 120 s when nothing was odd', () => {
    const { room, send, pass } = openRoom()
    const press = aPress()
    send([press], { cancels: [cancel(press.sosId, 'true')] })
    pass(119_000)
    expect(room.list({ ...everything, status: 'queue' }, ana).incidents).toHaveLength(1)
    pass(2_000)
    expect(room.list({ ...everything, status: 'queue' }, ana).incidents).toHaveLength(0)
  })

  test('true and under duress give the phone the same bytes', () => {
    const views = (['true', 'duress'] as const).map((verdict) => {
      const { send, room } = openRoom()
      const press = aPress()
      send([press])
      send([], { cancels: [cancel(press.sosId, verdict)] })
      return JSON.stringify(room.statuses([press.sosId])[0]?.view)
    })
    expect(views[0]).toBe(views[1] as string)
  })
})

describe('a quiet incident', () => {
  test('is told to nobody by any outward path, whatever happens to it', () => {
    const { room, send, pass } = openRoom()
    const press = aPress({ kind: 'panic' })
    const first = JSON.stringify(send([press]).statuses[0]?.view)
    const steps = [
      () => room.shown([press.sosId], 'ana'),
      () => pass(31_000),
      () => room.act(press.sosId, { type: 'take' }, ana),
      () => room.act(press.sosId, { type: 'leg', kind: 'rover', name: 'R', state: 'accepted' }, ana),
      () => room.act(press.sosId, { type: 'safe', confirmedBy: 'police_there' }, ana),
      () => room.act(press.sosId, { type: 'close' }, ana),
      () => room.act(press.sosId, { type: 'close' }, ben),
    ]
    for (const step of steps) {
      step()
      expect(JSON.stringify(room.statuses([press.sosId])[0]?.view)).toBe(first)
    }
    expect(room.incidents.summary(press.sosId)?.state).toBe('closed')
    // No push was ever due: an intake that heard nothing cannot tell a lifeline anything.
    expect(room.pushes.waiting(10).size).toBe(0)
    const incident = room.incidents.find(press.sosId) ?? anIncident()
    for (const way of ['lifeline', 'call', 'text', 'push', 'contacts', 'share', 'area'] as const)
      expect(mayReachPresser(incident, way)).toBe('nothing')
  })
})

describe('clocks', () => {
  test('30 s untaken: a voice-ok phone is offered 911, once', () => {
    const { room, send, pass } = openRoom()
    const press = aPress({ kind: 'crash' })
    send([press])
    pass(29_000)
    expect(room.statuses([press.sosId])[0]?.view.offer911).toBeUndefined()
    pass(2_000)
    expect(room.statuses([press.sosId])[0]?.view.offer911).toBe(true)
    expect(room.log.ofIncident(press.sosId).filter((event) => event.type === 'untaken_told')).toHaveLength(1)
  })

  test('taken without an act for 60 s on a P1 is back in the queue with sound', () => {
    const { room, send, pass } = openRoom()
    const press = aPress()
    send([press])
    room.act(press.sosId, { type: 'take' }, ana)
    pass(59_000)
    expect(room.incidents.summary(press.sosId)?.owner?.uid).toBe('ana')
    pass(2_000)
    expect(room.incidents.summary(press.sosId)).toMatchObject({
      state: 'new',
      owner: null,
      ring: { to: 'all', reason: 'requeued' },
    })
  })

  test('an act holds it', () => {
    const { room, send, pass } = openRoom()
    const press = aPress()
    send([press])
    room.act(press.sosId, { type: 'take' }, ana)
    room.act(press.sosId, { type: 'note', text: 'listening in' }, ana)
    pass(10 * 60_000)
    expect(room.incidents.summary(press.sosId)?.owner?.uid).toBe('ana')
  })

  test("its owner's last screen gone for 20 s gives it back; a screen in time keeps it", () => {
    const { room, send, pass, screens } = openRoom()
    const press = aPress()
    send([press])
    screens.add('ana')
    room.screenUser('ana', true)
    room.act(press.sosId, { type: 'take' }, ana)
    room.act(press.sosId, { type: 'note', text: 'x' }, ana)
    screens.delete('ana')
    room.screenUser('ana', false)
    pass(10_000)
    screens.add('ana')
    room.screenUser('ana', true)
    pass(60_000)
    expect(room.incidents.summary(press.sosId)?.owner?.uid).toBe('ana')
    screens.delete('ana')
    room.screenUser('ana', false)
    pass(21_000)
    expect(room.incidents.summary(press.sosId)).toMatchObject({ owner: null, ring: { reason: 'requeued' } })
  })

  test('a screen whose line has been dead for 15 s has 5 s left, and one that was dead for longer has none', () => {
    for (const [deadMs, leftMs] of [
      [15_000, 5_000],
      [40_000, 0],
    ] as const) {
      const { room, clock, send, pass } = openRoom()
      const press = aPress()
      send([press])
      room.screenUser('ana', true)
      room.act(press.sosId, { type: 'take' }, ana)
      room.act(press.sosId, { type: 'note', text: 'x' }, ana)
      pass(deadMs)
      room.screenUser('ana', false, clock.now - deadMs)
      if (leftMs > 0) pass(leftMs - 1)
      expect(room.incidents.summary(press.sosId)?.owner?.uid).toBe('ana')
      pass(1)
      expect(room.incidents.summary(press.sosId)?.owner).toBeNull()
    }
  })

  test('after a crash, screens that do not come back count as lost', () => {
    const before = openRoom()
    const press = aPress()
    before.send([press])
    before.screens.add('ana')
    before.room.screenUser('ana', true)
    before.room.act(press.sosId, { type: 'take' }, ana)
    before.room.act(press.sosId, { type: 'note', text: 'x' }, ana)
    const after = before.reborn()
    after.pass(21_000)
    expect(after.room.incidents.summary(press.sosId)?.owner).toBeNull()
  })

  test('a re-press that its owner does not react to sounds to all after 15 s', () => {
    const { room, send, pass } = openRoom()
    const press = aPress()
    send([press])
    room.act(press.sosId, { type: 'take' }, ana)
    room.act(press.sosId, { type: 'note', text: 'x' }, ana)
    pass(70_000)
    send([aPress({ receivedAt: NOON + 70_000 })])
    expect(room.incidents.summary(press.sosId)?.ring).toMatchObject({ to: 'owner' })
    pass(16_000)
    expect(room.incidents.summary(press.sosId)?.ring).toMatchObject({ to: 'all', reason: 'no_reaction' })
  })
})

describe('people', () => {
  test('of two who take at once the second sees who has it', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press])
    expect(room.act(press.sosId, { type: 'take' }, ana).ok).toBe(true)
    const second = room.act(press.sosId, { type: 'take' }, ben)
    expect(second).toMatchObject({
      ok: false,
      refusal: { code: 'conflict', reason: 'already_taken' },
      incident: { owner: { uid: 'ana' } },
    })
  })

  test('without rights in the region, or of a role that may not, are refused', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press])
    const refused = (who: Parameters<typeof viewer>[1]) => {
      const answer = room.act(press.sosId, { type: 'take' }, viewer('eva', who))
      return answer.ok ? 'accepted' : answer.refusal.reason
    }
    expect(refused({ regions: ['CEB'] })).toBe('foreign_region')
    expect(refused({ role: 'trainee' })).toBe('role')
    expect(refused({ role: 'auditor' })).toBe('role')
  })

  test('whose session has ended are refused', () => {
    const { room, send } = openRoom()
    const press = aPress()
    send([press])
    const body = {
      id: 'ana',
      email: 'a@x',
      name: 'A',
      alias: 'D',
      role: 'operator' as const,
      regions: ['NCR' as const],
      passwordHash: '',
      sessionEpoch: 2,
      active: true,
    }
    room.learn([{ kind: 'user', id: 'ana', version: 1, body }])
    expect(room.act(press.sosId, { type: 'take' }, ana)).toMatchObject({
      ok: false,
      refusal: { reason: 'session_ended' },
    })
    expect(room.act(press.sosId, { type: 'take' }, viewer('ana', { epoch: 2 })).ok).toBe(true)
  })

  test('who look at a file that is not theirs are in the log, once in ten minutes', () => {
    const { room, send, clock } = openRoom()
    const press = aPress()
    send([press])
    room.file(press.sosId, ana)
    room.file(press.sosId, ana)
    const looks = () => room.log.ofIncident(press.sosId).filter((event) => event.type === 'looked').length
    expect(looks()).toBe(1)
    clock.now += 11 * 60_000
    room.file(press.sosId, ana)
    expect(looks()).toBe(2)
  })

  test('write a call down once, however often the request comes', () => {
    const { room } = openRoom()
    room.learn(crew('dev-1', 1))
    const call = {
      reporter: 'passenger',
      kind: 'panic',
      note: 'whispering',
      phone: '+639180000000',
      plate: 'nab-1234',
      lat: null,
      lng: null,
      deviceId: null,
      region: 'NCR',
      safeToTalk: null,
      requestId: 'r1',
    } as const
    const first = room.create(call, ana)
    const again = room.create(call, ana)
    expect(first.ok && again.ok && first.incident.id === again.incident.id).toBe(true)
    expect(first.ok && first.incident).toMatchObject({
      reporter: 'passenger',
      contactPolicy: 'quiet',
      deviceId: 'dev-1',
      driver: { name: 'Made-up Reyes' },
    })
    expect(first.ok && first.incident.flags).toContain('by_phone')
  })

  test('find an incident by code, plate with or without its space, and name', () => {
    const { room, send } = openRoom()
    room.learn(crew('dev-1', 1))
    send([aPress()])
    for (const q of ['ncr-1', 'nab1234', 'NAB 1234', 'reyes', 'vios reyes'])
      expect(room.list({ ...everything, q }, ana).incidents).toHaveLength(1)
    expect(room.list({ ...everything, q: 'nowhere' }, ana).incidents).toHaveLength(0)
  })

  test('take one press out of an incident into one of its own', () => {
    const { room, send } = openRoom()
    const [first, second] = [aPress(), aPress()]
    send([first, second])
    expect(room.act(first.sosId, { type: 'unmerge', sosId: second.sosId }, ana).ok).toBe(true)
    expect(room.list({ ...everything, status: 'open' }, ana).incidents.map((each) => each.pressCount)).toEqual([1, 1])
  })
})

describe('the queue', () => {
  test('stands by priority, then not taken, then oldest', () => {
    const { room, send, clock } = openRoom()
    const flood = aPress({ deviceId: 'a', kind: 'flood' })
    const taken = aPress({ deviceId: 'b' })
    const older = aPress({ deviceId: 'c' })
    const newer = aPress({ deviceId: 'd' })
    for (const press of [flood, taken, older, newer]) {
      send([press])
      clock.now += 1_000
    }
    room.act(taken.sosId, { type: 'take' }, ana)
    expect(room.list({ ...everything, status: 'open' }, ana).incidents.map((each) => each.id)).toEqual(
      [older, newer, taken, flood].map((press) => press.sosId),
    )
  })

  test('is counted as it changes, the same as after a restart', () => {
    const opened = openRoom()
    const { room, send } = opened
    const presses = ['a', 'b', 'c', 'd'].map((deviceId) => aPress({ deviceId, kind: 'crash' }))
    send(presses)
    const [first, second, third] = presses.map((press) => press.sosId) as [string, string, string]
    room.act(first, { type: 'take' }, ana)
    room.act(second, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    send([], { cancels: [{ sosId: third, deviceId: 'c', verdict: 'true', at: NOON + 1, n: 1 }] })
    expect(room.counts()).toEqual({ open: 2, untaken: 1, queued: 3 })
    expect(opened.reborn().room.counts()).toEqual({ open: 2, untaken: 1, queued: 3 })
  })

  test('codes begin anew each day in Manila', () => {
    const { room, send, clock } = openRoom()
    const codeOf = (deviceId: string) => {
      const press = aPress({ deviceId })
      send([press])
      return room.incidents.summary(press.sosId)?.code
    }
    expect([codeOf('a'), codeOf('b')]).toEqual(['NCR-1', 'NCR-2'])
    clock.now = Date.UTC(2026, 10, 22, 15, 59)
    expect(codeOf('c')).toBe('NCR-3')
    clock.now = Date.UTC(2026, 10, 22, 16, 0)
    expect(codeOf('d')).toBe('NCR-1')
  })
})

describe('the desk of another region', () => {
  test('gets the card, its people may act, and the old desk hears when it leaves', () => {
    const ncr = openRoom()
    const ceb = openRoom({ region: 'CEB' })
    const press = aPress({ position: inCebu })
    ncr.send([press])
    expect(ncr.room.mirrors.waiting(10)).toEqual([{ incident: press.sosId, region: 'CEB' }])
    ceb.room.takeMirrored([ncr.room.incidents.summary(press.sosId) ?? never()])
    const eva = viewer('eva', { regions: ['CEB'] })
    expect(ceb.room.list({ ...everything, status: 'open' }, eva).incidents.map((each) => each.id)).toEqual([
      press.sosId,
    ])
    expect(ncr.room.act(press.sosId, { type: 'take' }, eva).ok).toBe(true)
    ceb.room.takeMirrored([ncr.room.incidents.summary(press.sosId) ?? never()])
    expect(ceb.room.since(0, 10).at(-1)).toMatchObject({
      id: press.sosId,
      owner: { uid: 'eva' },
      seq: ceb.room.log.seq,
    })
    expect(ceb.room.mirrors.ownedBy('eva')).toHaveLength(1)
  })

  test('an older card that comes late changes nothing', () => {
    const ceb = openRoom({ region: 'CEB' })
    const ncr = openRoom()
    const press = aPress({ position: inCebu })
    ncr.send([press])
    const old = ncr.room.incidents.summary(press.sosId) ?? never()
    ncr.room.act(press.sosId, { type: 'take' }, ana)
    ceb.room.takeMirrored([ncr.room.incidents.summary(press.sosId) ?? never()])
    const { seq } = ceb.room.log
    ceb.room.takeMirrored([old])
    expect(ceb.room.log.seq).toBe(seq)
  })
})

describe('forgetting', () => {
  test('waits a day, and for Postgres', () => {
    const { room, send, pass } = openRoom()
    const press = aPress({ kind: 'crash' })
    send([press])
    room.act(press.sosId, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    room.act(press.sosId, { type: 'close' }, ana)
    pass(26 * 60 * 60_000)
    expect(room.incidents.summary(press.sosId)).not.toBeNull()
    room.log.delivered(room.log.undelivered(100).map((event) => event.seq))
    pass(2 * 60 * 60_000)
    expect(room.incidents.summary(press.sosId)).toBeNull()
  })
})

function never(): never {
  throw new Error('the incident is not there')
}

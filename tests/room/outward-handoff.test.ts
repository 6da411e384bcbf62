// Agencies: told by people, by our machine, told again, called off; and nothing is ever dialled.

import { describe, expect, test } from 'bun:test'
import { dialable, isNeverDialled } from '../../src/domain/never-dialled'
import { CHANNELS, PAGE_REASONS, type Page } from '../../src/domain/page'
import type { Report } from '../../src/domain/report'
import { faultsOf } from '../support/cap'
import { inManila, NOON, viewer } from '../support/made-up'
import { ana, desk, told } from './outward-support'

const S = 1_000
const MIN = 60 * S

const report = (at: number, changes: Partial<NonNullable<Report['position']>> = {}): Report => ({
  deviceId: 'dev-1',
  home: 'NCR',
  protocol: 'own',
  receivedAt: at,
  position: { ...inManila, fixedAt: at, ...changes },
  event: null,
  charging: null,
  ignition: null,
})
const STANDING = { ...inManila, speedMps: 0 }

describe('a hand-off by a person', () => {
  test('asks the agency as a leg, moves the incident on, and stands in the log with its times and reference', () => {
    const at = desk()
    const answer = at.room.outward.handOff(
      at.id,
      told({ ref: 'CC-0815', answeredAt: NOON + 9 * S, note: 'two cars' }),
      ana,
    )
    expect(answer).toMatchObject({ ok: true, incident: { state: 'help_asked' } })
    expect(at.incident().legs).toMatchObject([
      { kind: 'agency', name: 'Unified 911', state: 'asked', ref: 'agency:ncr-911' },
    ])
    expect(at.incident().outsideTold).toBe(true)
    expect(at.events('handed_off')[0]?.body).toMatchObject({
      ...{ agencyId: 'ncr-911', number: '911', ref: 'CC-0815', note: 'two cars', by: 'call' },
      ...{ calledAt: NOON, answeredAt: NOON + 9 * S, again: false },
    })
  })

  test('is written down as a disclosure, with what was said and who decided it', () => {
    const at = desk({ kind: 'panic' })
    at.room.outward.handOff(at.id, told(), ana)
    const [record] = at.records()
    expect(record).toMatchObject({
      kind: 'disclosure',
      body: {
        recipient: { kind: 'agency', id: 'ncr-911' },
        way: 'call',
        by: { uid: 'ana' },
        sent: { doNotCall: true },
      },
    })
    expect(at.events('disclosed')[0]?.body?.fields).toEqual(
      expect.arrayContaining(['nature', 'plate', 'position', 'doNotCall']),
    )
    // What nobody asked for is not said.
    expect(JSON.stringify(record)).not.toContain('+639170000001')
  })

  test('a second call to the same agency is the same leg', () => {
    const at = desk()
    at.room.outward.handOff(at.id, told(), ana)
    at.room.outward.handOff(at.id, told({ ref: 'CC-1' }), ana)
    expect(at.incident().legs).toHaveLength(1)
    expect(at.events('handed_off').map(({ body }) => body?.again)).toEqual([false, true])
    expect(at.room.outward.desk(at.id, ana)?.handOffs).toMatchObject([{ ref: 'CC-1' }])
  })

  test('needs the right, an agency of the directory, and an incident that goes on', () => {
    const at = desk()
    const no = (by = ana, what = told()) => {
      const answer = at.room.outward.handOff(at.id, what, by)
      return answer.ok ? null : answer.refusal.reason
    }
    expect(no(viewer('tom', { role: 'trainee' }))).toBe('role')
    expect(no(viewer('cee', { regions: ['CEB'] }))).toBe('foreign_region')
    expect(no(ana, told({ agencyId: 'made-up' }))).toBe('unknown_agency')
    at.room.act(at.id, { type: 'false-alarm', reason: 'accidental' }, ana)
    expect(no()).toBe('wrong_state')
  })
})

describe('what an agency was told grows old', () => {
  const due = (at: ReturnType<typeof desk>) => at.incident().flags.includes('tell_again')

  test('standing, after five minutes: its owner hears it, and a call ends it', () => {
    const at = desk({ kind: 'crash', position: STANDING })
    at.room.outward.handOff(at.id, told(), ana)
    at.pass(5 * MIN - S)
    expect(due(at)).toBe(false)
    at.room.act(at.id, { type: 'note', text: 'still there' }, ana)
    at.pass(2 * S)
    expect(due(at)).toBe(true)
    expect(at.incident().ring).toMatchObject({ to: 'owner', reason: 'tell_again' })
    at.room.outward.handOff(at.id, told({ calledAt: at.clock.now }), ana)
    expect(due(at)).toBe(false)
    at.pass(4 * MIN)
    expect(due(at)).toBe(false)
  })

  test('moving, after a minute', () => {
    const at = desk()
    at.room.outward.handOff(at.id, told(), ana)
    at.pass(61 * S)
    expect(at.events('tell_again')[0]?.body).toMatchObject({ why: 'moving', agency: 'Unified 911' })
  })

  test('500 m on, at once; and in another municipality', () => {
    const at = desk({ kind: 'crash', position: STANDING })
    at.room.outward.handOff(at.id, told(), ana)
    at.clock.now += 20 * S
    at.room.heard([report(at.clock.now, { lat: inManila.lat + 0.003, speedMps: 0 })])
    expect(due(at)).toBe(false)
    at.clock.now += 3 * S
    at.room.heard([report(at.clock.now, { lat: inManila.lat + 0.0049, speedMps: 0 })])
    expect(at.events('tell_again')[0]?.body).toMatchObject({ why: 'far' })
    const city = desk({ kind: 'crash', position: STANDING })
    city.room.outward.handOff(city.id, told(), ana)
    city.clock.now += 20 * S
    city.room.heard([report(city.clock.now, { lat: 14.5995, lng: 120.9842 })])
    expect(city.events('tell_again')[0]?.body).toMatchObject({ why: 'city' })
  })

  test('is over with the incident, and where its unit is done', () => {
    const at = desk()
    at.room.outward.handOff(at.id, told(), ana)
    at.pass(61 * S)
    at.room.act(at.id, { type: 'safe', confirmedBy: 'own_voice' }, ana)
    expect(due(at)).toBe(false)
    at.pass(60 * MIN)
    expect(at.events('tell_again').filter(({ body }) => body?.why)).toHaveLength(1)
    const there = desk({ kind: 'crash', position: STANDING })
    there.room.outward.handOff(there.id, told(), ana)
    const [leg] = there.incident().legs
    there.room.act(there.id, { type: 'leg', legId: leg?.id ?? '', state: 'done' }, ana)
    there.pass(20 * MIN)
    expect(there.events('tell_again')).toEqual([])
  })

  test('a room that was born anew goes on with its clocks', () => {
    const at = desk({ kind: 'crash', position: STANDING })
    at.room.outward.handOff(at.id, told(), ana)
    const again = at.reborn()
    again.screens.add('ana')
    again.pass(5 * MIN + S)
    expect(again.room.incidents.find(at.id)?.flags).toContain('tell_again')
  })
})

const byMachine = told({ agencyId: 'ncr-centre', number: null, byMachine: true })
const documents = (at: ReturnType<typeof desk>) => at.pages().map(({ document }) => document as Record<string, unknown>)
const types = (at: ReturnType<typeof desk>) => documents(at).map(({ type }) => type)

describe('a hand-off from machine to machine', () => {
  test('begins with all that is known, to its one address, and no other way', () => {
    const at = desk({ kind: 'panic' })
    expect(at.room.outward.handOff(at.id, byMachine, ana).ok).toBe(true)
    const [page] = at.pages()
    expect(page?.reason).toBe('agency')
    expect(page?.ladder).toEqual([[{ channel: 'webhook', to: 'https://centre.example/handoff' }]])
    expect(page?.document).toMatchObject({
      ...{ type: 'handoff.initial', version: 1, n: 1, doNotCallDriver: true },
      ...{ vehicle: { plate: 'NAB 1234' }, location: { lat: inManila.lat }, callback: { secret: 'whsec_x' } },
    })
  })

  test('traces where it is every ten seconds, where that is news, until it is over', () => {
    const at = desk()
    at.room.outward.handOff(at.id, byMachine, ana)
    at.pass(30 * S)
    expect(types(at)).toEqual(['handoff.initial'])
    at.room.heard([report(at.clock.now, { lat: inManila.lat + 0.001 })])
    at.pass(30 * S)
    expect(types(at)).toEqual(['handoff.initial', 'handoff.trace'])
    expect(documents(at)[1]).toMatchObject({ n: 2, location: { lat: inManila.lat + 0.001 } })
    expect(at.pages()[1]?.until).not.toBeNull()
    at.room.act(at.id, { type: 'safe', confirmedBy: 'police_there' }, ana)
    at.room.heard([report(at.clock.now + S, { lat: inManila.lat + 0.002 })])
    at.pass(60 * S)
    expect(types(at)).toEqual(['handoff.initial', 'handoff.trace', 'handoff.cancel'])
    expect(documents(at)[2]).toMatchObject({ note: 'Confirmed safe.' })
  })

  test('what changes is told, and a false alarm calls it off: the page of that is not stopped with the others', () => {
    const at = desk()
    at.room.outward.handOff(at.id, byMachine, ana)
    at.room.act(at.id, { type: 'note', text: 'nothing for them' }, ana)
    expect(types(at)).toEqual(['handoff.initial'])
    at.room.act(at.id, { type: 'priority', priority: 'P3' }, ana)
    at.room.act(at.id, { type: 'false-alarm', reason: 'accidental' }, ana)
    expect(types(at)).toEqual(['handoff.initial', 'handoff.update', 'handoff.cancel'])
    const caps = documents(at).map(({ cap }) => String(cap))
    for (const cap of caps) expect(faultsOf(cap)).toEqual([])
    const identifiers = caps.map((cap) => /<identifier>([^<]+)/.exec(cap)?.[1] ?? '')
    expect(new Set(identifiers).size).toBe(3)
    expect(caps[2]).toContain('<msgType>Cancel</msgType>')
    const references = /<references>([^<]+)/.exec(caps[2] ?? '')?.[1] ?? ''
    for (const earlier of identifiers.slice(0, 2)) expect(references).toContain(earlier)
    const [, , cancel] = at.pages()
    expect(at.room.pages.get(cancel?.id ?? '')?.state).toBe('waiting')
  })

  test('its status moves our leg forward, never back, and never ends our incident', () => {
    const at = desk()
    at.room.outward.handOff(at.id, byMachine, ana)
    const id = at.room.outward.desk(at.id, ana)?.handOffs[0]?.id ?? ''
    const say = (state: 'accepted' | 'on_the_way' | 'there' | 'done', etaMinutes: number | null = null) =>
      at.room.outward.agencyStatus(id, { state, etaMinutes, ref: 'R-1', unit: 'Mobile 7', at: null })
    expect(say('accepted', 6)).toBe('applied')
    expect(say('accepted', 6)).toBe('unchanged')
    expect(at.incident().helpOnTheWayAt).not.toBeNull()
    expect(say('there')).toBe('applied')
    expect(say('on_the_way')).toBe('unchanged')
    expect(say('done')).toBe('applied')
    expect(at.incident()).toMatchObject({ state: 'help_asked', legs: [{ state: 'done' }] })
    expect(
      at.room.outward.agencyStatus('NCR.none', { state: 'done', etaMinutes: null, ref: null, unit: null, at: null }),
    ).toBe('unknown')
    expect(at.room.outward.desk(at.id, ana)?.handOffs[0]).toMatchObject({ ref: 'R-1' })
  })

  test('is refused for an agency that people call, and where the tower signs nothing', () => {
    const at = desk()
    expect(at.room.outward.handOff(at.id, told({ byMachine: true }), ana)).toMatchObject({
      refusal: { reason: 'no_machine' },
    })
    const off = desk({ kind: 'crash' }, false)
    expect(off.room.outward.handOff(off.id, byMachine, ana)).toMatchObject({ refusal: { reason: 'machine_off' } })
  })
})

describe('nothing dials an agency', () => {
  test('whatever is done to an incident, no page to an agency has another way than its machine', () => {
    const at = desk()
    at.room.outward.handOff(at.id, told(), ana)
    at.room.outward.handOff(at.id, byMachine, ana)
    at.pass(10 * MIN)
    at.room.heard([report(at.clock.now, { lat: 14.5995, lng: 120.9842 })])
    at.room.act(at.id, { type: 'priority', priority: 'P2' }, ana)
    at.room.outward.handOff(at.id, { ...byMachine, number: '911' }, ana)
    at.pass(10 * MIN)
    at.room.act(at.id, { type: 'safe', confirmedBy: 'hospital' }, ana)
    const ways = at
      .pages()
      .filter(({ reason }) => reason === 'agency')
      .flatMap(({ ladder }) => ladder.flat())
    expect(ways.length).toBeGreaterThan(3)
    expect(new Set(ways.map(({ channel }) => channel))).toEqual(new Set(['webhook']))
  })

  test('a page that somebody makes with 911 in it loses that way, whatever it is for and however it is written', () => {
    const emergency = ['911', '+63911', '0063 911', '9-1-1', '117', '143', '136', '166', '161']
    for (const to of emergency) expect(isNeverDialled(to)).toBe(true)
    for (const to of ['+639170000001', '09170000001', '0286540000', '+63280000000', '0324150000'])
      expect(isNeverDialled(to)).toBe(false)
    for (const reason of PAGE_REASONS) {
      for (const channel of CHANNELS) {
        const page = { reason, ladder: [emergency.map((to) => ({ channel, to }))] } as Pick<Page, 'reason' | 'ladder'>
        const left = dialable(page).flat()
        expect(left.filter((way) => way.channel === 'voice' || way.channel === 'sms')).toEqual([])
        if (reason === 'agency') expect(left.every((way) => way.channel === 'webhook')).toBe(true)
      }
    }
  })

  test('the room’s own outbox lets none through', () => {
    const at = desk()
    at.room.outward.handOff(at.id, byMachine, ana)
    const [page] = at.pages()
    const rings = { ...(page as Page), id: 'other', ladder: [[{ channel: 'voice' as const, to: '911' }]] }
    expect(at.room.pages.send(rings)).toBe('refused')
    expect(at.room.pages.send({ ...rings, reason: 'escalation' })).toBe('refused')
    expect(at.pages().some(({ id }) => id === 'other')).toBe(false)
  })
})

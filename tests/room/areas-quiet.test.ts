// A phone at whose side an incident is open that must stay silent is never reached by a broadcast: whatever its policy, whenever
// it turned so, and whoever sits beside it.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Incident } from '../../src/domain/incident'
import { mayReachPresser } from '../../src/domain/phone-view'
import { KINDS } from '../../src/domain/press'
import { aPress } from '../support/made-up'
import { ana, areaDesk, boss, drivers } from './areas-support'

type Desk = ReturnType<typeof desk>

const open = (at: Desk, id: string, changes: Partial<Incident>) => {
  const press = aPress({ deviceId: id, kind: 'crash' })
  at.press([press], changes)
  return press.sosId
}

/** A room whose incidents can be given any policy, as acts and PINs would. */
function desk(options: Parameters<typeof areaDesk>[0] = {}) {
  const at = areaDesk(options)
  return Object.assign(at, {
    press(presses: ReturnType<typeof aPress>[], changes: Partial<Incident>) {
      at.room.receive({ ...EMPTY, presses })
      for (const { sosId } of presses) {
        const before = at.room.incidents.find(sosId)
        if (before) change(at, before, changes)
      }
    },
  })
}

const EMPTY = { intake: 'NCR:0', presses: [], cancels: [], unverified: null, canary: null, directoryVersion: 0 }

function change(at: ReturnType<typeof areaDesk>, before: Incident, changes: Partial<Incident>): void {
  const { contactPolicy } = changes
  if (changes.duress)
    at.room.receive({
      ...EMPTY,
      cancels: [{ sosId: before.id, deviceId: before.deviceId ?? '', verdict: 'duress', at: at.clock.now, n: 1 }],
    })
  if (contactPolicy && contactPolicy !== before.contactPolicy)
    at.room.act(before.id, { type: 'contact-policy', policy: contactPolicy, reason: 'a test' }, ana)
}

/** Who could have heard anything: those who were spoken to, and whose texts may still leave. */
const reached = (at: Desk) => [
  ...at.said.map(({ deviceId }) => deviceId),
  ...at.texts().map(({ contact }) => contact.id.replace(/^drv-/, '')),
]

describe('a broadcast', () => {
  test('never reaches a phone under a quiet incident, whatever the incidents in the area are', async () => {
    const ids = ['dev-1', 'dev-2', 'dev-3', 'dev-4', 'dev-5']
    const incident = fc.record({
      at: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom(...KINDS),
      contactPolicy: fc.constantFrom('quiet' as const, 'voice_ok' as const),
      duress: fc.boolean(),
      when: fc.constantFrom('before', 'counted', 'confirmed', 'while it is said', 'told'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(incident, { maxLength: 6 }),
        fc.subarray(ids),
        fc.boolean(),
        async (incidents, lines, cancels) => {
          const at = desk({ inside: ids, lines })
          const begin = (when: string) => {
            for (const each of incidents.filter((one) => one.when === when)) {
              const press = aPress({ deviceId: ids[each.at] as string, kind: each.kind })
              at.press([press], each)
            }
          }
          const silent = () =>
            ids.filter((id) =>
              at.room.incidents.ofPerson(`driver:drv-${id}`)
                ? mayReachPresser(at.room.incidents.ofPerson(`driver:drv-${id}`) as Incident, 'area') !== 'open'
                : false,
            )
          /** Nothing more is said to those who are silent by now. */
          const hushed = (since: number) => {
            const now = silent()
            expect(at.said.slice(since).filter(({ deviceId }) => now.includes(deviceId))).toEqual([])
            expect(at.texts().filter(({ contact }) => now.includes(contact.id.replace(/^drv-/, '')))).toEqual([])
          }
          begin('before')
          const { id, counts } = await at.preview()
          expect(counts.quiet).toBe(silent().length)
          expect(counts.lifeline + counts.text + counts.none + counts.quiet).toBe(5)
          begin('counted')
          const sent = await at.desk.confirm(id, counts.devices, boss)
          if (!sent.ok) return
          begin('confirmed')
          await at.tell((what) => {
            expect(what.filter(({ deviceId }) => silent().includes(deviceId))).toEqual([])
            begin('while it is said')
          })
          const told = at.said.length
          hushed(told)
          begin('told')
          hushed(told)
          if (cancels) await at.desk.cancel(id, null, boss)
          await at.tell()
          hushed(told)
          const names = (await at.people(id)).filter(({ deviceId }) => silent().includes(deviceId))
          // Whoever was told before silence began is in the list; nobody is listed as left out.
          for (const { way, standing } of names) expect(way === null && standing !== 'unreached').toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('leaves out a second phone in the same vehicle, and the driver whose call an operator wrote down', async () => {
    const at = desk({
      inside: ['phone', 'tablet', 'other'],
      lines: ['phone', 'tablet', 'other'],
      rows: drivers('phone', 'other'),
    })
    at.room.learn([
      {
        kind: 'device',
        id: 'tablet',
        version: 99_000,
        body: {
          ...{ id: 'tablet', home: 'NCR', driverId: null, vehicleId: 'veh-phone' },
          ...{ minGeneration: 1, pinMac: null, duressPinMac: null },
        },
      },
    ])
    open(at, 'tablet', { contactPolicy: 'quiet' })
    const made = at.room.create(
      {
        ...{ reporter: 'contact', kind: 'security', note: null, plate: null, lat: null, lng: null, deviceId: null },
        ...{ region: 'NCR', safeToTalk: null, requestId: 'r-1', phone: '09170001001' },
      },
      ana,
    )
    expect(made).toMatchObject({ ok: true, incident: { contactPolicy: 'quiet' } })
    const { counts } = await at.preview()
    expect(counts).toMatchObject({ people: 2, quiet: 2, lifeline: 0 })
  })

  test('calls a waiting text back when silence begins at the side of its reader', async () => {
    const at = desk({ inside: ['dev-1'] })
    await at.send()
    expect(reached(at)).toContain('dev-1')
    open(at, 'dev-1', { contactPolicy: 'quiet' })
    expect(at.texts()).toHaveLength(0)
  })

  test('reaches those again whose incident is over', async () => {
    const at = desk({ inside: ['dev-1'], lines: ['dev-1'] })
    const id = open(at, 'dev-1', { contactPolicy: 'quiet' })
    expect((await at.preview()).counts.quiet).toBe(1)
    at.room.act(id, { type: 'take' }, ana)
    at.room.act(id, { type: 'contact-policy', policy: 'voice_ok', reason: 'spoke to them' }, ana)
    at.room.act(id, { type: 'false-alarm', reason: 'accidental' }, ana)
    expect((await at.preview()).counts.quiet).toBe(0)
  })
})

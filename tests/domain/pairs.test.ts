import { describe, expect, test } from 'bun:test'
import type { Incident } from '../../src/domain/incident'
import { link, merge, type Pair, splitPress, unlink, unmerge } from '../../src/domain/pairs'
import { mergePress } from '../../src/domain/presses'
import { anIncident, aPress, NOON } from '../support/made-up'

const both = (pair: Pair): [Incident, Incident] => {
  if (!pair.ok) throw new Error(pair.refusal.message)
  return [pair.one, pair.other]
}
const reason = (pair: Pair): string => (pair.ok ? 'accepted' : pair.refusal.reason)

describe("another person's SOS", () => {
  test('is linked both ways, and never merged', () => {
    const one = anIncident()
    const other = anIncident({ person: 'driver:other', code: 'NCR-2' })
    expect(reason(merge(one, other, NOON))).toBe('another_person')
    const [a, b] = both(link(one, other, NOON))
    expect([a.links, b.links]).toEqual([[other.id], [one.id]])
    const [c, d] = both(unlink(a, b, NOON))
    expect([c.links, d.links]).toEqual([[], []])
  })
})

describe('a merge', () => {
  test('takes over what is graver, and sounds', () => {
    const grave = anIncident({ priority: 'P1', contactPolicy: 'quiet', duress: true, flags: ['duress'] })
    const mild = anIncident({
      priority: 'P3',
      contactPolicy: 'voice_ok',
      state: 'taken',
      owner: { uid: 'ana', name: 'A', initials: 'A', alias: 'D', at: NOON },
    })
    const [duplicate, target] = both(merge(grave, mild, NOON))
    expect(duplicate).toMatchObject({ state: 'duplicate', mergedInto: mild.id, ring: { to: 'none' } })
    expect(target).toMatchObject({
      priority: 'P1',
      contactPolicy: 'quiet',
      duress: true,
      pressCount: 2,
      ring: { to: 'all' },
    })
  })

  test('into an ended incident would hide it, and is refused', () => {
    for (const state of ['closed', 'cancelled', 'false_alarm'] as const)
      expect(reason(merge(anIncident(), anIncident({ state }), NOON))).toBe('would_hide')
  })

  test('can be undone: the duplicate lives and sounds again, the count goes back', () => {
    const [duplicate, target] = both(merge(anIncident(), anIncident(), NOON))
    const [alive, left] = both(unmerge(duplicate, target, NOON + 1))
    expect(alive).toMatchObject({ state: 'new', mergedInto: null, ring: { to: 'all' } })
    expect(left).toMatchObject({ pressCount: 1, merged: [] })
    expect(reason(unmerge(alive, left, NOON))).toBe('not_merged')
  })

  test('of a press by the system can be undone too: it becomes an incident of its own, linked', () => {
    const second = aPress()
    const merged = mergePress(anIncident(), { press: second, now: NOON })
    if (!merged.ok) throw new Error('refused')
    const [left, own] = both(splitPress(merged.incident, second.sosId, 'NCR-9', NOON))
    expect(left).toMatchObject({ pressCount: 1 })
    expect(own).toMatchObject({
      id: second.sosId,
      code: 'NCR-9',
      state: 'new',
      links: [left.id],
      ring: { to: 'all' },
      contactPolicy: 'quiet',
    })
    expect(reason(splitPress(merged.incident, merged.incident.id, 'x', NOON))).toBe('not_merged')
  })
})

import { describe, expect, test } from 'bun:test'
import type { Press } from '../../src/domain/press'
import { AreasDesk } from '../../src/room/areas-desk'
import { ana, desk } from './outward-support'

const nobody = { inside: async () => [], lifelines: async () => [] }

function talk(press: Partial<Press> = { kind: 'crash' }) {
  const at = desk(press)
  const phone = new AreasDesk(at.room, nobody)
  return {
    ...at,
    phone,
    /** What the driver writes: to their press, or to a message. */
    write: (text: string, to = at.id, deviceId = 'dev-1') =>
      phone.said(to, deviceId, { answer: null, text }, 'lifeline'),
  }
}

describe('what a driver writes', () => {
  test('is a line of the timeline, an unread mark, and two short tones for the owner', async () => {
    const at = talk()
    const before = at.incident().ring
    expect(await at.write('I am under the footbridge')).toBe('heard')
    expect(at.events('message').map(({ body, actor }) => [actor.kind, body?.from, body?.text])).toEqual([
      ['presser', 'driver', 'I am under the footbridge'],
    ])
    expect(at.incident()).toMatchObject({
      flags: ['driver_wrote'],
      ring: { n: before.n + 1, to: 'owner', reason: 'message' },
    })
    // In a row they ring once.
    at.clock.now += 2_000
    await at.write('near the pharmacy')
    expect(at.incident().ring.n).toBe(before.n + 1)
    expect(at.events('message')).toHaveLength(2)
  })

  test('is read when its owner opens the file, and not when others do', async () => {
    const at = talk()
    await at.write('hello')
    at.room.file(at.id, { ...ana, uid: 'ben' })
    expect(at.incident().flags).toContain('driver_wrote')
    at.room.file(at.id, ana)
    expect(at.incident().flags).not.toContain('driver_wrote')
    const lines = at.events('message').length
    at.room.file(at.id, ana)
    expect(at.events('message')).toHaveLength(lines)
  })

  test('answers a message of the desk by its id, also with one of its words', async () => {
    const at = talk()
    at.room.outward.message(at.id, 'Are you near the gate?', ana)
    const [page] = at.pages()
    expect(await at.write('yes', page?.id)).toBe('heard')
    expect(await at.phone.said(page?.id ?? '', 'dev-1', { answer: 'ok', text: null }, 'lifeline')).toBe('heard')
    expect(await at.phone.messages(at.id, 'dev-1')).toMatchObject([
      { from: 'tower', text: 'Are you near the gate?', id: page?.id },
      { from: 'driver', text: 'yes' },
      { from: 'driver', text: 'ok' },
    ])
  })

  test('of another device reaches nobody', async () => {
    const at = talk()
    expect(await at.write('hello', at.id, 'dev-2')).toBe('unknown')
    expect(await at.write('hello', 'nothing')).toBe('unknown')
    expect(await at.phone.messages(at.id, 'dev-2')).toBeNull()
    expect(at.events('message')).toHaveLength(0)
  })

  test('is kept when it is over, and the phone is told to press again', async () => {
    const at = talk()
    at.room.act(at.id, { type: 'false-alarm', reason: 'accidental' }, ana)
    expect(await at.write('still here')).toBe('over')
    expect(at.events('message')).toHaveLength(1)
  })
})

describe('where silence is kept', () => {
  test('the phone reads nothing, whatever was written, and cannot tell that it is over', async () => {
    const at = talk({ kind: 'panic' })
    expect(await at.write('he has a knife')).toBe('heard')
    expect(at.events('message')).toHaveLength(1)
    expect(await at.phone.messages(at.id, 'dev-1')).toEqual([])
    expect(at.room.outward.message(at.id, 'hello', ana)).toMatchObject({ ok: false, refusal: { reason: 'quiet' } })
  })

  test('what was written before it turned quiet or under duress is not read any more', async () => {
    for (const hush of ['policy', 'duress'] as const) {
      const at = talk()
      at.room.outward.message(at.id, 'Help is near', ana)
      expect(await at.phone.messages(at.id, 'dev-1')).toHaveLength(1)
      if (hush === 'policy')
        at.room.act(at.id, { type: 'contact-policy', policy: 'quiet', reason: 'heard a voice' }, ana)
      else at.send([], { cancels: [{ sosId: at.id, deviceId: 'dev-1', verdict: 'duress', at: at.clock.now, n: 1 }] })
      expect(await at.phone.messages(at.id, 'dev-1')).toEqual([])
    }
  })
})

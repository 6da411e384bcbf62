import { describe, expect, test } from 'bun:test'
import type { Press } from '../../src/domain/press'
import { aPress } from '../support/made-up'
import { ana, areaDesk } from './areas-support'

type Desk = ReturnType<typeof areaDesk>

const pageTo = (at: Desk, deviceId: string): string => {
  const page = at.said.find((each) => each.deviceId === deviceId)?.page.id
  if (!page) throw new Error('was not told')
  return page
}
const cry = (at: Desk, deviceId: string, changes: Partial<Press> = {}) => {
  const press = aPress({
    deviceId,
    door: 'lifeline',
    position: null,
    labels: ['no_fix'],
    answers: pageTo(at, deviceId),
    ...changes,
  })
  at.room.receive({
    intake: 'NCR:0',
    presses: [press],
    cancels: [],
    unverified: null,
    canary: null,
    directoryVersion: 0,
  })
  return press.sosId
}

describe('the roll-call', () => {
  test('counts who is safe, and lists those who need help first', async () => {
    const at = areaDesk({ lines: ['dev-1', 'dev-2', 'dev-3'] })
    const { id } = await at.send()
    expect(await at.desk.said(pageTo(at, 'dev-1'), 'dev-1', { answer: 'safe', text: null }, 'lifeline')).toBe('heard')
    expect(await at.desk.said(pageTo(at, 'dev-1'), 'dev-1', { answer: '1', text: null }, 'lifeline')).toBe('heard')
    cry(at, 'dev-2')
    const area = await at.shown(id)
    expect(area.roll).toEqual({ safe: 1, need_help: 1, silent: 1, waiting: 0, unreached: 0, quiet: 0 })
    expect((await at.people(id)).map(({ name, standing, plate }) => [name, standing, plate])).toEqual([
      ['Driver dev-2', 'need_help', 'NAB 1234'],
      ['Driver dev-3', 'silent', 'NAB 1234'],
      ['Driver dev-1', 'safe', 'NAB 1234'],
    ])
    const answers = at.events('area').filter(({ body }) => body?.what === 'answered')
    expect(answers).toHaveLength(2)
  })

  test('is closed to other devices, and to words that say nothing', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    await at.send()
    const page = pageTo(at, 'dev-1')
    expect(await at.desk.said(page, 'dev-2', { answer: 'safe', text: null }, 'lifeline')).toBe('unknown')
    expect(await at.desk.said(page, 'dev-1', { answer: 'perhaps', text: null }, 'lifeline')).toBe('unknown')
    expect(await at.desk.said(page, 'dev-1', { answer: '2', text: null }, 'lifeline')).toBe('press')
  })

  test('hears late answers, also when it is over', async () => {
    const at = areaDesk({ lines: ['dev-1', 'dev-2'] })
    const { id } = await at.send({ until: at.clock.now + 5 * 60_000 })
    const [one, two] = [pageTo(at, 'dev-1'), pageTo(at, 'dev-2')]
    at.pass(3_600_000)
    expect(await at.desk.said(one, 'dev-1', { answer: 'safe', text: null }, 'http')).toBe('heard')
    cry(at, 'dev-2', { answers: two, receivedAt: at.clock.now })
    expect(await at.shown(id)).toMatchObject({ state: 'expired', roll: { safe: 1, need_help: 1 } })
  })

  test('a text’s answers count, too', async () => {
    const at = areaDesk({ inside: ['dev-1', 'dev-2'] })
    const { id } = await at.send()
    const [one, two] = at.texts()
    at.room.reports.take([
      answered(one?.id ?? '', 'safe', 1, at.clock.now),
      answered(two?.id ?? '', 'need_help', 2, at.clock.now),
    ])
    expect((await at.shown(id)).roll).toMatchObject({ safe: 1, need_help: 1 })
    const [incident] = at.room.incidents.queue(10)
    expect(incident).toMatchObject({
      door: 'text',
      kind: 'flood',
      contactPolicy: 'voice_ok',
      driver: { id: 'drv-dev-2' },
    })
  })

  test('whoever no text reaches is shown as unreached', async () => {
    const at = areaDesk({ inside: ['dev-1'] })
    const { id } = await at.send()
    const page = at.texts()[0]?.id ?? ''
    at.room.reports.take([{ ...answered(page, 'safe', 1, at.clock.now), what: 'exhausted', answer: null }])
    expect((await at.shown(id)).roll).toMatchObject({ unreached: 1, silent: 0 })
  })
})

describe('“need help”', () => {
  test('is an incident of that driver, of the broadcast’s kind, where they were counted, in one situation with the others', async () => {
    const at = areaDesk({ lines: ['dev-1', 'dev-2'] })
    const area = await at.send()
    const [one, two] = [cry(at, 'dev-1'), cry(at, 'dev-2')]
    expect(at.room.incidents.find(one)).toMatchObject({
      kind: 'flood',
      contactPolicy: 'voice_ok',
      policyReason: 'presser:safe_to_talk',
      note: 'A-1 Espana Blvd, Manila',
      position: { lat: 14.61, lng: 120.99 },
      flags: [],
      driver: { id: 'drv-dev-1' },
    })
    expect((await at.people(area.id)).find(({ deviceId }) => deviceId === 'dev-1')?.incidentId).toBe(one)
    const situations = at.room.stormSeen().situations
    expect(situations).toMatchObject([{ name: 'A-1 Espana Blvd, Manila', kind: 'flood', counts: { people: 2 } }])
    const file = at.room.situations.file(situations[0]?.id ?? '')
    expect(file.ok && file.members.map(({ incident }) => incident.id).sort()).toEqual([one, two].sort())
  })

  test('keeps silence where the danger may be a person', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    await at.send({ kind: 'security' })
    expect(at.room.incidents.find(cry(at, 'dev-1'))).toMatchObject({ kind: 'security', contactPolicy: 'quiet' })
  })

  test('of somebody with an open silent incident rings for it, and ends no silence', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    await at.send()
    const first = aPress({ deviceId: 'dev-1', kind: 'panic', receivedAt: at.clock.now })
    at.room.receive({
      intake: 'NCR:0',
      presses: [first],
      cancels: [],
      unverified: null,
      canary: null,
      directoryVersion: 0,
    })
    at.room.act(first.sosId, { type: 'take' }, ana)
    cry(at, 'dev-1')
    expect(at.room.incidents.find(first.sosId)).toMatchObject({
      contactPolicy: 'quiet',
      pressCount: 2,
      ring: { to: 'owner', reason: 're_press' },
    })
  })

  test('said twice is one press; “safe” after it leaves the incident to people', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    const { id } = await at.send()
    const sosId = cry(at, 'dev-1')
    cry(at, 'dev-1', { sosId })
    expect(at.room.incidents.find(sosId)?.pressCount).toBe(1)
    await at.desk.said(pageTo(at, 'dev-1'), 'dev-1', { answer: 'safe', text: null }, 'lifeline')
    expect((await at.shown(id)).roll).toMatchObject({ need_help: 1, safe: 0 })
    expect(at.room.incidents.find(sosId)?.state).toBe('new')
    expect(
      at.room.log
        .ofIncident(sosId)
        .filter(({ type }) => type === 'area')
        .map(({ body }) => body?.answer),
    ).toEqual(['need_help', 'safe'])
  })

  test('to a message that nobody knows is a press as it came', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    await at.send()
    const sosId = cry(at, 'dev-1', { answers: 'nothing of ours' })
    expect(at.room.incidents.find(sosId)).toMatchObject({ kind: 'panic', contactPolicy: 'quiet' })
  })

  test('takes the fresh place that the phone says over the one where it was counted', async () => {
    const at = areaDesk({ lines: ['dev-1'] })
    await at.send()
    const position = { ...aPress().position, lat: 14.7 } as NonNullable<Press['position']>
    expect(at.room.incidents.find(cry(at, 'dev-1', { position }))?.position?.lat).toBe(14.7)
  })
})

function answered(pageId: string, answer: 'safe' | 'need_help', n: number, at: number) {
  return { n, pageId, incidentId: null, at, attempt: null, what: 'answered' as const, answer }
}

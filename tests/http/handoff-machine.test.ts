// A hand-off from machine to machine, whole: the room decides, the channel of webhooks sends it, an agency's centre reads it and
// answers, and the answer moves our leg.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { webhook } from '../../src/courier/channels/webhook'
import { renderPage } from '../../src/courier/words'
import type { Page } from '../../src/domain/page'
import { agencySecret } from '../../src/http/agency-secret'
import { createApp } from '../../src/http/app'
import { MACHINE } from '../room/outward-support'
import { startAgency } from '../simulators/agency'
import { WEBHOOK_SECRET } from '../simulators/webhook-receiver'
import { aPress, crew, inManila } from '../support/made-up'
import { tower } from './api-support'

const app = createApp()
const HOME = 'http://127.0.0.1:8787'
let agency: Awaited<ReturnType<typeof startAgency>>
let at: ReturnType<typeof tower>

const words = { render: renderPage }
const channel = webhook({ PUBLIC_URL: HOME, WEBHOOK_SECRET }, words, { lifeline: async () => false, now: Date.now })

beforeAll(async () => {
  agency = await startAgency((url, init) => app.request(url.replace(HOME, ''), init, at.env) as Promise<Response>)
})
afterAll(() => agency.close())

function handedOff(kind: 'crash' | 'panic') {
  at = tower({
    settings: { WEBHOOK_SECRET, PUBLIC_URL: HOME },
    ports: {
      callbackOf: (id) => ({
        url: `${HOME}/hooks/agency/${id}`,
        secret: agencySecret(WEBHOOK_SECRET, id),
        sender: 'tower@tower.example',
      }),
    },
  })
  const home = at.roomOf('NCR')
  const body = { ...MACHINE, machine: { url: agency.url, kind: 'handoff_v1' as const } }
  home.room.learn([...crew('dev-1', 1), { kind: 'agency', id: MACHINE.id, version: 20, body }])
  const press = aPress({ kind })
  home.send([press])
  const sent = new Set<string>()
  /** What waits in the room goes out, as the courier would send it. Gives what came of each. */
  const deliver = async (): Promise<string[]> => {
    const pages = home.storage.sql
      .exec<{ body: string }>("SELECT body FROM page_out WHERE reason = 'agency' AND state = 'waiting' ORDER BY rowid")
      .toArray()
      .map((row) => JSON.parse(row.body) as Page)
      .filter(({ id }) => !sent.has(id))
    const outcomes: string[] = []
    for (const page of pages) {
      const to = page.ladder[0]?.[0]?.to ?? ''
      const outgoing = { attemptId: `NCR.0.${page.id}`, page, channel: 'webhook' as const, to, with: [] }
      const came = await channel?.send(outgoing, AbortSignal.timeout(2_000))
      outcomes.push(came?.is ?? 'off')
      if (came?.is === 'delivered') sent.add(page.id)
    }
    return outcomes
  }
  const path = `/api/incidents/${press.sosId}`
  const incident = async () => (await at.ana.get(path)).body.incident
  return { ...home, path, deliver, incident, id: press.sosId }
}

describe('an agency with a machine', () => {
  test('gets all, follows the vehicle, says what its unit does, and is called off', async () => {
    const desk = handedOff('panic')
    expect((await at.ana.post(`${desk.path}/handoff`, { agencyId: MACHINE.id, byMachine: true })).status).toBe(200)
    expect(await desk.deliver()).toEqual(['delivered'])
    const known = [...agency.cases.values()].at(-1)
    if (!known) throw new Error('nothing came')
    expect(known).toMatchObject({ plate: 'NAB 1234', doNotCall: true, way: [{ lat: inManila.lat }] })

    desk.clock.now += 1_000
    const position = { ...inManila, lat: inManila.lat + 0.002, fixedAt: desk.clock.now }
    const rest = { home: 'NCR' as const, protocol: 'own' as const, event: null, charging: null, ignition: null }
    desk.room.heard([{ deviceId: 'dev-1', receivedAt: desk.clock.now, position, ...rest }])
    desk.pass(10_000)
    expect(await desk.deliver()).toEqual(['delivered'])
    expect(known.way.at(-1)?.lat).toBe(position.lat)

    expect((await agency.say(known.id, 'accepted', { etaMinutes: 6 })).status).toBe(200)
    expect((await desk.incident()).legs).toMatchObject([{ state: 'accepted', etaMinutes: 6 }])
    expect((await agency.say(known.id, 'there')).status).toBe(200)
    expect((await agency.say(known.id, 'done', { forged: true })).status).toBe(403)
    expect((await desk.incident()).state).toBe('help_asked')

    await at.ana.post(`${desk.path}/safe`, { confirmedBy: 'police_there' })
    expect(await desk.deliver()).toEqual(['delivered'])
    expect(known.over).toBe('Confirmed safe.')
    expect(known.caps).toHaveLength(2)
    // It has the last word on its unit all the same, and our incident stays as people left it.
    expect((await agency.say(known.id, 'done')).status).toBe(200)
    expect((await desk.incident()).state).toBe('safe')
    expect(agency.faults).toEqual([])
  })

  test('that fails, hangs up and answers again has it once', async () => {
    const desk = handedOff('crash')
    agency.plans.next({ does: 'fail', status: 503 }, { does: 'reset' })
    await at.ana.post(`${desk.path}/handoff`, { agencyId: MACHINE.id, byMachine: true })
    const before = agency.received.length
    expect(await desk.deliver()).toEqual(['failed'])
    expect(['failed', 'unknown']).toContain((await desk.deliver())[0] ?? '')
    expect(await desk.deliver()).toEqual(['delivered'])
    expect(agency.received.length).toBe(before + 1)
    expect(agency.faults).toEqual([])
  })
})

// H2 and H3: a site that loses all of its screens at once, and a quiet incident while everything around it fails: its presser's side
// hears nothing, whichever part is broken.

import { afterAll, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { whileDead } from '../support/objects-on-disk'
import { WaysOut } from '../support/ways-out'
import { blank, see } from '../system/outward'
import { type Device, enrol, Lifeline, Person, press, Screen, until } from '../system/people'
import { ofPostgres } from './archive'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, wholeLog } from './phones'

let ways: WaysOut
let proxy: FaultProxy
let people: Person[]

beforeCampaign(async () => {
  ways = await WaysOut.start({ settings: { FAULTS: 'on', TOWER_PHONES: 'NCR:0286540000' } })
  proxy = await startFaultProxy({ port: Number(new URL(ways.tower.url).port) })
  people = await Promise.all([
    Person.logIn(ways.tower, { role: 'operator', nth: 0 }),
    Person.logIn(ways.tower, { role: 'operator', nth: 1 }),
    Person.logIn(ways.tower, { role: 'supervisor' }),
  ])
}, 120_000)
afterAll(async () => {
  await ways?.stop()
  await proxy?.stop()
}, 30_000)

/** The same person, whose machine reaches the tower by the wire of their site. */
const atSite = (person: Person): Person =>
  Object.assign(Object.create(Object.getPrototypeOf(person)) as Person, person, {
    tower: { ...person.tower, url: proxy.through(person.tower.url).replace(/\/$/, '') },
  })

campaign(
  'H2 all screens of a site are lost at once: who leads is called with what is open, and called off when they are back',
  async () => {
    const lead = await ways.lead('NCR', [['voice', 'sms']])
    const [ana] = people as [Person]
    const screens = await Promise.all(people.map((person) => Screen.open(atSite(person))))
    const device = (await enrol(ways.tower, 1))[0] as Device
    const { sosId } = (await press(ways.tower, device, { id: crypto.randomUUID(), kind: 'panic' })).body
    await until(async () => (await ana.act(sosId, 'take')).status === 200)
    await ana.act(sosId, 'note', { text: 'on it' })
    const card = await ways.dutyCard('NCR')
    const told = () =>
      ways.twilio.requests.filter(({ to, kind }) => kind !== 'poll' && (card.includes(to) || to === lead.phone))
    const before = told().length

    proxy.set('reset')
    const gone = Date.now()
    await until(() => screens.every(({ closed }) => closed !== null), 5_000, 'the sockets')
    const first = await until(() => told()[before], 60_000, 'a call to whoever leads')
    const rangMs = first.at - gone
    await until(async () => (await ana.incident(sosId)).state === 'new', 10_000, 'their P1 back in the queue')
    const log = (await ways.events('NCR', sosId)).map(({ type }) => type)
    expect(log).toContain('released')
    expect(rangMs).toBeLessThan(40_000)
    // One page for the site beside those of the incident.
    const down = await until(
      async () => {
        await Bun.sleep(500)
        return (await wholeLog(ways.tower)).find(({ type, at }) => type === 'tower_down' && at >= gone)
      },
      45_000,
      'the site that is down, in the log',
    )
    expect(down.body?.people).toHaveLength(people.length)

    proxy.set('pass')
    const back = Date.now()
    const again = await Promise.all(people.map((person) => Screen.open(atSite(person))))
    await until(() => again.every(({ cards }) => cards.has(sosId)), 10_000, 'the queue on the screens')
    const shownMs = Date.now() - back
    await until(async () => (await ana.act(sosId, 'take')).status === 200)
    await ana.act(sosId, 'note', { text: 'on it again' })
    const { lost, doubled } = await accountFor(ways.tower, [{ sosId }])
    expect([lost, doubled]).toEqual([0, 0])
    for (const screen of again) screen.close()
    tell({
      fault: 'H2',
      did: `all ${people.length} screens of a site reset at once while a P1 was held there`,
      ...{ answered: 1, lost, doubled, convergedMs: shownMs },
      seen: `whoever leads was called ${Math.round(rangMs / 100) / 10} s after the loss, and told that the site is down after ${Math.round((down.at - gone) / 1_000)} s; the P1 was back in the queue; screens had it ${shownMs} ms after they were back`,
    })
  },
  180_000,
)

const RECEIVED = '{"state":"received","receivedAt":"<a time>"}'

campaign(
  'H3 a quiet incident while providers, room, process and Postgres fail in turn: nothing reaches its presser',
  async () => {
    const { tower } = ways
    const [quiet, untouched, open] = (await enrol(tower, 3)) as [Device, Device, Device]
    const phones = { quiet: '+639005557771', open: '+639005557772' }
    await ofPostgres(tower, async (sql) => {
      await sql`UPDATE driver SET phone = ${phones.quiet} WHERE id = ${`drv-${quiet.id}`}`
      await sql`UPDATE driver SET phone = ${phones.open} WHERE id = ${`drv-${open.id}`}`
    })
    const lead = await ways.lead('NCR', [
      ['voice', 'sms'],
      ['email', 'webhook'],
    ])
    const [ana, , susana] = people as [Person, Person, Person]
    const lines = { quiet: await Lifeline.open(tower, quiet), open: await Lifeline.open(tower, open) }
    const a = (await press(tower, quiet, { id: crypto.randomUUID(), kind: 'panic' })).body
    const u = (await press(tower, untouched, { id: crypto.randomUUID(), kind: 'panic' })).body
    const b = (await press(tower, open, { id: crypto.randomUUID(), kind: 'crash' })).body
    await until(async () => (await ana.get(`/api/incidents/${b.sosId}`)).status === 200)
    for (const { sosId } of [a, b]) expect((await ana.act(sosId, 'take')).status).toBe(200)

    const acts: [name: string, status: number][] = []
    let answered = 3
    /** All that could reach the presser's side, tried again: refusals stay refusals. */
    const tryAll = async (during: string) => {
      const does = async (name: string, answer: Promise<{ status: number }>) =>
        void acts.push([`${during}: ${name}`, (await answer.catch(() => ({ status: 0 }))).status])
      await does('message', ana.act(a.sosId, 'message', { text: 'Police are two minutes away.' }))
      const share = { recipient: 'Somebody', granted: ['position'], minutes: 30 }
      await does('share', ana.act(a.sosId, 'shares', { ...share, kind: 'agency', phone: phones.quiet }))
      await does('kin', ana.act(a.sosId, 'kin', { contactIds: ['wife'], stage: 'pressed' }))
      await does('note', ana.act(a.sosId, 'note', { text: `during ${during}` }))
      await does('leg', ana.act(a.sosId, 'legs', { kind: 'police', name: 'PS-7', state: 'on_the_way' }))
      // Its own app presses again: the same answer as ever.
      const { status } = await press(tower, quiet, { id: crypto.randomUUID(), kind: 'panic' })
      expect([during, status]).toEqual([during, 201])
      answered++
    }
    await tryAll('nothing')
    for (const plan of [{ does: 'fail', status: 500 }, { does: 'hang' }, { does: 'reset' }] as const) {
      ways.twilio.messages.always(plan)
      ways.twilio.calls.always(plan)
      ways.sim.plans.always(plan)
      await tryAll(`providers ${plan.does}`)
    }
    ways.sim.plans.always({ does: 'accept' })
    ways.twilio.messages.always({ does: 'accept' })
    ways.twilio.calls.always({ does: 'accept' })
    await tower.postgres?.stop()
    await tryAll('Postgres stopped')
    await tower.postgres?.start()
    const fault = (what: 'dead' | 'alive') => fetch(`${tower.internalUrl}/faults/rooms/NCR/${what}`, { method: 'POST' })
    await fault('dead')
    await tryAll('the room dead')
    // Long enough for the intakes' own way past the room.
    await Bun.sleep(7_000)
    await fault('alive')
    await until(async () => (await ana.get(`/api/incidents/${a.sosId}`)).status === 200, 20_000, 'the room')
    await whileDead(tower, () => {})
    await tryAll('after kill -9')
    await until(
      async () => (await ana.act(b.sosId, 'message', { text: 'We are on our way.' })).status === 200,
      10_000,
      'a message to the talking one',
    )
    await until(
      () => ways.asked(phones.open).length > 0 || lines.open.heard.length > 0,
      15_000,
      'something at the talking one',
    )
    expect((await susana.act(a.sosId, 'safe', { confirmedBy: 'police_there' })).status).toBe(200)
    await Bun.sleep(3_000)

    // By every record of every provider, and by what its phone can read.
    expect(ways.asked(phones.quiet)).toEqual([])
    const everything = JSON.stringify([
      ways.twilio.requests.map(({ fields }) => [...fields]),
      ways.sim.texts,
      ways.sendgrid.mails,
      ways.receiver.received,
    ])
    expect(everything).not.toContain(phones.quiet.slice(-9))
    expect(lines.quiet.heard).toEqual([])
    const [mine, theirs] = await Promise.all([see(a.statusUrl), see(u.statusUrl)])
    expect(mine.body).toBe(RECEIVED)
    expect(mine).toEqual(theirs)
    const again = await Lifeline.open(tower, quiet)
    expect(blank(JSON.stringify(await again.ask({ status: a.sosId })))).toBe(
      blank(JSON.stringify({ t: 'status', sosId: a.sosId, state: 'received', receivedAt: new Date(0).toISOString() })),
    )
    again.socket.close()
    const wrong = acts.filter(([name, status]) => /message|share|kin/.test(name) && status >= 200 && status < 300)
    expect(wrong).toEqual([])
    expect(ways.asked(lead.phone).length).toBeGreaterThan(0)
    const { lost, doubled } = await accountFor(tower, [a, u, b])
    expect([lost, doubled]).toEqual([0, 0])
    tell({
      fault: 'H3',
      did: 'providers fail, hang and reset, Postgres stops, the room dies, workerd is killed',
      ...{ answered, lost, doubled },
      seen:
        `${acts.length} acts on a quiet incident: to its phone 0, to its lifeline ${lines.quiet.heard.length}, its status the same bytes as of one that ` +
        `nobody touched; its people were told (${ways.asked(lead.phone).length} calls and texts), the talking one heard`,
    })
  },
  240_000,
)

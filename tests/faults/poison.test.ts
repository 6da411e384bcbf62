// R43: a page that can never be made into words. It is put before a person and stops nobody else, and a person sends it again.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Page } from '../../src/domain/page'
import { courierOfIncident, roomOfIncident, whileDead } from '../support/objects-on-disk'
import { figure, WaysOut } from '../support/ways-out'
import { Person, until } from '../system/people'

let ways: WaysOut
beforeAll(async () => {
  ways = await WaysOut.start()
}, 120_000)
afterAll(() => ways?.stop(), 30_000)

type Parked = { attempts: { id: string; pageId: string; state: string; error: string | null }[] }
const GOOD = 40

test('R43 a poisoned page is parked and seen, its next way and all others go on, and a person sends it again', async () => {
  const lead = await ways.lead('NCR', [['sms']])
  const { id } = await ways.press('NCR')
  await until(async () => (await ways.story('NCR', id)).includes('sms twilio delivered'))
  const number = (n: number) => `+63900888${String(n).padStart(4, '0')}`
  // Nobody can make such a page from outside: it is written where the room keeps those that wait, as a bug of ours would.
  const { deadAt } = await whileDead(ways.tower, (open) => {
    const room = open('SosRoom', roomOfIncident(id))
    const row = room.query<{ body: string }, [string]>('SELECT body FROM page_out WHERE incident = ?').get(id)
    const model = JSON.parse(row?.body ?? '{}') as Page
    const add = (page: Page) =>
      room.run(
        `INSERT INTO page_out (id, incident, reason, step, contact, name, shard, rank, presser, state, leaving, decided_at, until_at, body)
         VALUES (?, ?, 'escalation', ?, ?, ?, 0, 1, 0, 'waiting', 1, ?, ?, ?)`,
        [
          page.id,
          page.incidentId,
          page.step,
          page.contact.id,
          page.contact.name,
          page.decidedAt,
          page.until,
          JSON.stringify(page),
        ],
      )
    const own = (n: number, more: Partial<Page> = {}): Page => ({
      ...model,
      id: `page-${n}`,
      step: `step-${n}`,
      contact: { id: `contact-${n}`, name: `Contact ${n}`, lang: 'en' },
      ladder: [[{ channel: 'sms', to: number(n) }]],
      ...more,
    })
    // First in the queue, and gravest.
    add(
      own(0, {
        facts: null as unknown as Page['facts'],
        ladder: [[{ channel: 'sms', to: number(0) }], [{ channel: 'voice', to: number(0) }]],
      }),
    )
    for (let n = 1; n <= GOOD; n++) add(own(n))
  })
  await until(
    () => Array.from({ length: GOOD }, (_, n) => ways.asked(number(n + 1)).length).every((n) => n > 0),
    20_000,
    'all others',
  )
  const others = Array.from({ length: GOOD }, (_, n) => ways.asked(number(n + 1)))
  const othersMs = Math.max(...others.map(([first]) => first?.at ?? Number.NaN)) - deadAt
  await until(() => ways.asked(number(0)).length > 0, 5_000, 'its next way')
  expect(ways.asked(number(0)).map(({ by }) => by)).toEqual(['twilio call'])
  const nextMs = (ways.asked(number(0))[0]?.at ?? Number.NaN) - deadAt

  const susana = await Person.logIn(ways.tower, { role: 'supervisor' })
  const parked = await until(
    async () => {
      const { body } = await susana.get<Parked>('/api/regions/NCR/parked')
      return body.attempts?.find(({ pageId }) => pageId === 'page-0')
    },
    20_000,
    'the parked one before a person',
  )
  const parkedMs = Date.now() - deadAt
  expect((await ways.courier('NCR')).parked).toBe(1)
  const seen = await until(async () =>
    (await ways.events('NCR', id)).find(({ type, body }) => type === 'paged' && body?.state === 'parked'),
  )
  expect(seen.body).toMatchObject({ page: 'page-0', channel: 'sms' })
  // Every other text once, and this one never.
  expect(others.map((each) => each.length)).toEqual(others.map(() => 1))

  // Still poisoned, it comes back to the same place.
  const resend = (attempt: string) => susana.post(`/api/regions/NCR/parked/${attempt}/resend`)
  expect((await resend(parked.id)).status).toBeLessThan(300)
  expect((await resend(parked.id)).status).toBe(409)
  const again = await until(
    async () => {
      const { body } = await susana.get<Parked>('/api/regions/NCR/parked')
      return body.attempts.find(({ pageId, id: attempt }) => pageId === 'page-0' && attempt !== parked.id)
    },
    20_000,
    'the second time',
  )
  expect(ways.twilio.requests.filter(({ to, kind }) => to === number(0) && kind === 'message')).toEqual([])

  // Once what was wrong with it is mended, it arrives.
  await whileDead(ways.tower, (open) => {
    const courier = open('Courier', courierOfIncident(id))
    const good = courier.query<{ body: string }, []>("SELECT body FROM page WHERE id = 'page-1'").get()
    const facts = (JSON.parse(good?.body ?? '{}') as Page).facts
    courier.run("UPDATE page SET body = json_set(body, '$.facts', json(?)) WHERE id = 'page-0'", [
      JSON.stringify(facts),
    ])
  })
  const asked = Date.now()
  expect((await resend(again.id)).status).toBeLessThan(300)
  await until(() => ways.asked(number(0)).some(({ by }) => by === 'twilio message'), 10_000, 'the text after all')
  const sentMs = (ways.asked(number(0)).find(({ by }) => by === 'twilio message')?.at ?? Number.NaN) - asked
  await until(async () => (await ways.courier('NCR')).parked === 0)
  expect(ways.asked(lead.phone)).toHaveLength(1)
  await ways.taken('NCR', id)
  figure(
    'R43 poison',
    `1 of ${GOOD + 1} pages; others out ${othersMs} ms after a kill -9, its next way after ${nextMs} ms, before a person after ` +
      `${parkedMs} ms; sent again ${sentMs} ms after the click; lost 0, extra messages 0`,
  )
}, 120_000)

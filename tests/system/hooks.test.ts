// Providers at the doors of the real runtime: their signatures are judged there, a texted SOS becomes an incident there, and a call is
// answered by a key.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { type SendgridSimulator, startSendgrid } from '../simulators/sendgrid'
import { type SimSimulator, startSim } from '../simulators/sim-gateway'
import { pressing, startTwilio, type TwilioSimulator } from '../simulators/twilio'
import { startTestTower } from '../support/tower'
import { devicesOf, Person, until } from './people'

let tower: Tower
let twilio: TwilioSimulator
let sendgrid: SendgridSimulator
let sim: SimSimulator
beforeAll(async () => {
  ;[twilio, sendgrid, sim] = await Promise.all([startTwilio(), startSendgrid(), startSim()])
  twilio.calls.always(pressing('1', 100))
  tower = await startTestTower({ settings: { ...twilio.settings, ...sendgrid.settings, ...sim.settings } })
  sendgrid.callTo(`${tower.url}/hooks/sendgrid`)
  sim.callTo(`${tower.url}/hooks/sim`)
}, 120_000)
afterAll(async () => {
  await tower?.stop()
  await Promise.all([twilio, sendgrid, sim].map((each) => each?.stop()))
}, 30_000)

const attempt = () => `NCR.0.${crypto.randomUUID()}`

test('signatures are judged by the runtime as by their makers', async () => {
  const said = { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'delivered' }
  const url = `${tower.url}/hooks/twilio/sms/${attempt()}`
  expect((await twilio.callback(url, said)).status).toBe(200)
  expect((await twilio.callback(url, said, true)).status).toBe(403)
  const events = [{ event: 'delivered', attemptId: attempt(), sg_event_id: crypto.randomUUID(), reason: 'Peña' }]
  expect(await sendgrid.post(events)).toBe(200)
  expect(await sendgrid.post(events, { forged: true })).toBe(403)
  expect(await sim.post('system:ping', { health: {} })).toBe(200)
  expect(await sim.receive('+639175550101', 'SOS', { forged: true })).toBe(403)
})

test('a text that cries is an incident of its driver, quiet, and once however often it is told', async () => {
  const device = devicesOf(tower, 'NCR')()
  const phone = await phoneOf(device.id)
  const text = { messageId: 'one-text', receivedAt: new Date().toISOString() }
  for (let n = 0; n < 3; n++) expect(await sim.receive(phone, 'TULONG hinoholdap ako', text)).toBe(200)
  const ana = await Person.logIn(tower, { role: 'operator', nth: 0 })
  const incident = await until(async () => {
    const { body } = await ana.get<{ incidents: IncidentSummary[] }>('/api/incidents?region=NCR')
    return body.incidents.find(({ deviceId }) => deviceId === device.id)
  })
  expect(incident).toMatchObject({ door: 'text', reporter: 'driver', contactPolicy: 'quiet', pressCount: 1 })
  expect(incident?.note).toBe('TULONG hinoholdap ako')
  // Nothing goes back to that phone: its ring would be heard.
  const told = [...twilio.requests.map(({ to }) => to), ...sim.texts.map(({ to }) => to)]
  expect(told).not.toContain(phone)
})

test('nobody watches: a lead is called, and hears the plate only after the key', async () => {
  const made = await until(() => twilio.callbacks.find(({ params }) => params.get('Digits') === '1'), 15_000, 'a key')
  const pickedUp = twilio.callbacks.find(
    ({ params }) =>
      params.get('CallSid') === made.params.get('CallSid') && !params.has('Digits') && !params.has('Timestamp'),
  )
  await until(() => made.status !== 0)
  expect([pickedUp?.status, made.status]).toEqual([200, 200])
  expect(pickedUp?.answer).toContain('<Gather input="dtmf"')
  // In the language of whichever lead it was.
  expect(pickedUp?.answer).not.toMatch(/plate|driver|white|do not call|plaka|drayber|puti|huwag tawagan/i)
  expect(made.answer).toMatch(/do not call the driver|huwag tawagan ang drayber/)
  expect(made.answer).toMatch(/Plate |Plaka /)
  expect([...twilio.violations, ...sendgrid.violations, ...sim.violations]).toEqual([])
})

async function phoneOf(deviceId: string): Promise<string> {
  const sql = postgres(tower.databaseUrls.owner, { max: 1 })
  try {
    const [row] = await sql<{ phone: string }[]>`
      SELECT driver.phone FROM device JOIN driver ON driver.id = device.driver_id WHERE device.id = ${deviceId}`
    if (!row) throw new Error('the demo has no such driver')
    return row.phone
  } finally {
    await sql.end()
  }
}

// The SIM gateway, mail, webhooks and lifelines, each against a server that behaves as it is told; and which of them there are.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { channelsOf } from '../../../src/courier/channels'
import { senderOf } from '../../../src/courier/channels/sendgrid'
import { attemptIdOfGateway, gatewayIdOf, reasonOf } from '../../../src/courier/channels/sim-gateway'
import { webhookKey, webhookSignature } from '../../../src/courier/channels/webhook'
import { refusedAddress } from '../../../src/courier/channels/webhook-address'
import type { Reply } from '../../simulators/plans'
import { type SendgridSimulator, startSendgrid } from '../../simulators/sendgrid'
import { type SimSimulator, startSim } from '../../simulators/sim-gateway'
import { startReceiver, type WebhookReceiver } from '../../simulators/webhook-receiver'
import { attemptId, LEAD, page, way, words } from './support'

let sim: SimSimulator
let sendgrid: SendgridSimulator
let receiver: WebhookReceiver
beforeAll(async () => {
  ;[sim, sendgrid, receiver] = await Promise.all([startSim(), startSendgrid(), startReceiver()])
})
afterAll(() => Promise.all([sim.stop(), sendgrid.stop(), receiver.stop()]))
afterEach(() => {
  expect([...sim.violations, ...sendgrid.violations, ...receiver.violations]).toEqual([])
  sim.plans.always({ does: 'accept' })
  sendgrid.plans.always({ does: 'accept' })
  receiver.plans.always({ does: 'accept' })
})

const TROUBLE: readonly [says: string, plan: Reply, sent: unknown][] = [
  ['a fault of its own', { does: 'fail', status: 502 }, { is: 'failed', error: 'http_502' }],
  ['our key is wrong', { does: 'refuse', status: 401, code: 0 }, { is: 'failed', error: 'http_401' }],
  ['too much', { does: 'busy', retryAfterS: 3 }, { is: 'busy', error: 'http_429', retryAfterMs: 3_000 }],
  ['nothing, and the connection is gone', { does: 'reset' }, { is: 'failed', error: 'unreachable' }],
]

describe('a text by our own SIM', () => {
  const sms = () => way(sim.settings, 'sms', 'sim')

  test('goes before all others where it is a P1, asks for a report, and can be named by its attempt', async () => {
    const id = attemptId()
    const sent = await sms().send({ attemptId: id })
    const text = sim.texts.at(-1)
    expect(text).toMatchObject({ to: LEAD, text: 'NCR-47 & 0 by sms', priority: 100, ttl: 300 })
    expect(sent).toEqual({ is: 'accepted', providerId: String(text?.id) })
    expect(attemptIdOfGateway(String(text?.id))).toBe(id)
    await sms().send({ page: page({ priority: 'P3' }) })
    expect(sim.texts.at(-1)?.priority).toBe(0)
  })

  test('takes what asks for an answer: whoever gets it can text back', async () => {
    expect((await sms().send({ page: page({ reason: 'queue_question' }) })).is).toBe('accepted')
  })

  test('that it has already is not an error: it arrived when we thought it had not', async () => {
    const id = attemptId()
    sim.plans.next({ does: 'accept_and_hang' })
    expect(await sms().send({ attemptId: id }, 60)).toEqual({ is: 'unknown', error: 'timeout' })
    expect(await sms().send({ attemptId: id })).toEqual({ is: 'accepted', providerId: gatewayIdOf(id) })
    expect(sim.texts.filter((text) => text.id === gatewayIdOf(id))).toHaveLength(1)
  })

  test('is polled for what became of it', async () => {
    const sent = await sms().send()
    const id = sent.is === 'accepted' ? sent.providerId : ''
    expect(await sms().poll(id)).toEqual({ state: 'accepted', error: null })
    expect(await sms().poll('nobody')).toBeNull()
  })

  for (const [says, plan, sent] of TROUBLE)
    test(`${says}: ${JSON.stringify(sent)}`, async () => {
      sim.plans.next(plan)
      expect(await sms().send()).toEqual(sent as never)
    })

  test('that it will not take is refused', async () => {
    sim.plans.next({ does: 'refuse', code: 0 })
    expect(await sms().send()).toEqual({ is: 'refused', error: 'http_400' })
  })

  test('has a name of at most 36 letters, back and forth without loss', () => {
    for (const place of ['NCR.0', 'ILO.15', 'DVO.999']) {
      const id = `${place}.${crypto.randomUUID()}`
      expect(gatewayIdOf(id).length).toBeLessThanOrEqual(36)
      expect(attemptIdOfGateway(gatewayIdOf(id))).toBe(id)
    }
    for (const other of ['', 'abc123', 'NCR.0.short', 'ncr.0.AAAAAAAAAAAAAAAAAAAAAA'])
      expect(attemptIdOfGateway(other)).toBeNull()
  })

  test('fails by the gateway’s own word, without the numbers in its sentences', () => {
    expect(reasonOf('Can’t send to +639175550101: RESULT_ERROR_NO_SERVICE')).toBe('result_error_no_service')
    expect(reasonOf('no idea about +639175550101')).toBe('failed')
  })
})

describe('a mail', () => {
  const mail = () => way(sendgrid.settings, 'email', 'sendgrid')

  test('goes as text and HTML, names its attempt, and is followed nowhere', async () => {
    const id = attemptId()
    const sent = await mail().send({ attemptId: id, to: 'lead@xpress.example' })
    expect(sent.is).toBe('accepted')
    const got = sendgrid.mails.at(-1)
    expect(got).toMatchObject({
      to: 'lead@xpress.example',
      attemptId: id,
      subject: 'SOS NCR-47',
      text: 'NCR-47 & 0 by email',
      html: '<p>NCR-47</p>',
    })
    const tracking = got?.body.tracking_settings as Record<string, { enable: boolean }>
    expect(Object.values(tracking).map(({ enable }) => enable)).toEqual([false, false, false, false])
    expect(got?.body.from).toEqual({ name: 'Xpress Ops Tower', email: 'tower@xpress.example' })
  })

  for (const [says, plan, sent] of TROUBLE)
    test(`${says}: ${JSON.stringify(sent)}`, async () => {
      sendgrid.plans.next(plan)
      expect(await mail().send({ to: 'lead@xpress.example' })).toEqual(sent as never)
    })

  test('that SendGrid cannot read is refused', async () => {
    sendgrid.plans.next({ does: 'refuse', code: 0 })
    expect(await mail().send({ to: 'lead@xpress.example' })).toEqual({ is: 'refused', error: 'http_400' })
  })

  test('has a sender with or without a name', () => {
    expect(senderOf('a@b.ph')).toEqual({ email: 'a@b.ph' })
    expect(senderOf('"Xpress, Tower" <a@b.ph>')).toEqual({ name: 'Xpress, Tower', email: 'a@b.ph' })
    expect(senderOf('<a@b.ph>')).toEqual({ email: 'a@b.ph' })
  })
})

describe('a webhook', () => {
  const loopback = { PUBLIC_URL: 'http://127.0.0.1:8787' }
  const hook = () => way({ ...receiver.settings, ...loopback }, 'webhook', 'webhook')

  test('is signed by the specification, and has the page’s id however often it is repeated', async () => {
    for (let n = 0; n < 2; n++)
      expect(await hook().send({ to: receiver.url })).toEqual({ is: 'delivered', providerId: 'page-1' })
    const [first, second] = receiver.received.slice(-2)
    expect([first?.id, second?.id, first?.genuine]).toEqual(['page-1', 'page-1', true])
    expect(JSON.parse(first?.body ?? '')).toEqual({ type: 'page', version: 1 })
  })

  test('signature is that of the specification’s own example', () => {
    const key = webhookKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') as Buffer
    expect(webhookSignature(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  test('secrets of another form are none', () => {
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_%%%'])
      expect(webhookKey(secret)).toBeNull()
  })

  const answers: [says: string, plan: Reply, sent: unknown][] = [
    ['gone', { does: 'refuse', code: 0 }, { is: 'refused', error: 'http_410' }],
    ['not found', { does: 'refuse', status: 404, code: 0 }, { is: 'failed', error: 'http_404' }],
    ['yes, with a body nobody reads', { does: 'garble' }, { is: 'delivered', providerId: 'page-1' }],
    ...TROUBLE,
  ]
  for (const [says, plan, sent] of answers)
    test(`${says}: ${JSON.stringify(sent)}`, async () => {
      receiver.plans.next(plan)
      expect(await hook().send({ to: receiver.url })).toEqual(sent as never)
    })

  test('goes to the public internet over TLS alone', async () => {
    const refused: [address: string, why: string][] = [
      ['http://receiver.example/hook', 'not_https'],
      ['https://127.0.0.1/hook', 'private_address'],
      ['https://2130706433/', 'private_address'],
      ['https://0x7f.1/', 'private_address'],
      ['https://10.1.2.3/', 'private_address'],
      ['https://172.31.0.1/', 'private_address'],
      ['https://192.168.1.1/', 'private_address'],
      ['https://169.254.169.254/latest/meta-data', 'private_address'],
      ['https://100.64.0.1/', 'private_address'],
      ['https://[::1]/', 'private_address'],
      ['https://[fd00::1]/', 'private_address'],
      ['https://[fe80::1]/', 'private_address'],
      ['https://[::ffff:10.0.0.1]/', 'private_address'],
      ['https://localhost/', 'private_address'],
      ['https://db.internal/', 'private_address'],
      ['https://intranet/', 'private_address'],
      ['https://user:pw@receiver.example/', 'bad_address'],
      ['ftp://receiver.example/', 'bad_address'],
      ['not an address', 'bad_address'],
    ]
    for (const [address, why] of refused) expect([address, refusedAddress(address, false)]).toEqual([address, why])
    for (const address of ['https://receiver.example/h', 'https://203.0.113.9/', 'https://[2606:4700::1]/'])
      expect(refusedAddress(address, false)).toBeNull()
    const before = receiver.received.length
    const abroad = way(receiver.settings, 'webhook', 'webhook')
    expect(await abroad.send({ to: receiver.url })).toEqual({ is: 'refused', error: 'not_https' })
    expect(receiver.received).toHaveLength(before)
  })

  test('goes to this very machine only where the tower itself is there', () => {
    expect(refusedAddress('http://127.0.0.1:9000/', true)).toBeNull()
    expect(refusedAddress('http://10.0.0.1/', true)).toBe('not_https')
    expect(refusedAddress('https://10.0.0.1/', true)).toBe('private_address')
  })
})

describe('a lifeline', () => {
  test('that is open has the message at once; one that is not, or does not answer, fails alone', async () => {
    const told: unknown[] = []
    const line = (lifeline: () => Promise<boolean>) => way({}, 'lifeline', 'lifeline', { lifeline })
    const open = way({}, 'lifeline', 'lifeline', {
      lifeline: async (deviceId, frame) => told.push([deviceId, frame]) > 0,
    })
    expect(await open.send({ to: 'NCR-1' })).toEqual({ is: 'delivered', providerId: null })
    expect(told).toEqual([['NCR-1', { t: 'message', id: 'page-1', text: 'NCR-47 & 0 by lifeline' }]])
    expect(await line(async () => false).send()).toEqual({ is: 'failed', error: 'no_lifeline' })
    expect(await line(() => Promise.reject(new Error('away'))).send()).toEqual({ is: 'failed', error: 'unreachable' })
    expect(await line(() => new Promise(() => {})).send({}, 30)).toEqual({ is: 'unknown', error: 'timeout' })
  })
})

describe('the ways out', () => {
  const names = (env: Record<string, string>) =>
    channelsOf({ PUBLIC_URL: 'https://tower.example', ...env }, words, {
      lifeline: async () => true,
      now: Date.now,
    }).map(({ provider, channel }) => `${provider} ${channel}`)
  const twilio = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 't' }

  test('are those that are configured, Twilio before the SIM', () => {
    expect(names({})).toEqual(['lifeline lifeline'])
    expect(names({ ...twilio, TWILIO_SMS_FROM: 'XpressOps' })).toEqual(['twilio sms', 'lifeline lifeline'])
    expect(names({ TWILIO_SMS_FROM: 'XpressOps', SENDGRID_API_KEY: '' })).toEqual(['lifeline lifeline'])
    const all = { ...twilio, TWILIO_SMS_FROM: 'XpressOps', TWILIO_VOICE_FROM: '+15005550006', ...sim.settings }
    expect(names({ ...all, ...sendgrid.settings, ...receiver.settings })).toEqual([
      'twilio sms',
      'sim sms',
      'twilio voice',
      'sendgrid email',
      'webhook webhook',
      'lifeline lifeline',
    ])
  })
})

// What Twilio says, and what it asks while a call is up: believed by its signature over our configured address, and by nothing else.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { twilioHolds, twilioSignature } from '../../src/http/hooks/signatures'
import { way } from '../courier/channels/support'
import { until } from '../simulators/plans'
import { pressing, startTwilio, type TwilioSimulator, undelivered, voicemail } from '../simulators/twilio'
import { signatureOf } from '../simulators/twilio-wire'
import { attempt, openTower, type Tower } from './hooks-support'

let tower: Tower
let twilio: TwilioSimulator
beforeEach(async () => {
  twilio = await startTwilio()
  tower = await openTower(twilio.settings)
})
afterEach(async () => {
  await twilio.stop()
  await tower.stop()
})
const channel = (kind: 'sms' | 'voice') => way({ ...twilio.settings, PUBLIC_URL: tower.origin }, kind, 'twilio')

describe('the signature', () => {
  const params = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  }
  const form = new URLSearchParams(params)
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'

  test('is that of Twilio’s documentation and libraries', () => {
    expect(twilioSignature('12345', url, form)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
    expect(twilioSignature('12345', 'https://MyCompany.com:1234/myapp.php?foo=1&bar=2', form)).toBe(
      'PCqOZm8cnu/L6+u5i5fuEd+Iac4=',
    )
  })
  test('holds with or without the port, and with nothing changed', () => {
    const signed = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
    expect(twilioHolds('12345', url, form, signed)).toBe(true)
    expect(twilioHolds('12345', 'https://mycompany.com:8443/myapp.php?foo=1&bar=2', form, signed)).toBe(true)
    const withPort = signatureOf('12345', 'https://mycompany.com:443/myapp.php?foo=1&bar=2', params)
    expect(twilioHolds('12345', url, form, withPort)).toBe(true)
    expect(twilioHolds('12346', url, form, signed)).toBe(false)
    expect(twilioHolds('12345', `${url}&baz=3`, form, signed)).toBe(false)
    expect(twilioHolds('12345', url, new URLSearchParams({ ...params, Digits: '9' }), signed)).toBe(false)
    for (const other of ['', 'x', `${signed} `, 'é']) expect(twilioHolds('12345', url, form, other)).toBe(false)
  })
})

describe('receipts of texts', () => {
  test('reach the shard of their attempt, each in its own words', async () => {
    twilio.messages.always(undelivered(10, 30008))
    const id = attempt('CEB.1')
    const sent = await channel('sms').send({ attemptId: id })
    await until(() => twilio.callbacks.filter(({ status }) => status === 200).length === 2)
    const sid = sent.is === 'accepted' ? sent.providerId : ''
    expect(tower.told.map((each) => 'shard' in each && each.shard)).toEqual(['CEB:1', 'CEB:1'])
    expect(tower.receipts().map(({ at, ...each }) => each)).toEqual([
      { attemptId: id, provider: 'twilio', providerId: sid, state: 'sent', error: null, network: null },
      { attemptId: id, provider: 'twilio', providerId: sid, state: 'undelivered', error: '30008', network: null },
    ])
  })

  test('late, five times, in the wrong order and of nobody’s text are passed on as they come: the courier tells them apart', async () => {
    twilio.messages.always({
      does: 'accept',
      follows: [
        { status: 'delivered', afterMs: 5, times: 5 },
        { status: 'sent', afterMs: 30 },
        { status: 'delivered', afterMs: 40, unknown: true },
      ],
    })
    const id = attempt()
    await channel('sms').send({ attemptId: id })
    await until(() => tower.receipts().length === 7)
    const states = tower.receipts().map(({ state }) => state)
    expect(states[0]).toBe('delivered')
    expect(states.toSorted()).toEqual([...Array(6).fill('delivered'), 'sent'])
    expect(tower.receipts().filter(({ attemptId }) => attemptId !== id)).toHaveLength(1)
  })

  test('that are forged are refused, counted, and believed in nothing', async () => {
    twilio.messages.always({ does: 'accept', follows: [{ status: 'delivered', afterMs: 5, forged: true }] })
    await channel('sms').send({ attemptId: attempt() })
    await until(() => twilio.callbacks.some(({ status }) => status !== 0))
    expect(twilio.callbacks[0]).toMatchObject({ status: 403, answer: '' })
    expect(tower.told).toEqual([{ what: 'forged', shard: 'NCR:0', provider: 'twilio' }])
  })

  test('of a status that says nothing, or an attempt that is none of ours, change nothing', async () => {
    const say = (path: string, status: string) =>
      twilio.callback(`${tower.origin}/hooks/twilio/sms/${path}`, { MessageSid: 'SM1', MessageStatus: status })
    const ids = ['x', 'NCR.0.short', `XXX.0.${crypto.randomUUID()}`, `NCR.99.${crypto.randomUUID()}`]
    for (const id of ids) expect((await say(id, 'delivered')).status).toBe(200)
    expect((await say(attempt(), 'teleported')).status).toBe(200)
    expect(tower.told).toEqual([])
  })

  test('are asked for again where their shard does not answer, after it was asked twice', async () => {
    tower.state.away = true
    const made = await twilio.callback(`${tower.origin}/hooks/twilio/sms/${attempt()}`, { MessageStatus: 'sent' })
    expect([made.status, tower.receipts().length]).toEqual([503, 2])
  })
})

describe('the door', () => {
  const path = () => `/hooks/twilio/sms/${attempt()}`
  const post = (to: string, signedFor: string, headers: Record<string, string> = {}) =>
    tower.ask(to, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signatureOf(twilio.authToken, signedFor, { MessageStatus: 'sent' }),
        ...headers,
      },
      body: 'MessageStatus=sent',
    })

  test('believes the address that is configured, and not the Host that a request claims', async () => {
    const here = path()
    const elsewhere = `https://evil.example${here}`
    expect((await post(elsewhere, `${tower.origin}${here}`, { 'x-forwarded-host': 'evil.example' })).status).toBe(200)
    expect((await post(elsewhere, elsewhere, { host: 'evil.example' })).status).toBe(403)
    expect(tower.receipts()).toHaveLength(1)
  })

  test('reads so much and no more, and nothing by GET', async () => {
    const long = await tower.ask(path(), { method: 'POST', body: 'x'.repeat(20_000) })
    expect(long.status).toBe(413)
    for (const where of ['sms', 'call', 'voice'])
      expect((await tower.ask(`/hooks/twilio/${where}/${attempt()}?Digits=1`)).status).toBe(404)
    expect(tower.told).toEqual([])
  })

  test('is not there where Twilio is not configured', async () => {
    const other = await openTower()
    expect((await other.ask(path(), { method: 'POST', body: '' })).status).toBe(404)
    await other.stop()
  })
})

describe('a call', () => {
  test('asks what to say when it is picked up, and again after the key, which comes back by POST', async () => {
    tower.state.turn = { lang: 'en', say: ['Press 1 & wait <now>.', 'Again.'], gather: true, hangUp: false }
    twilio.calls.always(pressing('1'))
    const id = attempt()
    await channel('voice').send({ attemptId: id })
    await until(() => tower.receipts().some(({ state }) => state === 'undelivered'))
    const turns = tower.told.flatMap((each) => (each.what === 'voice' ? [[each.attemptId, each.key]] : []))
    expect(turns).toEqual([
      [id, null],
      [id, '1'],
    ])
    expect(tower.receipts().map(({ state, error }) => [state, error])).toEqual([
      ['accepted', null],
      ['sent', null],
      // The key came before it, and an answer stands above whatever the network says.
      ['undelivered', 'no_key'],
    ])
    const twiml = twilio.callbacks.find(
      ({ params }) => params.get('CallStatus') === 'in-progress' && !params.get('Timestamp'),
    )
    expect(twiml?.answer).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        `<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="10" action="${tower.origin}/hooks/twilio/voice/${id}" method="POST">` +
        '<Say language="en-US" voice="Polly.Joanna">Press 1 &amp; wait &lt;now&gt;.</Say><Pause length="1"/>' +
        '<Say language="en-US" voice="Polly.Joanna">Again.</Say></Gather><Hangup/></Response>',
    )
  })

  test('speaks Filipino by its voice, and ends where nothing more is to be pressed', async () => {
    tower.state.turn = { lang: 'fil', say: ['Salamat\u0000\ud800.'], gather: false, hangUp: true }
    const made = await twilio.callback(`${tower.origin}/hooks/twilio/voice/${attempt()}`, { Digits: '2' })
    expect(made.answer).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Say language="fil-PH" voice="Google.fil-PH-Standard-A">Salamat \ufffd.</Say><Hangup/></Response>',
    )
  })

  test('that a mailbox picks up has told nobody', async () => {
    twilio.calls.always(voicemail(10))
    await channel('voice').send({ attemptId: attempt() })
    await until(() => tower.receipts().some(({ error }) => error === 'no_key'))
    expect(tower.told.filter((each) => each.what === 'voice').map((each) => each.what === 'voice' && each.key)).toEqual(
      [null],
    )
  })

  test('passes on one key, also star; anything else is no key', async () => {
    const keys: (string | null)[] = []
    for (const digits of ['*', '#', '9', '', '12', 'x', '１']) {
      await twilio.callback(`${tower.origin}/hooks/twilio/voice/${attempt()}`, { Digits: digits })
      const last = tower.told.at(-1)
      keys.push(last?.what === 'voice' ? last.key : 'none')
    }
    expect(keys).toEqual(['*', '#', '9', null, null, null, null])
  })

  test('is held, and asks again, while its shard does not answer; and ends where it is nobody’s', async () => {
    tower.state.away = true
    const url = `${tower.origin}/hooks/twilio/voice/${attempt()}`
    const held = await twilio.callback(url, { Digits: '1' })
    expect([held.status, held.answer]).toEqual([
      200,
      `<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="2"/><Redirect method="POST">${url}</Redirect></Response>`,
    ])
    const nobody = await twilio.callback(`${tower.origin}/hooks/twilio/voice/x`, {})
    expect(nobody.answer).toContain('<Response><Hangup/></Response>')
  })

  test('that is forged presses no key', async () => {
    const made = await twilio.callback(`${tower.origin}/hooks/twilio/voice/${attempt()}`, { Digits: '1' }, true)
    expect(made.status).toBe(403)
    expect(tower.told.map(({ what }) => what)).toEqual(['forged'])
  })

  test('that the network ends says why', async () => {
    const url = `${tower.origin}/hooks/twilio/call/${attempt()}`
    for (const [status, sip] of [
      ['busy', '486'],
      ['no-answer', '487'],
      ['failed', '404'],
      ['canceled', ''],
    ])
      await twilio.callback(url, { CallSid: 'CA1', CallStatus: status ?? '', SipResponseCode: sip ?? '' })
    expect(tower.receipts().map(({ state, error }) => `${state} ${error}`)).toEqual([
      'failed busy',
      'failed no_answer',
      'failed failed 404',
      'failed canceled',
    ])
  })
})

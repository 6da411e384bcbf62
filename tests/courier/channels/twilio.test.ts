// Texts and calls against a server that has Twilio's manners, good and bad. Each request is judged by Twilio's own description.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CALL_STATES, callTold, MESSAGE_STATES, messageTold } from '../../../src/courier/channels/twilio-status'
import type { Reply } from '../../simulators/plans'
import { ACCOUNT, silent, startTwilio, type TwilioSimulator } from '../../simulators/twilio'
import { attemptId, LEAD, page, way } from './support'

let twilio: TwilioSimulator
beforeAll(async () => {
  twilio = await startTwilio()
})
afterAll(() => twilio.stop())
afterEach(() => {
  expect(twilio.violations).toEqual([])
  twilio.messages.always(silent())
  twilio.calls.always(silent())
})
const sms = () => way(twilio.settings, 'sms', 'twilio')
const voice = () => way(twilio.settings, 'voice', 'twilio')

describe('a text', () => {
  test('goes with its words, from the registered sender, and asks for receipts under its attempt', async () => {
    const id = attemptId()
    const sent = await sms().send({ attemptId: id, with: [page({ id: 'page-2' })] })
    const request = twilio.requests.at(-1)
    expect(sent).toEqual({ is: 'accepted', providerId: String(request?.sid) })
    expect(Object.fromEntries(request?.fields ?? [])).toEqual({
      To: LEAD,
      From: 'XpressOps',
      Body: 'NCR-47 & 1 by sms',
      StatusCallback: `https://tower.example/hooks/twilio/sms/${id}`,
      ValidityPeriod: '300',
      SmartEncoded: 'true',
    })
  })

  test('waits in a queue no longer than it is of use', async () => {
    await sms().send({ page: page({ until: Date.now() + 42_000 }) })
    expect(Number(twilio.requests.at(-1)?.fields.get('ValidityPeriod'))).toBeWithin(40, 43)
    await sms().send({ page: page({ until: Date.now() - 1 }) })
    expect(twilio.requests.at(-1)?.fields.get('ValidityPeriod')).toBe('1')
  })

  test('that asks for an answer is not sent from a sender that hears none', async () => {
    const before = twilio.requests.length
    expect(await sms().send({ page: page({ reason: 'queue_question' }) })).toEqual({
      is: 'refused',
      error: 'no_replies',
    })
    expect(twilio.requests).toHaveLength(before)
  })

  test('is polled for what became of it', async () => {
    const sent = await sms().send()
    const sid = sent.is === 'accepted' ? sent.providerId : ''
    expect(await sms().poll(sid)).toEqual({ state: 'accepted', error: null })
    twilio.become(sid, 'undelivered', 30003)
    expect(await sms().poll(sid)).toEqual({ state: 'undelivered', error: '30003' })
    expect(await sms().poll(`SM${'0'.repeat(32)}`)).toBeNull()
  })
})

describe('a call', () => {
  test('rings 25 s, asks what to say only when it is picked up, and nothing of it is recorded', async () => {
    const id = attemptId()
    const sent = await voice().send({ attemptId: id })
    const fields = twilio.requests.at(-1)?.fields
    expect(sent.is).toBe('accepted')
    expect(fields?.get('Url')).toBe(`https://tower.example/hooks/twilio/voice/${id}`)
    expect(fields?.get('StatusCallback')).toBe(`https://tower.example/hooks/twilio/call/${id}`)
    expect(fields?.getAll('StatusCallbackEvent')).toEqual(['initiated', 'ringing', 'answered', 'completed'])
    expect([fields?.get('Timeout'), fields?.get('Record'), fields?.get('MachineDetection')]).toEqual([
      '25',
      'false',
      null,
    ])
    // What is told of the incident stays here until a key is pressed.
    expect(String(fields)).not.toContain('NCR-47')
    expect(String(fields)).not.toContain('NAB')
  })

  test('is polled for what became of it', async () => {
    const sent = await voice().send()
    const sid = sent.is === 'accepted' ? sent.providerId : ''
    twilio.become(sid, 'no-answer')
    expect(await voice().poll(sid)).toEqual({ state: 'failed', error: 'no_answer' })
  })
})

describe('what Twilio may say to a request', () => {
  const cases: [says: string, plan: Reply, sent: unknown][] = [
    ['the number is none', { does: 'refuse', code: 21211 }, { is: 'refused', error: '21211' }],
    ['that person does not want texts', { does: 'refuse', code: 21610 }, { is: 'refused', error: '21610' }],
    ['our sender is not ours', { does: 'refuse', code: 21659 }, { is: 'failed', error: '21659' }],
    ['our account is suspended', { does: 'refuse', status: 403, code: 20005 }, { is: 'failed', error: '20005' }],
    ['a fault of its own', { does: 'fail' }, { is: 'failed', error: '20500' }],
    ['too much, in seconds', { does: 'busy', retryAfterS: 7 }, { is: 'busy', error: '20429', retryAfterMs: 7_000 }],
    [
      'too much, for an hour',
      { does: 'busy', retryAfterS: 3600 },
      { is: 'busy', error: '20429', retryAfterMs: 60_000 },
    ],
    [
      'too much, in no words',
      { does: 'busy', retryAfterS: 'soon' },
      { is: 'busy', error: '20429', retryAfterMs: 2_000 },
    ],
    ['nothing, and the connection is gone', { does: 'reset' }, { is: 'failed', error: 'unreachable' }],
    ['yes, in a page of HTML', { does: 'garble' }, { is: 'unknown', error: 'garbled' }],
  ]
  for (const [says, plan, sent] of cases) {
    test(`${says}: ${JSON.stringify(sent)}`, async () => {
      twilio.messages.next(plan)
      expect(await sms().send()).toEqual(sent as never)
      twilio.calls.next(plan)
      expect(await voice().send()).toEqual(sent as never)
    })
  }

  test('a date after which it may be asked again counts from now', async () => {
    twilio.messages.next({ does: 'busy', retryAfterS: new Date(Date.now() + 20_000).toUTCString() })
    const sent = await sms().send()
    expect(sent.is === 'busy' && sent.retryAfterMs).toBeWithin(17_000, 20_001)
  })

  test('nothing before our patience ends: it may have gone through, or not have been taken', async () => {
    for (const plan of [{ does: 'hang' }, { does: 'accept_and_hang' }] as const) {
      twilio.messages.next(plan)
      expect(await sms().send({}, 60)).toEqual({ is: 'unknown', error: 'timeout' })
    }
  })

  test('nothing was asked where our patience had ended before', async () => {
    const before = twilio.requests.length
    const { port } = sms()
    const outgoing = { attemptId: attemptId(), page: page(), channel: 'sms' as const, to: LEAD, with: [] }
    expect(await port.send(outgoing, AbortSignal.abort())).toEqual({ is: 'failed', error: 'timeout' })
    expect(twilio.requests).toHaveLength(before)
  })

  test('a key that is wrong is no fault of the person who is told', async () => {
    const wrong = way({ ...twilio.settings, TWILIO_AUTH_TOKEN: 'wrong' }, 'sms', 'twilio')
    expect(await wrong.send()).toEqual({ is: 'failed', error: '20003' })
  })

  test('nobody there, or no TLS', async () => {
    const gone = await startTwilio()
    await gone.stop()
    expect(await way(gone.settings, 'sms', 'twilio').send()).toEqual({ is: 'failed', error: 'unreachable' })
    const tls = { ...twilio.settings, TWILIO_BASE_URL: twilio.origin.replace('http:', 'https:') }
    expect(await way(tls, 'sms', 'twilio').send()).toEqual({ is: 'failed', error: 'unreachable' })
    expect(await way(gone.settings, 'sms', 'twilio').poll('SM1')).toBeNull()
  })

  test('elsewhere: our key is not carried there', async () => {
    const asked: string[] = []
    const elsewhere = way(twilio.settings, 'sms', 'twilio', {
      fetch: async (url, init) => {
        asked.push(`${url} ${init.redirect}`)
        return new Response(null, { status: 307, headers: { location: 'https://evil.example/' } })
      },
    })
    expect(await elsewhere.send()).toEqual({ is: 'failed', error: 'http_307' })
    expect(asked).toEqual([`${twilio.origin}/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages.json manual`])
  })
})

describe('every status has its meaning', () => {
  const file = join(import.meta.dir, '../../../../shared/openapi/twilio-messages-calls.json')
  test.skipIf(!twilioDescribed())('that Twilio’s description names, and no other', () => {
    const { schemas } = JSON.parse(readFileSync(file, 'utf8')).components
    expect(Object.keys(MESSAGE_STATES).sort()).toEqual([...schemas.message_enum_status.enum].sort())
    expect(Object.keys(CALL_STATES).sort()).toEqual([...schemas.call_enum_status.enum].sort())
  })
  test('a text that its network refused is not sent', () => {
    expect(messageTold('undelivered', '30008')).toEqual({ state: 'undelivered', error: '30008' })
    expect(messageTold('failed', '30001')).toEqual({ state: 'failed', error: '30001' })
    expect(messageTold('undelivered', '')).toEqual({ state: 'undelivered', error: 'undelivered' })
    expect(messageTold('delivered', '0')).toEqual({ state: 'delivered', error: null })
  })
  test('a call that was picked up told nobody before a key', () => {
    expect(Object.values(CALL_STATES).map(({ state }) => String(state))).not.toContain('delivered')
    expect(callTold('completed')).toEqual({ state: 'undelivered', error: 'no_key' })
    expect(callTold('failed', '486')).toEqual({ state: 'failed', error: 'failed 486' })
    expect(callTold('busy', '486')).toEqual({ state: 'failed', error: 'busy' })
  })
  test('what Twilio has not told us of, and what is no word of a text of ours, says nothing', () => {
    for (const status of ['teleported', '', 'constructor', 'received', 'receiving'])
      expect(messageTold(status, null)).toBeNull()
    for (const status of ['teleported', '', 'toString']) expect(callTold(status)).toBeNull()
  })
})

function twilioDescribed(): boolean {
  try {
    readFileSync(join(import.meta.dir, '../../../../shared/openapi/twilio-messages-calls.json'))
    return true
  } catch {
    console.warn('SKIPPED: twilio-messages-calls.json is not there')
    return false
  }
}

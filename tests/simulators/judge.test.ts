// The judge itself: it finds what the providers' descriptions do not have, and lets pass what they have.

import { describe, expect, test } from 'bun:test'
import { judgeBy } from './openapi'

const MESSAGES = '/2010-04-01/Accounts/{AccountSid}/Messages.json'
const CALLS = '/2010-04-01/Accounts/{AccountSid}/Calls.json'
const twilio = judgeBy('twilio-messages-calls.json')
const sendgrid = judgeBy('sendgrid-mail-send.json')
const form = (fields: Record<string, string>) => new URLSearchParams(fields)

describe.skipIf(!twilio.judges)('a form', () => {
  test('with the right fields passes', () => {
    const fields = form({ To: '+639175550101', From: 'XpressOps', Body: 'x', ValidityPeriod: '30' })
    expect(twilio.form(MESSAGES, fields)).toEqual([])
  })
  test('without what is required, with what is unknown, of the wrong type or format does not', () => {
    const to = '+639175550101'
    expect(twilio.form(MESSAGES, form({ From: 'XpressOps' }))).not.toEqual([])
    expect(twilio.form(MESSAGES, form({ To: to, Colour: 'red' }))).not.toEqual([])
    expect(twilio.form(MESSAGES, form({ To: to, ValidityPeriod: 'long' }))).not.toEqual([])
    expect(twilio.form(MESSAGES, form({ To: to, StatusCallback: 'nowhere' }))).not.toEqual([])
    expect(twilio.form(MESSAGES, form({ To: '0917 555 0101' }))).not.toEqual([])
    expect(twilio.form(CALLS, form({ To: to }))).not.toEqual([])
    const twice = form({ To: to, From: to, Timeout: '25' })
    twice.append('Timeout', '30')
    expect(twilio.form(CALLS, twice)).not.toEqual([])
  })
})

describe.skipIf(!sendgrid.judges)('a mail', () => {
  const good = {
    personalizations: [{ to: [{ email: 'a@b.example' }] }],
    from: { email: 'c@d.example' },
    subject: 's',
    content: [{ type: 'text/plain', value: 'x' }],
  }
  const judged = (change: object) => sendgrid.json('/v3/mail/send', JSON.stringify({ ...good, ...change }))
  test('of the right form passes', () => expect(judged({})).toEqual([]))
  test('without anybody to go to, with unknown settings or an address that is none does not', () => {
    expect(judged({ personalizations: undefined })).not.toEqual([])
    expect(judged({ tracking_settings: { mood_tracking: { enable: true } } })).not.toEqual([])
    expect(judged({ from: { email: 'nobody' } })).not.toEqual([])
    expect(sendgrid.json('/v3/mail/send', '{')).toEqual(['body is no JSON'])
  })
})

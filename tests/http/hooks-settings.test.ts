// The settings of the ways out: what is wrong with them is named before anybody relies on them, and never quoted.

import { describe, expect, test } from 'bun:test'
import { BadSettings, checkSettings } from '../../src/http/settings'
import { wrongSender } from '../../src/http/settings-outward'
import { workerEnv } from '../support/worker-env'

const faultOf = (change: Record<string, string>): string => {
  try {
    checkSettings({ ...workerEnv(), ...change })
    return ''
  } catch (cause) {
    expect(cause).toBeInstanceOf(BadSettings)
    return (cause as Error).message
  }
}

const TWILIO = { TWILIO_ACCOUNT_SID: `AC${'0a'.repeat(16)}`, TWILIO_AUTH_TOKEN: 't'.repeat(32) }
const KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyV21Tk3lOfKMcBuAnA5rTTdjVUpjbDlrfF6tNZQ1QpiaFfcGyk8YdW4TeASYY3ODV1uymlcesOD1bm/o9avB0w=='

describe('the sender of texts', () => {
  test('is no number: it is refused by name, with what to do', () => {
    for (const from of ['+15005550006', '15005550006', '+63 917 555 0101', '09175550101']) {
      const fault = faultOf({ ...TWILIO, TWILIO_SMS_FROM: from })
      expect(fault).toMatch(/TWILIO_SMS_FROM is a number.*Register an alphanumeric sender.*\+63/)
      expect(fault).not.toContain(from)
    }
  })
  test('has 3 to 11 letters and digits, and a letter', () => {
    for (const from of ['XpressOps', 'XOT', 'Xpress Ops', 'Xpress911', 'TMExpress', 'Sunrise', 'Cherries'])
      expect([from, wrongSender(from)]).toEqual([from, null])
    for (const from of ['XO', 'XpressOpsTower', 'Xpress-Ops', ' Xpress', 'Xprés', 'MG00000000000000000000000000000000'])
      expect(wrongSender(from)).toContain('is no alphanumeric sender')
  })
  test('has no word that networks refuse', () => {
    for (const from of [
      'XpressTEST',
      'testing',
      'SMSAlert',
      'MyMessage',
      'Globe',
      'SmartCab',
      'DITO ride',
      'TNT',
      'sun',
    ])
      expect(wrongSender(from)).toContain('networks refuse')
  })
})

describe('a way out', () => {
  test('is configured whole, or not at all', () => {
    expect(faultOf({ ...TWILIO, TWILIO_SMS_FROM: 'XpressOps', TWILIO_VOICE_FROM: '+15005550006' })).toBe('')
    expect(faultOf({ ...TWILIO, TWILIO_VOICE_FROM: '+15005550006', TWILIO_SMS_FROM: '' })).toBe('')
    expect(faultOf(TWILIO)).toContain('TWILIO_SMS_FROM and TWILIO_VOICE_FROM are missing')
    expect(faultOf({ TWILIO_SMS_FROM: 'XpressOps' })).toContain('TWILIO_ACCOUNT_SID is missing beside TWILIO_SMS_FROM')
    expect(faultOf({ TWILIO_ACCOUNT_SID: TWILIO.TWILIO_ACCOUNT_SID, TWILIO_SMS_FROM: 'XpressOps' })).toContain(
      'TWILIO_AUTH_TOKEN is missing beside TWILIO_ACCOUNT_SID',
    )
    const sim = {
      SIM_GATEWAY_URL: 'https://sim.example/api',
      SIM_GATEWAY_TOKEN: 'user:pass word',
      SIM_GATEWAY_SECRET: 'signing-key',
    }
    expect(faultOf(sim)).toBe('')
    expect(faultOf({ ...sim, SIM_GATEWAY_SECRET: '' })).toContain('SIM_GATEWAY_SECRET is missing')
    const mail = { SENDGRID_API_KEY: 'SG.x.y', SENDGRID_FROM: 'Tower <t@xpress.ph>', SENDGRID_WEBHOOK_KEY: KEY }
    expect(faultOf(mail)).toBe('')
    expect(faultOf({ SENDGRID_API_KEY: 'SG.x.y' })).toMatch(/SENDGRID_FROM is missing.*SENDGRID_WEBHOOK_KEY is missing/)
  })

  test('has settings of the right form, and none is quoted', () => {
    const wrong: [name: string, value: string, says: string][] = [
      ['TWILIO_ACCOUNT_SID', 'SK0123', 'is not AC and 32'],
      ['TWILIO_AUTH_TOKEN', 'with space', 'no token has'],
      ['TWILIO_VOICE_FROM', '0286540000', 'is not a number as'],
      ['TWILIO_BASE_URL', 'ftp://twilio', 'is not an http or https address'],
      ['SIM_GATEWAY_URL', 'sim-phone', 'is not an http or https address'],
      ['SIM_GATEWAY_SECRET', 'hush77', 'is shorter than 8'],
      ['SENDGRID_FROM', 'Xpress Tower', 'is no mail address'],
      ['SENDGRID_WEBHOOK_KEY', 'bm90IGEga2V5', 'P-256 public key'],
      ['WEBHOOK_SECRET', 'a-plain-password-of-some-length', 'is not whsec_'],
      ['TOWER_PHONES', 'NCR=0286540000', 'is not as NCR:0286540000'],
      ['TOWER_PHONES', 'XXX:0286540000', 'is not as NCR:0286540000'],
      ['TOWER_PHONES', 'NCR:call us', 'is not as NCR:0286540000'],
      ['COURIER_SHARDS', '17', 'is not 1 to 16'],
    ]
    for (const [name, value, says] of wrong) {
      const fault = faultOf({ [name]: value })
      expect(fault).toContain(`${name} `)
      expect(fault).toContain(says)
      expect(fault).not.toContain(value)
    }
    expect(faultOf({ TOWER_PHONES: 'NCR:0286540000, CEB:0324150000', COURIER_SHARDS: '4' })).toBe('')
    expect(faultOf({ WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).toBe('')
  })
})

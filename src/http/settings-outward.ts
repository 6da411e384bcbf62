// What is checked of the settings of the ways out: their form, and that no group of them is half there. A way that is not
// configured is off; one that is configured wrongly is named before anybody relies on it.

import { z } from 'zod'
import { webhookKey } from '../courier/channels/webhook'
import { e164 } from '../domain/phone-number'
import { REGION_IDS } from '../domain/region'
import { sendgridKey } from './hooks/signatures'

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined)
const where = (holds: (text: string) => boolean, message: string) =>
  optional.refine((text) => text === undefined || holds(text), message)

/** Null where the networks of the Philippines take it, else what is wrong and what to do. */
export function wrongSender(from: string): string | null {
  if (/^\+?[\d\s().-]+$/.test(from))
    return 'is a number: networks of the Philippines overwrite it. Register an alphanumeric sender (letters and digits, 3 to 11) with Twilio for +63 and put that here; TWILIO_VOICE_FROM is the place of a number'
  if (!/^(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}$/.test(from) || from !== from.trim())
    return 'is no alphanumeric sender: 3 to 11 letters and digits, one letter at least'
  const name = from.toUpperCase().replaceAll(' ', '')
  return REFUSED_PARTS.some((part) => name.includes(part)) || REFUSED_NAMES.includes(name)
    ? 'has a word that networks refuse in a sender: TEST, MESSAGE, SMS, or the name of a network'
    : null
}

const REFUSED_PARTS = ['TEST', 'MESSAGE', 'SMS', 'GLOBE', 'SMART', 'DITO', 'PLDT']
/** Brands that are parts of innocent words. */
const REFUSED_NAMES = ['TM', 'TNT', 'SUN', 'SUNCELL', 'GOMO', 'CHERRY']

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.search && !url.hash
}
/** It becomes part of a header. */
const isHeaderText = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)
const MAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/
const isMailSender = (text: string): boolean => MAIL.test(/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text)

const ADDRESS = 'is not an http or https address'

export const OUTWARD = {
  TWILIO_ACCOUNT_SID: where((text) => /^AC[0-9a-f]{32}$/i.test(text), 'is not AC and 32 hexadecimal digits'),
  TWILIO_AUTH_TOKEN: where(isHeaderText, 'has spaces or characters that no token has'),
  TWILIO_SMS_FROM: optional.superRefine((text, ctx) => {
    const message = text === undefined ? null : wrongSender(text)
    if (message) ctx.addIssue({ code: 'custom', message })
  }),
  TWILIO_VOICE_FROM: where((text) => /^\+[1-9]\d{7,14}$/.test(text), 'is not a number as +15005550006'),
  TWILIO_BASE_URL: where(isOrigin, ADDRESS),
  SIM_GATEWAY_URL: where(isOrigin, ADDRESS),
  SIM_GATEWAY_TOKEN: where((text) => /^[\x20-\x7e]+$/.test(text), 'has characters that no token has'),
  SIM_GATEWAY_SECRET: where((text) => text.length >= 8, 'is shorter than 8 characters'),
  SENDGRID_API_KEY: where(isHeaderText, 'has spaces or characters that no key has'),
  SENDGRID_FROM: where(isMailSender, 'is no mail address'),
  SENDGRID_WEBHOOK_KEY: where((text) => sendgridKey(text) !== null, 'is not the base64 of a P-256 public key'),
  SENDGRID_BASE_URL: where(isOrigin, ADDRESS),
  WEBHOOK_SECRET: where((text) => webhookKey(text) !== null, 'is not whsec_ and the base64 of 24 to 64 bytes'),
  TOWER_PHONES: where((text) => towerPhones(text) !== null, 'is not as NCR:0286540000,CEB:0324150000'),
} as const

/** The tower's own number by region; null where the text has another form. */
export function towerPhones(text: string): Record<string, string> | null {
  const pairs = text.split(',').map((part) => part.trim().split(':'))
  const fine = pairs.every(
    ([region = '', phone = '', ...more]) =>
      more.length === 0 && REGION_IDS.some((id) => id === region) && (e164(phone) !== null || /^\d{3,6}$/.test(phone)),
  )
  return fine ? Object.fromEntries(pairs) : null
}

type Name = keyof typeof OUTWARD
type Values = { readonly [K in Name]?: string | undefined }

/** Of each group all or none. */
const GROUPS: readonly (readonly Name[])[] = [
  ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  ['SIM_GATEWAY_URL', 'SIM_GATEWAY_TOKEN', 'SIM_GATEWAY_SECRET'],
  ['SENDGRID_API_KEY', 'SENDGRID_FROM', 'SENDGRID_WEBHOOK_KEY'],
]
const SENDERS: readonly Name[] = ['TWILIO_SMS_FROM', 'TWILIO_VOICE_FROM']

/** What is missing beside what is there. */
export function missingBeside(values: Values): { name: Name; message: string }[] {
  const missing = GROUPS.flatMap((group) =>
    group.some((name) => values[name] !== undefined)
      ? group
          .filter((name) => values[name] === undefined)
          .map((name) => ({
            name,
            message: `is missing beside ${group.filter((each) => each !== name).join(' and ')}`,
          }))
      : [],
  )
  const [sender] = SENDERS.filter((name) => values[name] !== undefined)
  if (sender && values.TWILIO_ACCOUNT_SID === undefined && values.TWILIO_AUTH_TOKEN === undefined)
    missing.push({ name: 'TWILIO_ACCOUNT_SID', message: `is missing beside ${sender}` })
  if (!sender && values.TWILIO_ACCOUNT_SID !== undefined)
    missing.push({
      name: 'TWILIO_SMS_FROM',
      message: 'and TWILIO_VOICE_FROM are missing: Twilio is configured for nothing',
    })
  return missing
}

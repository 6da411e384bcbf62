// Twilio's bodies and signatures, as its documentation has them: written apart from what they test.

import { createHmac } from 'node:crypto'
import { type Answered, asJson } from './serve'

export type Resource = {
  kind: 'message' | 'call'
  sid: string
  status: string
  errorCode: number | null
  fields: URLSearchParams
  fetched: number
}

export const fault = (status: number, code: number): Answered =>
  asJson(status, { code, message: 'as it was told', more_info: `https://www.twilio.com/docs/errors/${code}`, status })

export function bodyOf(
  { kind, sid, status, errorCode, fields }: Resource,
  accountSid: string,
): Record<string, unknown> {
  const at = new Date().toUTCString().replace('GMT', '+0000')
  const common = {
    sid,
    account_sid: accountSid,
    status,
    api_version: '2010-04-01',
    to: fields.get('To'),
    from: fields.get('From'),
  }
  const parts = kind === 'message' ? 'Messages' : 'Calls'
  const uri = `/2010-04-01/Accounts/${accountSid}/${parts}/${sid}.json`
  if (kind === 'call')
    return { ...common, uri, direction: 'outbound-api', date_created: at, date_updated: at, duration: null }
  return {
    ...common,
    uri,
    body: fields.get('Body'),
    num_segments: '1',
    num_media: '0',
    direction: 'outbound-api',
    error_code: errorCode,
    error_message: null,
    date_created: at,
    date_updated: at,
  }
}

/** As Twilio documents it, and written apart from what it tests. */
export function signatureOf(token: string, url: string, params: Record<string, string>): string {
  let data = url
  for (const name of Object.keys(params).sort()) data += name + params[name]
  return createHmac('sha1', token).update(Buffer.from(data, 'utf8')).digest('base64')
}

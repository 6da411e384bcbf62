// The ways out that this tower has, in the order in which they are tried: Twilio before the SIM.

import type { ChannelPort } from '../channel'
import type { ChannelPorts, CourierEnv } from './env'
import { lifeline } from './lifeline'
import { sendgridMail } from './sendgrid'
import { simGateway } from './sim-gateway'
import { twilioAccount } from './twilio'
import { twilioSms } from './twilio-sms'
import { twilioVoice } from './twilio-voice'
import { webhook } from './webhook'
import type { Words } from './words-port'

export type { ChannelPorts, CourierEnv } from './env'
export type { Rendered, Words } from './words-port'

/** Only what is configured; lifelines always are. */
export function channelsOf(env: CourierEnv, words: Words, ports: ChannelPorts): ChannelPort[] {
  const twilio = twilioAccount(env, ports)
  const found = [
    twilio && env.TWILIO_SMS_FROM ? twilioSms(twilio, env.TWILIO_SMS_FROM, words) : null,
    simGateway(env, words, ports),
    twilio && env.TWILIO_VOICE_FROM ? twilioVoice(twilio, env.TWILIO_VOICE_FROM) : null,
    sendgridMail(env, words, ports),
    webhook(env, words, ports),
    lifeline(words, ports),
  ]
  return found.filter((channel) => channel !== null)
}

// What a driver says to the message that asked them into a drill: that they skip it. Whatever else it is than a plain word to us
// is a cry for help, for a drill must never be what keeps somebody from being heard.

import { isSkip, type PhoneSaid, readRollAnswer, type SaidHeard } from '../domain/phone-said'
import { type AnswerWay, readAnswer } from '../domain/queue-answer'
import type { Drills } from './drills'

export class DrillAnswers {
  constructor(private readonly drills: Drills) {}

  /** Null where `id` is no message of a drill to this device. Safe to repeat. */
  said(id: string, deviceId: string, { answer, text }: PhoneSaid, via: AnswerWay): SaidHeard | null {
    const { kept, ledger } = this.drills
    const trial = kept.askedBy(id, deviceId)
    if (!trial) return null
    const skips = isSkip(answer ?? text)
    if (trial.state === 'over') return trial.outcome === 'declined' && skips ? 'heard' : 'over'
    if (!skips) return isNothing(answer, text) ? 'heard' : 'press'
    // Its press came before it: there is nothing left to skip.
    if (trial.outcome !== null) return 'heard'
    const channel = via === 'lifeline' ? ('lifeline' as const) : trial.channel
    const why = answer === null ? null : text
    ledger.transact(() => this.drills.over({ ...trial, outcome: 'declined', channel, why }))
    return 'heard'
  }
}

/** "OK", "safe": they have read it. */
const isNothing = (answer: string | null, text: string | null): boolean =>
  text === null && (readAnswer(answer) === 'ok' || readRollAnswer(answer) === 'safe')

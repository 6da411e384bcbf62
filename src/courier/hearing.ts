// What people say back: a key of a call, a word of a text. This, and nothing that a provider says, is an answer.

import type { Page, PageAnswer } from '../domain/page'
import type { Row } from './attempts'
import type { Climbing } from './climbing'
import type { Heard, TextHeard, VoiceTurn } from './contract'
import type { Parts } from './parts'
import { moves } from './states'
import { answerOfKey, answerOfText, voiceTurn } from './words'

const HOUR_MS = 3_600_000
/** More texts than these to one number within the hour are not looked through. */
const MOST_AWAITED = 50

/** A call that we know nothing of says nothing. */
const NOTHING: VoiceTurn = { lang: 'en', say: [], gather: false, hangUp: true }

export class Hearing {
  constructor(
    private readonly parts: Parts,
    private readonly climbing: Climbing,
  ) {}

  /** Inside a transaction. What the call says next; a key that answers is an answer by that. */
  voice(attemptId: string, key: string | null): VoiceTurn {
    const { attempts, pages, ports, reports } = this.parts
    const row = attempts.get(attemptId)
    const page = row && pages.get(row.page)?.page
    if (!row || !page) return NOTHING
    const before = row.answer === null ? null : keyOf(page, row.answer)
    if (key !== null) this.heard({ attemptId, key, at: ports.now() })
    else if (moves(row, { state: 'sent', word: null }))
      // Somebody, or a mailbox, has picked up.
      reports.add(page, 'attempt', attempts.change(row, { state: 'sent', word: null }))
    const joined = attempts.carriedBy(attemptId).flatMap((each) => {
      const other = each.id === attemptId ? null : pages.get(each.page)?.page
      return other ? [other] : []
    })
    return voiceTurn(page, key, joined, before)
  }

  /**
   * Inside a transaction. Taking answers for the incident that the message was about; who cannot, or calls everyone, says
   * so for all that it told of. Whoever says something else later is heard again.
   */
  heard({ attemptId, key, at }: Heard): boolean {
    const { attempts, pages } = this.parts
    const row = attempts.get(attemptId)
    const page = row && pages.get(row.page)?.page
    if (!row || !page || row.began_at === null) return false
    const answer = answerIn(page, key)
    if (answer === null) return true
    const answered = answer === 'take' ? [row] : attempts.carriedBy(attemptId)
    for (const each of answered) this.answered(each, answer, at)
    return true
  }

  /** The newest text of the last hour to this number that this may answer. */
  awaits({ from, key }: TextHeard): { attemptId: string; sentAt: number } | null {
    const { storage, pages, ports } = this.parts
    const rows = storage.sql
      .exec<Row>(
        `SELECT * FROM attempt WHERE address = ? AND began_at > ? AND channel = 'sms' AND state <> 'answered'
           AND carrier IS NULL ORDER BY began_at DESC LIMIT ?`,
        from,
        ports.now() - HOUR_MS,
        MOST_AWAITED,
      )
      .toArray()
    const row = rows.find((each) => {
      const page = pages.get(each.page)?.page
      return page !== undefined && answerIn(page, key) !== null
    })
    return row ? { attemptId: row.id, sentAt: row.began_at ?? row.queued_at } : null
  }

  private answered(row: Row, answer: PageAnswer, at: number): void {
    if (row.state === 'answered' && row.answer === answer) return
    const { attempts, pages, reports, timers } = this.parts
    const kept = pages.get(row.page)
    if (!kept) return
    const after = attempts.change(row, { state: 'answered', word: null, error: null, answer, at })
    reports.add(kept.page, 'answered', after, answer)
    if (kept.state !== 'stopped') pages.set(kept.page.id, 'answered', kept.grp)
    this.climbing.stopQueued(kept.page, 'answered')
    timers.cancel('page', kept.page.id)
  }
}

const answerIn = (page: Page, said: string): PageAnswer | null =>
  answerOfKey(page, said.trim()) ?? answerOfText(page, said)

/** The key by which this answer was given, so that `*` repeats what came of it. */
const keyOf = (page: Page, answer: PageAnswer): string | null =>
  ['1', '2', '3', '4', '9'].find((key) => answerOfKey(page, key) === answer) ?? null

// What a key of a call, or a word of a text, answers to a page. Rules as data; a word that stands in no row answers nothing.

import type { Page, PageAnswer } from '../../domain/page'

type Answers = { keys: Record<string, PageAnswer>; words: readonly (readonly [RegExp, PageAnswer])[] }

const DUTY: Answers = {
  keys: { 1: 'take', 2: 'cannot', 9: 'everyone' },
  words: [
    [/^(1|take|taking|kunin|kinuha|akin)\b/i, 'take'],
    [/^(2|cannot|can't|cant|no|hindi|di)\b/i, 'cannot'],
    [/^(9|everyone|all|lahat)\b/i, 'everyone'],
  ],
}

const QUEUE: Answers = {
  keys: { 1: 'trapped', 2: 'hurt', 3: 'stuck', 4: 'ok' },
  words: [
    [/^(1|trapped|naipit|nakulong)\b/i, 'trapped'],
    [/^(2|hurt|injured|nasaktan|sugatan)\b/i, 'hurt'],
    [/^(3|stuck|stranded)\b/i, 'stuck'],
    [/^(4|ok|okay|ligtas|safe)\b/i, 'ok'],
  ],
}

const AREA: Answers = {
  keys: { 1: 'safe', 2: 'need_help' },
  words: [
    [/^(1|safe|ok|okay|ligtas)\b/i, 'safe'],
    [/^(2|help|need help|tulong|saklolo|tabang|bulig|sos)\b/i, 'need_help'],
  ],
}

/** Heard, and no more: nobody takes an incident by hearing of it. */
const HEARD: Answers = { keys: { 1: 'ok' }, words: [] }

function answersTo({ reason }: Pick<Page, 'reason'>): Answers {
  if (reason === 'queue_question') return QUEUE
  if (reason === 'area') return AREA
  // One message that is heard; nothing of it can be taken or passed on.
  if (reason === 'kin' || reason === 'driver' || reason === 'share' || reason === 'agency') return HEARD
  return DUTY
}

/** Null for a key that answers nothing: `*` repeats, others ask again. */
export const answerOfKey = (page: Pick<Page, 'reason'>, key: string): PageAnswer | null =>
  answersTo(page).keys[key] ?? null

/** Of a text that came back: its first word. Null where it says something else, which a person reads. */
export function answerOfText(page: Pick<Page, 'reason'>, text: string): PageAnswer | null {
  const said = text.trim()
  return answersTo(page).words.find(([word]) => word.test(said))?.[1] ?? null
}

/** A driver in a drill presses, or says that they will not. */
const SKIP: readonly PageAnswer[] = ['cannot']

/** What a phone is offered, in order. */
export const answersOffered = (page: Pick<Page, 'reason'>): PageAnswer[] => {
  if (page.reason === 'drill') return [...SKIP]
  const offered = answersTo(page)
  return offered === QUEUE || offered === AREA ? Object.values(offered.keys) : []
}

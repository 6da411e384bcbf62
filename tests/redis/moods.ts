// Every way in which a Redis behind an HTTP address is of no use, before the tests that must not notice.

import { type Misbehaving, type Mood, startMisbehaving } from '../geo/misbehaving'

export { type Misbehaving, startMisbehaving }

const b64 = (text: string) => Buffer.from(text).toString('base64')

/** With what the circuit makes of it. */
export const OF_NO_USE: readonly (readonly [name: string, mood: Mood, why: readonly string[]])[] = [
  ['answers nothing', { does: 'stall' }, ['late']],
  ['begins an answer and never ends it', { does: 'trickle' }, ['late']],
  ['fails with 500', { does: 'say', status: 500, text: '{"error":"ERR internal"}' }, ['failed']],
  ['fails with 502 and a page of HTML', { does: 'say', status: 502, text: '<html>Bad gateway' }, ['garbage']],
  ['refuses the token', { does: 'say', status: 401, text: '{"error":"Unauthorized"}' }, ['refused']],
  [
    'has had enough of us',
    { does: 'say', status: 400, text: '{"error":"ERR max daily request limit exceeded. Limit: 10000"}' },
    ['refused'],
  ],
  ['answers a page of HTML', { does: 'say', status: 200, text: '<html>Sign in to the hotel</html>' }, ['garbage']],
  ['answers nothing at all with 200', { does: 'say', status: 200, text: '' }, ['garbage']],
  ['answers null', { does: 'answer', body: null }, ['failed']],
  ['answers a number', { does: 'answer', body: 7 }, ['failed', 'garbage']],
  ['answers another shape', { does: 'answer', body: { ok: true } }, ['failed', 'garbage']],
  ['answers a list of nothing', { does: 'answer', body: [null, null] }, ['failed', 'garbage']],
  ['answers a text that is none of ours', { does: 'answer', body: { result: b64('{"x":') } }, ['garbage']],
  ['answers an object', { does: 'answer', body: { result: { count: 1 } } }, ['failed', 'garbage']],
  ['answers a time beyond all', { does: 'answer', body: { result: 9e15 } }, ['garbage']],
  ['answers less than nothing', { does: 'answer', body: { result: -1 } }, ['garbage']],
  [
    'answers errors in a list',
    { does: 'answer', body: [{ error: 'WRONGTYPE' }, { error: 'OOM' }] },
    ['failed', 'garbage'],
  ],
  ['answers megabytes', { does: 'flood' }, ['garbage', 'late']],
]

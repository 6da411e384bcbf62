// OwnTracks' button "report now", pressed twice at an address that says what that means.

import { expect, test } from 'bun:test'
import { setUp } from './doors-support'

const T = Math.floor(Date.now() / 1_000) - 60
const report = (second: number, over: object = {}) => ({
  _type: 'location',
  lat: 14.5547,
  lon: 121.0244,
  tst: T,
  created_at: T + second,
  t: 'u',
  ...over,
})

function phone(query = '?twice=sos') {
  const set = setUp()
  const say = async (body: unknown, headers = {}) => {
    const answer = await set.ask(`/i/${set.token()}${query}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return [answer.status, await answer.text()]
  }
  return { ...set, say }
}

test('the second within ten seconds is an SOS; one alone, or one much later, is none', async () => {
  const { say, heard } = phone()
  expect(await say(report(0))).toEqual([200, '[]'])
  expect(await say(report(30))).toEqual([200, '[]'])
  expect(heard).toHaveLength(0)
  expect(await say(report(38))).toEqual([200, '[]'])
  expect(heard.map(({ press }) => [press.deviceId, press.position?.lat])).toEqual([['NCR-1', 14.5547]])
})

test('both in one message, as a phone sends them that was away', async () => {
  const { say, heard } = phone()
  await say([report(0), report(4), report(5, { t: 't' })])
  expect(heard).toHaveLength(1)
})

test('a report that is sent again makes no cry, and a cry that is sent again is the same one', async () => {
  const { say, heard } = phone()
  await say(report(0, { _id: 'one' }))
  await say(report(0, { _id: 'one' }))
  expect(heard).toHaveLength(0)
  await say(report(3, { _id: 'two' }))
  await say(report(3, { _id: 'two' }))
  expect(new Set(heard.map(({ press }) => press.sosId)).size).toBe(1)
})

test('without that word in its address it means what it always does; nor do reports of the app’s own count', async () => {
  const plain = phone('')
  await plain.say(report(0))
  await plain.say(report(2))
  const { say, heard } = phone()
  await say(report(0, { t: 't' }))
  await say(report(2, { t: 'p' }))
  expect([plain.heard.length, heard.length]).toEqual([0, 0])
})

test('where the intake does not answer, the phone is told to say it again: it may be the second', async () => {
  const { say, dead, heard } = phone()
  await say(report(0))
  for (let shard = 0; shard < 32; shard++) dead.add(`NCR:${shard}`)
  expect((await say(report(3)))[0]).toBe(503)
  dead.clear()
  expect((await say(report(3)))[0]).toBe(200)
  expect(heard).toHaveLength(1)
})

test('a stranger is told apart by the names in the headers', async () => {
  const set = setUp()
  const cry = (headers: Record<string, string>) =>
    set.ask('/i/d1.x.y.z', { method: 'POST', headers, body: JSON.stringify({ ...report(0), poi: 'SOS' }) })
  expect((await cry({ 'x-limit-u': 'lito', 'x-limit-d': 'pixel' })).status).toBe(200)
  expect((await cry({ authorization: `Basic ${btoa('maria:secret')}`, 'x-limit-d': 'iphone' })).status).toBe(200)
  expect(set.unverified.map(({ press }) => press.source)).toEqual(['claims:lito/pixel', 'claims:maria/iphone'])
})

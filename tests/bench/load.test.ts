import { expect, test } from 'bun:test'
import { LIFELINES, SCREENS, type ScreenHeard } from '../../scripts/bench/load/dialects'
import { parseAnswer } from '../../scripts/bench/load/http-answer'
import { openHttp } from '../../scripts/bench/load/http-client'
import { dueBy, intendedAt, run } from '../../scripts/bench/load/pace'
import { requestOf, type Target, tokenOf } from '../../scripts/bench/load/target'
import { parseKeys, verifyDeviceToken } from '../../src/ingest/device-token'

const target: Target = {
  system: 'tower',
  url: 'http://127.0.0.1:8787',
  region: 'CEB',
  signingKeys: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
  devices: 'test',
}

test('a schedule sends its first at once, keeps its rate, and ends', () => {
  const pace = { rate: 200, startAt: 1_000, total: 5 }
  expect([999, 1_000, 1_004, 1_005, 1_011, 9_000].map((now) => dueBy(pace, now))).toEqual([0, 1, 1, 2, 3, 5])
  expect(intendedAt(pace, 4)).toBe(1_020)
})

test('what a stall kept back keeps the time at which it was meant to be sent', async () => {
  const sent: [number, number][] = []
  let now = 0
  const clock = () => {
    now += now === 0 ? 30 : 0.1 // the first look at the clock comes 30 ms late
    return now
  }
  await run({ rate: 100, startAt: 0, total: 4 }, clock, (n, at) => sent.push([n, at]))
  expect(sent).toEqual([0, 10, 20, 30].map((at, n) => [n, at]))
})

const ANSWER = 'HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello'
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'

test('an answer is read at whatever byte it was cut', () => {
  for (const [text, status] of [
    [ANSWER, 201],
    [CHUNKED, 200],
  ] as const) {
    for (let cut = 1; cut < text.length; cut++) expect(parseAnswer(text.slice(0, cut))).toBeNull()
    expect(parseAnswer(`${text}HTTP/1.1 2`)).toEqual({ status, body: 'hello', rest: 'HTTP/1.1 2' })
  }
})

test('what is no HTTP is an error, not an answer', () => {
  expect(() => parseAnswer('SSH-2.0-OpenSSH\r\n\r\n')).toThrow('not an HTTP answer')
})

test('the client sends each request once, more of them than it has connections', async () => {
  const bodies: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      bodies.push(await request.text())
      return Response.json({ sosId: 'x' }, { status: 201 })
    },
  })
  const client = await openHttp('127.0.0.1', server.port ?? 0, 3)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => client.request(requestOf(target, n))))
  client.close()
  await server.stop(true)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect(new Set(bodies).size).toBe(20)
})

test('a server that goes away fails the request that waits, and the client lives on', async () => {
  const server = Bun.listen({ port: 0, hostname: '127.0.0.1', socket: { data: (socket) => void socket.end() } })
  const client = await openHttp('127.0.0.1', server.port, 1)
  expect(await client.request(requestOf(target, 1))).toMatchObject({ status: 0 })
  expect(await client.request(requestOf(target, 2))).toMatchObject({ status: 0 })
  client.close()
  server.stop(true)
})

test('the devices of the load are genuine to the tower', () => {
  const identity = verifyDeviceToken(parseKeys(target.signingKeys), tokenOf(target, 12), Date.now())
  expect(identity).toMatchObject({ genuine: true, deviceId: 'bench-test-12', home: 'CEB', expired: false })
})

test('a phone tells an answer from a refusal and from everything else, in each dialect', () => {
  const { tower, express } = LIFELINES
  expect(tower.hear('{"t":"received","sosId":"1"}')).toEqual({ is: 'answer', ok: true })
  expect(tower.hear('{"t":"error","code":"x"}')).toEqual({ is: 'answer', ok: false })
  expect(tower.hear('{"t":"status","sosId":"1"}')).toEqual({ is: 'nothing' })
  expect(express.hear('2')).toEqual({ is: 'reply', text: '3' })
  expect(express.hear('40{"sid":"a"}')).toEqual({ is: 'ready' })
  expect(express.hear('437[{"sosId":"1"}]')).toEqual({ is: 'answer', ok: true })
  expect(express.hear('437[{"error":{}}]')).toEqual({ is: 'answer', ok: false })
  expect(express.press({ id: 'a' }, 7)).toBe('427["sos",{"id":"a"}]')
})

test('a screen learns the same of an incident in each dialect', () => {
  const incidents = [{ id: 'i1', pressCount: 2, seq: 9 }]
  const learnt: ScreenHeard = { is: 'incidents', seen: [{ id: 'i1', presses: 2, seq: 9 }] }
  expect(SCREENS.tower.hear(JSON.stringify({ t: 'incidents', epoch: 'e', seq: 9, incidents }))).toEqual(learnt)
  expect(SCREENS.bun.hear(JSON.stringify({ t: 'incidents', incidents }))).toEqual(learnt)
  expect(SCREENS.express.hear(`42/screens,${JSON.stringify(['incidents', incidents])}`)).toEqual(learnt)
  expect(SCREENS.tower.hear('{"t":"tick","seq":4}')).toEqual({ is: 'tick', seq: 4 })
})

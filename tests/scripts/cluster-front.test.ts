// The address before a cluster's members, with plain servers in their places.

import { afterEach, describe, expect, test } from 'bun:test'
import { startFront } from '../../scripts/lib/cluster/front'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const each of ending.splice(0).reverse()) await each()
})

type Answer = (request: Request) => Response | Promise<Response>

function backend(member: Answer, spool: Answer = () => new Response('spool')) {
  const heard: string[] = []
  const [a, b] = [member, spool].map((answer) =>
    Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: async (request, server) => {
        if (request.headers.get('upgrade') === 'websocket' && server.upgrade(request, { data: undefined })) return
        heard.push(`${request.method} ${new URL(request.url).pathname} ${await request.clone().text()}`)
        return answer(request)
      },
      websocket: {
        open: (socket) => void socket.send('hello'),
        message: (socket, message) => {
          if (message === 'end') socket.close(4401, 'over')
          else socket.send(message)
        },
      },
    }),
  )
  const servers = [a, b].filter((each) => each !== undefined)
  ending.push(() => Promise.all(servers.map((each) => each.stop(true))))
  const kill = () => a?.stop(true)
  return { member: `http://127.0.0.1:${a?.port}`, spool: `http://127.0.0.1:${b?.port}`, heard, kill }
}

function front(...backends: { member: string; spool: string }[]) {
  const started = startFront({ host: '127.0.0.1', port: 0, backends })
  ending.push(() => started.stop())
  return started.url
}

const press = (url: string) => fetch(`${url}/api/sos`, { method: 'POST', body: 'help' })

describe('the front', () => {
  test('spreads requests over all members', async () => {
    const url = front(...[1, 2, 3].map((n) => backend(() => new Response(`member ${n}`))))
    const said = await Promise.all(Array.from({ length: 9 }, async () => (await fetch(`${url}/`)).text()))
    expect([...new Set(said)].sort()).toEqual(['member 1', 'member 2', 'member 3'])
  })

  test('gives a press to the next member where one is gone, whole', async () => {
    const [one, two] = [backend(() => new Response('one')), backend(() => new Response('two'))]
    const url = front(one, two)
    await one.kill()
    for (let n = 0; n < 4; n++) expect(await (await press(url)).text()).toBe('two')
    expect(new Set(two.heard)).toEqual(new Set(['POST /api/sos help']))
  })

  test('gives a press to the next one where a member says that nobody has it', async () => {
    const [one, two] = [backend(() => new Response('no', { status: 503 })), backend(() => new Response('yes'))]
    const url = front(one, two)
    for (let n = 0; n < 4; n++) expect(await (await press(url)).text()).toBe('yes')
  })

  test('goes to a spool where no member lives', async () => {
    const one = backend(() => new Response('one'))
    const url = front(one)
    await one.kill()
    expect(await (await press(url)).text()).toBe('spool')
    expect(await (await fetch(`${url}/i/token`, { method: 'POST', body: 'x' })).text()).toBe('spool')
    expect((await fetch(`${url}/tower`)).status).toBe(502)
  })

  test('passes by a member that is silent', async () => {
    const url = front(backend(() => new Promise<Response>(() => {})))
    expect(await (await press(url)).text()).toBe('spool')
  })

  test('sends nothing twice that may have been done and may not be done again', async () => {
    let calls = 0
    const breaks = backend(() => {
      calls++
      // The connection breaks after the request was read.
      void breaks.kill()
      return new Promise<Response>(() => {})
    })
    const other = backend(() => {
      calls++
      return new Response('done')
    })
    const url = front(breaks, other)
    expect((await fetch(`${url}/api/incidents/1/take`, { method: 'POST' })).status).toBe(502)
    expect(calls).toBe(1)
  })

  test('passes a socket on, both ways and to its end', async () => {
    const socket = new WebSocket(front(backend(() => new Response())).replace('http', 'ws'))
    const heard: unknown[] = []
    const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
    socket.addEventListener('message', ({ data }) => {
      heard.push(data)
      socket.send(heard.length === 1 ? 'echo' : 'end')
    })
    expect(await closed).toBe(4401)
    expect(heard).toEqual(['hello', 'echo'])
  })

  test('ends a socket whose member was killed', async () => {
    const one = backend(() => new Response())
    const socket = new WebSocket(front(one).replace('http', 'ws'))
    await new Promise((resolve) => socket.addEventListener('message', resolve))
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
    await one.kill()
    await closed
  })
})

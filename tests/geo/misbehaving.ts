// A provider that misbehaves in every way that HTTP allows. What it was asked is kept.

export type Mood =
  | { does: 'answer'; body: unknown }
  | { does: 'say'; status: number; text: string }
  | { does: 'stall' }
  | { does: 'trickle' }
  | { does: 'flood' }
  | { does: 'redirect'; to: string }

export type AskedFor = { path: string; query: URLSearchParams; headers: Headers; body: string }

export type Misbehaving = {
  origin: string
  mood: Mood
  asked: AskedFor[]
  stop(): Promise<void>
}

export function startMisbehaving(): Misbehaving {
  const held: (() => void)[] = []
  const provider: Misbehaving = {
    origin: '',
    mood: { does: 'stall' },
    asked: [],
    stop: async () => {
      for (const letGo of held) letGo()
      await server.stop(true)
    },
  }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 30,
    async fetch(request) {
      const url = new URL(request.url)
      const body = await request.text()
      provider.asked.push({ path: url.pathname, query: url.searchParams, headers: request.headers, body })
      const { mood } = provider
      switch (mood.does) {
        case 'answer':
          return Response.json(mood.body)
        case 'say':
          return new Response(mood.text, { status: mood.status })
        case 'stall':
          return new Promise<Response>((resolve) => held.push(() => resolve(new Response('late'))))
        case 'trickle':
          // Headers at once, half a body, and then nothing for ever.
          return new Response(
            new ReadableStream({
              start: (stream) => {
                stream.enqueue(new TextEncoder().encode('[{"originIndex": 0,'))
                held.push(() => {
                  try {
                    stream.close()
                  } catch {
                    // Whoever asked has hung up before.
                  }
                })
              },
            }),
          )
        case 'flood':
          return new Response('['.padEnd(4 * 1024 * 1024, ' '))
        case 'redirect':
          return Response.redirect(mood.to, 302)
      }
    },
    error: () => new Response(null, { status: 500 }),
  })
  provider.origin = `http://127.0.0.1:${server.port}`
  return provider
}

/** Every way to be of no use, with the name that the circuit keeps. */
export const NO_USE: readonly (readonly [name: string, mood: Mood, why: readonly string[]])[] = [
  ['answers nothing', { does: 'stall' }, ['late']],
  ['begins an answer and never ends it', { does: 'trickle' }, ['late']],
  ['fails with 500', { does: 'say', status: 500, text: '{"error":{}}' }, ['status']],
  ['refuses the key', { does: 'say', status: 403, text: '{}' }, ['refused']],
  ['has had enough of us', { does: 'say', status: 429, text: '{}' }, ['refused']],
  ['answers a page of HTML', { does: 'say', status: 200, text: '<html>Sign in to the hotel</html>' }, ['garbage']],
  ['answers nothing at all with 200', { does: 'say', status: 200, text: '' }, ['garbage']],
  ['answers JSON of another shape', { does: 'answer', body: { routes: [{ legs: 7 }] } }, ['garbage']],
  ['answers null', { does: 'answer', body: null }, ['garbage']],
  [
    'answers rows without sense',
    { does: 'answer', body: [null, 7, 'x', {}, { originIndex: -1 }, { originIndex: 9e9 }] },
    ['garbage'],
  ],
  ['answers megabytes', { does: 'flood' }, ['too_large']],
  ['sends us elsewhere', { does: 'redirect', to: 'http://127.0.0.1:9/' }, ['status']],
  ['breaks off', { does: 'say', status: 200, text: '[{"originIndex": 0,' }, ['garbage']],
]

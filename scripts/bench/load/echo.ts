// The emptiest server there is: what the generator reaches against it is the most that it can measure.

import { answer } from '../child'

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request, self) => {
    if (self.upgrade(request)) return
    return new Response('{"sosId":"0"}', { status: 201, headers: { 'content-type': 'application/json' } })
  },
  websocket: { message: (socket) => void socket.send('{"t":"received","sosId":"0"}') },
})

answer({ url: () => `http://127.0.0.1:${server.port}` })

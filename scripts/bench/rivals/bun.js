// Rival (b): Bun.serve, its native WebSockets and topics, and postgres.js: the shortest fast way to the same service.
// DATABASE_URL, TOKEN_KEY in the environment; prints its port on a line of its own.

import postgres from 'postgres'
import {
  bearer,
  deviceOf,
  KNOWN,
  PRESS,
  pressArguments,
  readPress,
  receiptOf,
  SCHEMA,
  summaryOf,
  together,
} from './sos.js'

const sql = postgres(process.env.DATABASE_URL, { max: 16, onnotice: () => {} })
await sql.unsafe(SCHEMA)

const prepared = { prepare: true }
const json = { 'content-type': 'application/json' }

const push = together((region, incidents) => server.publish(region, JSON.stringify({ t: 'incidents', incidents })))

async function take({ press, sosId }, device) {
  const [row] = await sql.unsafe(PRESS, pressArguments(press, sosId, device), prepared)
  if (row) {
    push(device.region, summaryOf(row))
    return { status: 201, receipt: receiptOf(sosId, row.press_received_at) }
  }
  const [known] = await sql.unsafe(KNOWN, [device.deviceId, sosId], prepared)
  return { status: 200, receipt: receiptOf(sosId, known.received_at) }
}

const answer = (status, body) => new Response(JSON.stringify(body), { status, headers: json })

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  routes: {
    '/api/sos': {
      async POST(request) {
        const device = deviceOf(bearer(request.headers.get('authorization')))
        if (!device) return answer(401, { error: { code: 'unauthorized' } })
        const read = readPress(await request.json().catch(() => null))
        if (!read) return answer(400, { error: { code: 'bad_request' } })
        const { status, receipt } = await take(read, device)
        return answer(status, receipt)
      },
    },
    '/lifeline': (request, self) => {
      const device = deviceOf(bearer(request.headers.get('authorization')))
      if (!device) return answer(401, { error: { code: 'unauthorized' } })
      if (!self.upgrade(request, { data: { device } })) return answer(426, { error: { code: 'upgrade_required' } })
    },
    '/screens': (request, self) => {
      const region = new URL(request.url).searchParams.get('region')
      if (!self.upgrade(request, { data: { region } })) return answer(426, { error: { code: 'upgrade_required' } })
    },
  },
  websocket: {
    open(socket) {
      if (socket.data.region) socket.subscribe(socket.data.region)
    },
    async message(socket, text) {
      if (!socket.data.device) return
      const body = parse(text)
      const read = readPress(body)
      if (!read) return socket.send(JSON.stringify({ t: 'error', id: body?.id, error: { code: 'bad_request' } }))
      try {
        const { receipt } = await take(read, socket.data.device)
        socket.send(JSON.stringify({ t: 'received', id: body.id, ...receipt }))
      } catch {
        socket.send(JSON.stringify({ t: 'error', id: body.id, error: { code: 'unavailable' } }))
      }
    },
  },
})

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

console.log(`port ${server.port}`)

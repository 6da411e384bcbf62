// Rival (a): Express 5, Socket.IO 4 and pg under Node, as a competent team would write it.
// DATABASE_URL, TOKEN_KEY in the environment; prints its port on a line of its own.

import { createServer } from 'node:http'
import express from 'express'
import pg from 'pg'
import { Server } from 'socket.io'
import { POSITIONS, POSITIONS_SCHEMA, positionArguments } from './positions.js'
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

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16, min: 16, idleTimeoutMillis: 0 })
await pool.query(SCHEMA)
await pool.query(POSITIONS_SCHEMA)

const app = express()
app.disable('x-powered-by')
app.disable('etag')
const server = createServer({ keepAliveTimeout: 60_000 }, app)
// WebSocket only, as the screens and phones of the bench ask for; compression is off by default.
const io = new Server(server, { transports: ['websocket'], serveClient: false })

const push = together((region, summaries) => io.of('/screens').to(region).emit('incidents', summaries))

async function take({ press, sosId }, device) {
  const { rows } = await pool.query({ name: 'press', text: PRESS, values: pressArguments(press, sosId, device) })
  const [row] = rows
  if (row) {
    push(device.region, summaryOf(row))
    return { status: 201, receipt: receiptOf(sosId, row.press_received_at) }
  }
  const known = await pool.query({ name: 'known', text: KNOWN, values: [device.deviceId, sosId] })
  return { status: 200, receipt: receiptOf(sosId, known.rows[0].received_at) }
}

app.post('/api/sos', express.json({ limit: '16kb' }), async (request, response) => {
  const device = deviceOf(bearer(request.headers.authorization))
  if (!device) return response.status(401).json({ error: { code: 'unauthorized' } })
  const read = readPress(request.body)
  if (!read) return response.status(400).json({ error: { code: 'bad_request' } })
  const { status, receipt } = await take(read, device)
  response.status(status).json(receipt)
})

app.post('/api/positions', express.json({ limit: '1mb' }), async (request, response) => {
  const device = deviceOf(bearer(request.headers.authorization))
  if (!device) return response.status(401).json({ error: { code: 'unauthorized' } })
  const values = positionArguments(request.body, device)
  if (!values) return response.status(422).json({ error: { code: 'invalid' } })
  await pool.query({ name: 'positions', text: POSITIONS, values })
  response.json({ taken: values[2].length })
})

// The counterpart of the lifeline: the token once at the handshake, then presses with acknowledgement.
io.use((socket, next) => {
  const device = deviceOf(socket.handshake.auth.token)
  if (!device) return next(new Error('unauthorized'))
  socket.data.device = device
  next()
})
io.on('connection', (socket) => {
  socket.on('positions', async (body, acknowledge) => {
    const values = positionArguments(body, socket.data.device)
    if (!values) return acknowledge({ error: { code: 'invalid' } })
    await pool.query({ name: 'positions', text: POSITIONS, values })
    acknowledge({ taken: values[2].length })
  })
  socket.on('sos', async (body, acknowledge) => {
    const read = readPress(body)
    if (!read) return acknowledge({ error: { code: 'bad_request' } })
    try {
      const { receipt } = await take(read, socket.data.device)
      acknowledge(receipt)
    } catch {
      acknowledge({ error: { code: 'unavailable' } })
    }
  })
})
io.of('/screens').on('connection', (socket) => socket.join(socket.handshake.auth.region))

server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`))

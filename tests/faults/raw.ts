// HTTP and WebSocket by hand, over bare sockets: for phones and screens that send half of a request, a byte at a time, or read nothing.

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Tower } from '../../scripts/lib/tower'
import type { Device } from '../system/people'

export type RawPress = {
  /** Said in the head; chunked where it is null. */
  length: number | null
  /** Sent one after the other, so many ms apart. */
  pieces: readonly Uint8Array[]
  everyMs?: number
  /** Gone after the last piece, without waiting for an answer. */
  hangsUp?: boolean
}

/** Status 0 where no answer came before the connection ended. */
export type RawAnswer = { status: number; body: string; ms: number }

export async function rawPress(tower: Tower, device: Device, press: RawPress): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(tower.url)
  const began = performance.now()
  const socket = await open(hostname, Number(port))
  const length = press.length === null ? 'transfer-encoding: chunked' : `content-length: ${press.length}`
  socket.write(
    `POST /api/sos HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${device.token}\r\n` +
      `content-type: application/json\r\n${length}\r\nconnection: close\r\n\r\n`,
  )
  let heard = ''
  let over = false
  socket.on('data', (data) => {
    heard += data.toString('latin1')
  })
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true
      resolve()
    })
  })
  for (const piece of press.pieces) {
    // Whoever has been answered sends no more.
    if (over || heard.includes('\r\n\r\n')) break
    socket.write(press.length === null ? chunk(piece) : piece)
    if (press.everyMs !== undefined) await Bun.sleep(press.everyMs)
  }
  if (press.hangsUp) {
    await Bun.sleep(50)
    socket.destroy()
  } else if (press.length === null && !over) socket.write('0\r\n\r\n')
  await Promise.race([ended, Bun.sleep(30_000)])
  socket.destroy()
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? 0)
  return { status, body: bodyOf(heard), ms: performance.now() - began }
}

/** A connection that begins a request and never ends it. */
export async function beginRequest(tower: Tower): Promise<Socket> {
  const { hostname, port, host } = new URL(tower.url)
  const socket = await open(hostname, Number(port))
  socket.write(`POST /api/sos HTTP/1.1\r\nhost: ${host}\r\n`)
  return socket
}

/** A WebSocket whose frames nobody reads until `resume`. `frames` are what came, as text; `closed` is the code of its last. */
export type RawScreen = {
  socket: Socket
  frames: string[]
  closed: number | null
  say(text: string): void
}

/** `port`: another way to the tower, as through a proxy. */
export async function rawScreen(tower: Tower, token: string, region: string, port?: number): Promise<RawScreen> {
  const url = new URL(tower.url)
  const socket = await open(url.hostname, port ?? Number(url.port))
  socket.write(
    `GET /api/regions/${region}/live HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${token}\r\n` +
      `upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n` +
      `sec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  const screen: RawScreen = { socket, frames: [], closed: null, say: (text) => void socket.write(frame(text)) }
  let buffer = Buffer.alloc(0)
  const upgraded = new Promise<void>((resolve, reject) => {
    let isOpen = false
    socket.on('data', (data) => {
      buffer = Buffer.concat([buffer, data])
      if (!isOpen) {
        const end = buffer.indexOf('\r\n\r\n')
        if (end < 0) return
        const status = buffer.toString('latin1', 9, 12)
        if (status !== '101') reject(new Error(`the socket was answered ${status}`))
        isOpen = true
        buffer = buffer.subarray(end + 4)
        resolve()
      }
      buffer = readFrames(buffer, screen)
    })
    socket.once('close', () => reject(new Error('the socket was closed')))
  })
  await upgraded
  return screen
}

function readFrames(buffer: Buffer, screen: RawScreen): Buffer {
  let rest = buffer
  for (;;) {
    if (rest.length < 2) return rest
    const short = (rest[1] as number) & 0x7f
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (rest.length < head) return rest
    const length = short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short
    if (rest.length < head + length) return rest
    const payload = rest.subarray(head, head + length)
    const kind = (rest[0] as number) & 0x0f
    if (kind === 8) screen.closed = length >= 2 ? payload.readUInt16BE(0) : 1005
    else if (kind === 1) screen.frames.push(payload.toString('utf8'))
    rest = rest.subarray(head + length)
  }
}

/** A text frame of a client: masked, by zeros, which is as good as any other mask. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
    // Once it is open the other side may break it off: that is what the tests are about.
    socket.on('error', () => {})
    socket.once('end', () => socket.destroy())
  })
}

const chunk = (piece: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])

function bodyOf(heard: string): string {
  const body = heard.slice(heard.indexOf('\r\n\r\n') + 4)
  return /\{.*\}/s.exec(body)?.[0] ?? ''
}

// The socket to a fleet shard, against a real one: what is said again when it comes back, and when nobody tries again.

import { afterEach, expect, test } from 'bun:test'
import { type Box, encodeFrame, type ToMap } from '../../src/domain/map-frame'
import { MapLink } from '../../views/client/map/vehicles/map-link'

const BOX: Box = [14, 120, 15, 122]
const FRAME = encodeFrame({ t: 'gone', epoch: 1, seq: 1, indexes: [4] })

type Shard = { url: string; heard: string[]; opened: number; closeWith(code: number): void }
const running: { stop(force: boolean): unknown }[] = []

afterEach(() => {
  for (const server of running.splice(0)) server.stop(true)
})

/** Answers a view with a frame, a word, and two things that are neither. */
function startShard(): Shard {
  const open = new Set<{ close(code: number): void }>()
  const shard: Shard = {
    url: '',
    heard: [],
    opened: 0,
    closeWith: (code) => {
      for (const socket of open) socket.close(code)
    },
  }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response('', { status: 426 })),
    websocket: {
      open: (socket) => {
        open.add(socket)
        shard.opened++
      },
      message: (socket, text) => {
        shard.heard.push(String(text))
        for (const each of ['{', '"no word"', JSON.stringify({ t: 'unknown', index: 3 })]) socket.send(each)
        socket.send(FRAME)
      },
      close: (socket) => {
        open.delete(socket)
      },
    },
  })
  running.push(server)
  shard.url = `ws://127.0.0.1:${server.port}/`
  return shard
}

function startLink(url: string) {
  const seen = { words: [] as ToMap[], frames: [] as ArrayBuffer[], changes: 0 }
  const link = new MapLink({
    url,
    onFrame: (bytes) => seen.frames.push(bytes),
    onWord: (word) => seen.words.push(word),
    onChange: () => {
      seen.changes++
    },
  })
  return { link, seen }
}

async function until(is: () => boolean): Promise<void> {
  for (let tries = 0; !is(); tries++) {
    if (tries > 500) throw new Error('It never came to pass')
    await Bun.sleep(10)
  }
}

test('the view is told when the line opens, and frames and words come in, while garbage does nothing', async () => {
  const shard = startShard()
  const { link, seen } = startLink(shard.url)
  link.view(BOX)
  link.connect()
  await until(() => seen.frames.length > 0)
  expect(shard.heard).toEqual([JSON.stringify({ t: 'view', box: BOX })])
  expect(seen.words).toEqual([{ t: 'unknown', index: 3 }])
  expect(new Uint8Array(seen.frames[0] as ArrayBuffer)).toEqual(new Uint8Array(FRAME))
  shard.closeWith(4403)
})

test('a shard that comes back is told the view again', async () => {
  const shard = startShard()
  const { link } = startLink(shard.url)
  link.view(BOX)
  link.connect()
  await until(() => shard.heard.length === 1)
  shard.closeWith(1012)
  await until(() => shard.heard.length === 2)
  expect(shard.heard[1]).toBe(shard.heard[0] as string)
  expect(link.isOpen).toBe(true)
  shard.closeWith(4403)
})

test('without the right to it nobody tries again', async () => {
  const shard = startShard()
  const { link, seen } = startLink(shard.url)
  link.connect()
  await until(() => shard.opened === 1)
  shard.closeWith(4403)
  await until(() => seen.changes === 2)
  await Bun.sleep(400)
  expect([shard.opened, link.isOpen]).toEqual([1, false])
})

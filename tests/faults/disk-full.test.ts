// R8: the disk of the objects is full. A press that cannot be written is never answered as if it were: the phone is told to call.
// The disk is a small one in memory, so it needs the right to mount one.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { leaveNothing } from '../support/leave-nothing'
import { startTestTower } from '../support/tower'
import { call, Lifeline, Person, press, until } from '../system/people'
import { accountFor, aStranger } from './phones'

const DISK_MB = 48
const mounts = (dir: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'none', dir], { stdio: 'ignore' }).status === 0

const dataDir = mkdtempSync(join(tmpdir(), 'xot-full-'))
const disk = join(dataDir, 'objects')
mkdirSync(disk)
const CAN_MOUNT = process.platform === 'linux' && mounts(disk)
if (!CAN_MOUNT) {
  console.warn('SKIPPED: R8 needs the right to mount a small disk (root on Linux)')
  rmSync(dataDir, { recursive: true, force: true })
}

describe.skipIf(!CAN_MOUNT)('on a small disk', () => {
  let tower: Tower
  let ana: Person

  beforeAll(async () => {
    leaveNothing(dataDir)
    // Also where this process is killed.
    const watch = 'while kill -0 "$1" 2>/dev/null; do sleep 0.3; done; umount -l "$2" 2>/dev/null'
    spawn('sh', ['-c', watch, 'sh', String(process.pid), disk], { detached: true, stdio: 'ignore' }).unref()
    tower = await startTestTower({ dataDir })
    ana = await Person.logIn(tower, { role: 'operator' })
  }, 120_000)
  afterAll(async () => {
    await tower?.stop()
    spawnSync('umount', ['-l', disk])
    rmSync(dataDir, { recursive: true, force: true })
  }, 30_000)

  const filler = join(disk, 'filler')
  const fill = () => {
    const piece = Buffer.alloc(64 * 1024)
    try {
      for (;;) writeFileSync(filler, piece, { flag: 'a' })
    } catch {
      // Full.
    }
  }

  test('R8 a press that cannot be written is 503 with what to do, never 201; with room again everything goes on', async () => {
    const pressed: { sosId: string }[] = []
    for (let n = 0; n < 10; n++)
      pressed.push((await press(tower, aStranger(tower), { id: crypto.randomUUID(), kind: 'crash' })).body)
    await accountFor(tower, pressed)
    const line = await Lifeline.open(tower, aStranger(tower, 'NCR', 'line'))
    let lineClosed: number | null = null
    line.socket.addEventListener('close', ({ code }) => {
      lineClosed = code
    })
    fill()
    const full = performance.now()
    // What storage has for itself already is written first; then nothing is.
    const refused: { status: number; body: unknown; retryAfter: string | null }[] = []
    let answered = 0
    const REFUSALS = sized(20, 60, 200)
    while (refused.length < REFUSALS) {
      if (performance.now() - full > 120_000) throw new Error('the disk was never full')
      const tries = Array.from({ length: 10 }, () =>
        press(tower, aStranger(tower, 'NCR', 'full'), {
          id: crypto.randomUUID(),
          kind: 'panic',
          note: 'x'.repeat(400),
        }),
      )
      for (const { status, body, headers } of await Promise.all(tries)) {
        if (status === 201) {
          pressed.push(body)
          answered++
        } else refused.push({ status, body, retryAfter: headers.get('retry-after') })
      }
    }
    expect([...new Set(refused.map(({ status }) => status))]).toEqual([503])
    expect(JSON.stringify(refused[0]?.body)).toMatch(/911/)
    expect(refused[0]?.retryAfter).toBeTruthy()
    // An open lifeline says it by its end, at the latest with its next cry: its phone then presses by HTTP, and hears what to do.
    if (lineClosed === null) line.socket.send(JSON.stringify({ id: crypto.randomUUID(), kind: 'panic' }))
    await until(() => lineClosed !== null || line.heard.some(({ t }) => t === 'error'), 20_000, 'word on the lifeline')
    expect(line.heard.filter(({ t }) => t === 'received')).toEqual([])
    const byLine = lineClosed === null ? 'try_again' : `closed with ${lineClosed}`
    // Health is looked at anew every two seconds.
    await Bun.sleep(2_500)
    const health = await call<{ ok: boolean; degraded: string[] }>(`${tower.url}/api/health`)

    truncateSync(filler, 0)
    rmSync(filler)
    const free = performance.now()
    const after = await until(
      async () => {
        const answer = await press(tower, aStranger(tower, 'NCR', 'after'), { id: crypto.randomUUID(), kind: 'crash' })
        return answer.status === 201 ? answer.body : null
      },
      60_000,
      'a press that is written again',
    )
    const againMs = performance.now() - free
    pressed.push(after)
    // Nothing of it was only in memory.
    await tower.worker.kill('SIGKILL')
    await tower.worker.ready()
    const { lost, doubled } = await accountFor(tower, pressed, { ms: 60_000 })
    expect([lost, doubled]).toEqual([0, 0])
    expect((await ana.act(after.sosId, 'take')).status).toBe(200)
    tell({
      fault: 'R8',
      did: `the disk full for ${Math.round((free - full) / 1_000)} s`,
      ...{ answered: pressed.length, lost, doubled, convergedMs: againMs },
      seen:
        `${answered} more presses had room on it, then ${refused.length} were 503 “call 911” and none 201; the open lifeline ${byLine}; health ` +
        `${health.body.ok ? 'ok' : 'not ok'}${health.body.degraded?.length ? ` without ${health.body.degraded.join(', ')}` : ''}; after a kill -9 all answered ones were there`,
    })
  }, 300_000)
})

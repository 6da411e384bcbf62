// What SendGrid says became of mails: signed batches, each event for its own attempt.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createPublicKey, verify } from 'node:crypto'
import { sendgridHolds, sendgridKey } from '../../src/http/hooks/signatures'
import { way } from '../courier/channels/support'
import { until } from '../simulators/plans'
import { bounced, droppedMail, mailDelivered, type SendgridSimulator, startSendgrid } from '../simulators/sendgrid'
import { attempt, openTower, type Tower } from './hooks-support'

let tower: Tower
let sendgrid: SendgridSimulator
beforeEach(async () => {
  sendgrid = await startSendgrid()
  tower = await openTower(sendgrid.settings)
  sendgrid.callTo(`${tower.origin}/hooks/sendgrid`)
})
afterEach(async () => {
  await sendgrid.stop()
  await tower.stop()
})
const send = (attemptId = attempt()) =>
  way(sendgrid.settings, 'email', 'sendgrid').send({ attemptId, to: 'a@b.example' })

/** Made with openssl: a P-256 key, and its DER signature over the two texts one after the other. */
const VECTOR = {
  key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyV21Tk3lOfKMcBuAnA5rTTdjVUpjbDlrfF6tNZQ1QpiaFfcGyk8YdW4TeASYY3ODV1uymlcesOD1bm/o9avB0w==',
  timestamp: '1600112492',
  body: '[{"email":"lead@xpress.example","event":"delivered","note":"Peña"}]\r\n',
  signature: 'MEYCIQDaQDbcqxMeERYrH/p5z2sX7cGij7RK5mfLucQDpgd9xAIhAOYZo42cpfsWfNBO4LZuN1OZexD518FHNXxZw+imL7lt',
}

describe('the signature', () => {
  test('of a known vector holds, and of nothing else', () => {
    const key = sendgridKey(VECTOR.key)
    if (!key) throw new Error('the vector has no key')
    const { timestamp, body, signature } = VECTOR
    expect(sendgridHolds(key, timestamp, body, signature)).toBe(true)
    expect(sendgridHolds(key, '1600112493', body, signature)).toBe(false)
    expect(sendgridHolds(key, timestamp, body.trim(), signature)).toBe(false)
    for (const other of ['', 'AAAA', 'not base64 at all', signature.slice(4)])
      expect(sendgridHolds(key, timestamp, body, other)).toBe(false)
    // And it is the platform's own judgement, not ours alone.
    const plain = createPublicKey({ key: Buffer.from(VECTOR.key, 'base64'), format: 'der', type: 'spki' })
    expect(verify('sha256', Buffer.from(timestamp + body), plain, Buffer.from(signature, 'base64'))).toBe(true)
  })
  test('needs a key that is one', () => {
    for (const text of ['', 'x', VECTOR.key.slice(8), Buffer.from('not a key').toString('base64')])
      expect(sendgridKey(text)).toBeNull()
  })
})

describe('events', () => {
  test('of a mail that arrives, bounces or is dropped', async () => {
    const cases: [plan: Parameters<typeof sendgrid.plans.always>[0], told: string[]][] = [
      [mailDelivered(10), ['accepted null', 'delivered null']],
      [bounced(5), ['undelivered bounce 5.1.1']],
      [droppedMail(5), ['failed dropped: bounced address']],
      [
        { does: 'accept', follows: [{ event: 'deferred', afterMs: 5, reason: '421 4.7.0 later' }] },
        ['accepted deferred 4.7.0'],
      ],
      [{ does: 'accept', follows: [{ event: 'bounce', type: 'blocked', afterMs: 5 }] }, ['undelivered blocked']],
    ]
    for (const [plan, told] of cases) {
      tower.told.length = 0
      sendgrid.plans.always(plan)
      const id = attempt('DVO.1')
      const sent = await send(id)
      await until(() => tower.receipts().length === told.length)
      expect(tower.receipts().map(({ state, error }) => `${state} ${error}`)).toEqual(told)
      expect(tower.receipts()[0]).toMatchObject({
        attemptId: id,
        provider: 'sendgrid',
        providerId: sent.is === 'accepted' && sent.providerId,
      })
      expect(tower.told[0]).toMatchObject({ shard: 'DVO:1' })
    }
  })

  test('keep no address of anybody’s in what is written down', async () => {
    sendgrid.plans.always(bounced(5))
    await send()
    await until(() => tower.receipts().length === 1)
    expect(JSON.stringify(tower.receipts())).not.toContain('@')
  })

  test('that say nothing of a delivery are taken and forgotten: a scanner opens mails, too', async () => {
    sendgrid.plans.always({
      does: 'accept',
      follows: [
        { event: 'open', afterMs: 2 },
        { event: 'click', afterMs: 4 },
        { event: 'spamreport', afterMs: 6 },
      ],
    })
    await send()
    await until(() => sendgrid.answers.length === 3)
    expect(sendgrid.answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(tower.told).toEqual([])
  })

  test('that come again with their id are told once; those that were not taken are told again', async () => {
    sendgrid.plans.always({ does: 'accept', follows: [{ event: 'delivered', afterMs: 2, times: 4 }] })
    await send()
    await until(() => sendgrid.answers.length === 4)
    expect(tower.receipts()).toHaveLength(1)
    tower.state.away = true
    await send()
    await until(() => sendgrid.answers.length === 8)
    expect(sendgrid.answers.slice(4).map(({ status }) => status)).toEqual([503, 503, 503, 503])
    tower.told.length = 0
    tower.state.away = false
    expect(await sendgrid.post(sendgrid.answers.at(-1)?.events ?? [])).toBe(200)
    expect(tower.receipts()).toHaveLength(1)
  })

  test('of many mails in one post each reach their own shard', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => attempt(n % 2 ? 'NCR.0' : 'ILO.1'))
    const events = ids.map((attemptId, n) => ({
      event: 'delivered',
      attemptId,
      sg_event_id: `many-${n}-${attemptId}`,
      timestamp: 1.7e9,
    }))
    expect(await sendgrid.post([...events, 7 as never, null as never, { event: 'delivered' }])).toBe(200)
    expect(tower.receipts().map(({ attemptId }) => attemptId)).toEqual(ids)
    expect(new Set(tower.told.map((each) => each.what === 'receipt' && each.shard))).toEqual(
      new Set(['NCR:0', 'ILO:1']),
    )
    expect(tower.receipts()[0]?.at).toBe(1.7e12)
  })

  test('that are forged, replayed after five minutes, or signed for another time are refused', async () => {
    const events = [{ event: 'delivered', attemptId: attempt(), sg_event_id: 'x1' }]
    expect(await sendgrid.post(events, { forged: true })).toBe(403)
    expect(await sendgrid.post(events, { lateMs: 310_000 })).toBe(403)
    expect(await sendgrid.post(events, { lateMs: -310_000 })).toBe(403)
    expect(await sendgrid.post(events, { lateMs: 280_000 })).toBe(200)
    expect(tower.receipts()).toHaveLength(1)
    expect(tower.told.filter(({ what }) => what === 'forged')).toHaveLength(3)
    const unsigned = await tower.ask('/hooks/sendgrid', { method: 'POST', body: JSON.stringify(events) })
    expect(unsigned.status).toBe(403)
  })

  test('are read up to a megabyte', async () => {
    const wide = Array.from({ length: 900 }, () => ({ event: 'open', reason: 'x'.repeat(1_000) }))
    expect(await sendgrid.post(wide)).toBe(200)
    expect(await sendgrid.post([...wide, ...wide])).toBe(413)
  })

  test('have no door where SendGrid is not configured', async () => {
    const other = await openTower()
    expect((await other.ask('/hooks/sendgrid', { method: 'POST', body: '[]' })).status).toBe(404)
    await other.stop()
  })
})

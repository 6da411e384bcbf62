// Somebody who receives our webhooks: checks each by the Standard Webhooks specification, and answers as it is told.

import { createHmac } from 'node:crypto'
import { Plans, type Reply } from './plans'
import { type Answered, serve } from './serve'

export type Received = { at: number; path: string; id: string; timestamp: number; body: string; genuine: boolean }
export type WebhookReceiver = Awaited<ReturnType<typeof startReceiver>>

export const WEBHOOK_SECRET = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`
const TOLERANCE_S = 300

/** Plans are by path: each is a receiver of its own. `refuse`: with its status, as 410. */
export async function startReceiver(port = 0) {
  const plans = new Plans<Reply>({ does: 'accept' })
  const received: Received[] = []
  const violations: string[] = []
  const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64')

  const served = await serve(async ({ method, path, headers, body, at }): Promise<Answered> => {
    const id = headers.get('webhook-id') ?? ''
    const timestamp = headers.get('webhook-timestamp') ?? ''
    const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const given = (headers.get('webhook-signature') ?? '').split(' ')
    const genuine = given.includes(`v1,${wanted}`)
    if (method !== 'POST') violations.push(`${method} and not POST`)
    if (!/^\S{1,256}$/.test(id)) violations.push('webhook-id is missing')
    if (!/^\d{10}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S)
      violations.push('webhook-timestamp is not now')
    if (!genuine) violations.push('webhook-signature does not hold')
    if (!headers.get('content-type')?.startsWith('application/json')) violations.push('body is not said to be JSON')
    received.push({ at, path, id, timestamp: Number(timestamp), body, genuine })
    const plan = plans.take(path)
    switch (plan.does) {
      case 'accept':
        if (plan.afterMs) await new Promise((resolve) => setTimeout(resolve, plan.afterMs))
        return { status: 204 }
      case 'refuse':
        return { status: plan.status ?? 410 }
      case 'fail':
        return { status: plan.status ?? 500 }
      case 'busy':
        return { status: 429, headers: { 'retry-after': String(plan.retryAfterS) } }
      case 'hang':
        if (plan.ms === undefined) return 'hang'
        await new Promise((resolve) => setTimeout(resolve, plan.ms))
        return { status: 504 }
      case 'accept_and_hang':
        return 'hang'
      case 'garble':
        return { status: 200, body: '<html>' }
      case 'reset':
        return 'reset'
    }
  }, port)

  return {
    origin: served.origin,
    url: `${served.origin}/hook`,
    settings: { WEBHOOK_SECRET },
    plans,
    received,
    violations,
    stop: () => served.close(),
  }
}

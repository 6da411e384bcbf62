// Phones by the dozen for the fault tests: each presses until it is answered, as a phone does, and the room's log says afterwards
// what became of every answer.

import type { Tower } from '../../scripts/lib/tower'
import type { LogEvent } from '../../src/domain/event'
import type { RegionId } from '../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import { verifyChain } from '../../src/room/chain'
import { type Device, press, until } from '../system/people'

export type Answered = { device: string; sosId: string; tries: number; ms: number }

/** Between two tries of one press. */
const AGAIN_MS = 150
/** A phone that was not answered for so long would be a lost press. */
const GIVES_UP_MS = 120_000
const LOG_PAGE = 500

let made = 0
/** With a genuine token, and in no directory: its presses are accepted like any other's. */
export function aStranger(tower: Tower, region: RegionId = 'NCR', name = 'phone'): Device {
  const id = `${name}-${++made}`
  const expiresAt = Math.floor(Date.now() / 1_000) + 36_000
  const token = signDeviceToken(parseKeys(tower.secrets.DEVICE_KEYS), {
    deviceId: id,
    home: region,
    generation: 1,
    expiresAt,
  })
  return { id, region, token, ingestUrl: `${tower.url}/i/${token}`, pin: '', duressPin: '' }
}

/** The same press again until it is answered 2xx. `ms` from its first try. */
export async function pressUntilAnswered(tower: Tower, device: Device, body: object = {}): Promise<Answered> {
  const began = performance.now()
  const whole = { id: crypto.randomUUID(), kind: 'crash', ...body }
  for (let tries = 1; ; tries++) {
    const answer = await press(tower, device, whole).catch(() => null)
    if (answer && answer.status <= 201)
      return { device: device.id, sosId: answer.body.sosId, tries, ms: performance.now() - began }
    if (performance.now() - began > GIVES_UP_MS) throw new Error('never answered')
    await Bun.sleep(AGAIN_MS)
  }
}

export type PressStream = {
  readonly sent: number
  /** No more presses; resolves when the last is answered. */
  stop(): Promise<Answered[]>
}

/** So many presses a second, each by another phone, from the time at which it is due. */
export function pressing(
  tower: Tower,
  perSecond: number,
  options: { region?: RegionId; name?: string; body?: object } = {},
): PressStream {
  const answers: Promise<Answered>[] = []
  const began = performance.now()
  const send = () => {
    const due = Math.floor(((performance.now() - began) * perSecond) / 1_000) + 1
    while (answers.length < due) {
      const answer = pressUntilAnswered(tower, aStranger(tower, options.region, options.name), options.body)
      answer.catch(() => {})
      answers.push(answer)
    }
  }
  const timer = setInterval(send, Math.min(50, 1_000 / perSecond))
  return {
    get sent() {
      return answers.length
    },
    stop: () => {
      clearInterval(timer)
      return Promise.all(answers)
    },
  }
}

/** All that the room of a region has logged, from its own storage. */
export async function wholeLog(tower: Tower, region: RegionId = 'NCR'): Promise<LogEvent[]> {
  const events: LogEvent[] = []
  for (;;) {
    const url = `${tower.internalUrl}/rooms/${region}/log?from=${(events.at(-1)?.seq ?? 0) + 1}&limit=${LOG_PAGE}`
    const page = ((await (await fetch(url)).json()) as { events: LogEvent[] }).events
    events.push(...page)
    if (page.length < LOG_PAGE) return events
  }
}

/**
 * Of these answered presses, each of a phone of its own: how many the room does not know, and how often it made more than one
 * incident of one. Waits until all are there, `ms` at most. Throws where the chain of the log is broken.
 */
export async function accountFor(
  tower: Tower,
  answered: readonly Pick<Answered, 'sosId'>[],
  options: { region?: RegionId; ms?: number } = {},
): Promise<{ lost: number; doubled: number; log: LogEvent[]; waitedMs: number }> {
  const wanted = new Set(answered.map(({ sosId }) => sosId))
  const began = performance.now()
  const look = async () => {
    const log = await wholeLog(tower, options.region)
    const created = new Map<string, number>()
    for (const { type, incident } of log)
      if (type === 'created' && incident) created.set(incident, (created.get(incident) ?? 0) + 1)
    const lost = [...wanted].filter((id) => !created.has(id)).length
    const doubled = [...created.values()].reduce((sum, count) => sum + count - 1, 0)
    return { lost, doubled, log, waitedMs: performance.now() - began }
  }
  let last = await look()
  await until(
    async () => {
      if (last.lost === 0) return true
      await Bun.sleep(200)
      last = await look()
      return false
    },
    options.ms ?? 20_000,
    'every answered press in the room',
  ).catch(() => {})
  const chain = verifyChain(last.log)
  if (!chain.ok) throw new Error(`the log is broken: ${JSON.stringify(chain)}`)
  return last
}

/** The value below which this part of them lies; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

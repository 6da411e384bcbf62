// Drives the simulated fleet: its reports are spread evenly, and leave on time whatever the tower does meanwhile.

import { setTimeout as sleep } from 'node:timers/promises'
import { type SigningKey, signDeviceToken } from '../../src/ingest/device-token'
import { dueBy, intendedAt } from '../bench/load/pace'
import { type Cry, cries } from './cries'
import { type Member, makeFleet } from './fleet'
import { cancelOf, pressOf, type Saying } from './speakers'
import { Tally } from './tally'

export type DrivePlan = {
  /** The tower's, without a trailing slash. */
  url: string
  keys: readonly SigningKey[]
  /** Of those who are in the tower's directory, by device: they press before others do, and can take it back. */
  pins: ReadonlyMap<string, string>
  /** The vehicles `from` … `from + vehicles - 1` of the fleet. */
  from: number
  vehicles: number
  /** Between two reports of one vehicle. */
  everyS: number
  seed: number
  /** Presses of the whole fleet per minute. */
  sosPerMinute: number
  /** Ends it, quietly. What is under way is let go. */
  signal: AbortSignal
  /** Every five seconds, a line. */
  log?: (line: string) => void
}

/** As phones on shift are set. */
export const REPORT_EVERY_S = 15
const LINE_EVERY_MS = 5_000
const ANSWER_WITHIN_MS = 10_000
const TOKEN_LASTS_S = 400 * 24 * 3600
const GENERATION = 1

/** Resolves when `signal` says so. A tower that is away is no reason to end: phones do not give up either. */
export async function drive(plan: DrivePlan): Promise<Tally> {
  const { keys } = plan
  const tally = new Tally()
  const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_LASTS_S
  const drivers: Driver[] = makeFleet(plan.from, plan.vehicles, plan.seed).map((member) => ({
    ...member,
    token: signDeviceToken(keys, { deviceId: member.id, home: member.region, generation: GENERATION, expiresAt }),
  }))
  const send = sender(plan, tally)
  const startAt = performance.now()
  const log = plan.log
  const lines = log && setInterval(() => log(tally.line((performance.now() - startAt) / 1000)), LINE_EVERY_MS)
  try {
    await Promise.all([report(drivers, plan, startAt, send, tally), cry(drivers, plan, startAt, send, tally)])
  } finally {
    clearInterval(lines)
  }
  return tally
}

type Driver = Member & { token: string }
/** Null where nobody answered, or it was ended. Latency counts from `at`, when it was meant to be sent. */
type Send = (saying: Saying, at: number) => Promise<Response | null>

function sender({ url, signal }: DrivePlan, tally: Tally): Send {
  return async ({ method, path, headers, body }, at) => {
    tally.sent++
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      const response = await fetch(url + path, { method, headers, body, signal: within })
      // Read to its end, so that the connection serves the next.
      const text = await response.text()
      tally.add(response.status, performance.now() - at)
      return new Response(text, { status: response.status })
    } catch {
      if (!signal.aborted) tally.add('none', performance.now() - at)
      return null
    }
  }
}

async function report(drivers: Driver[], plan: DrivePlan, startAt: number, send: Send, tally: Tally) {
  const { signal, everyS } = plan
  const pace = { rate: drivers.length / everyS, startAt, total: Number.POSITIVE_INFINITY }
  for (let turn = 0; !signal.aborted; ) {
    const due = dueBy(pace, performance.now())
    // After a machine's sleep nobody says everything that they would have said.
    const missed = Math.max(0, due - turn - drivers.length)
    tally.skipped += missed
    for (turn += missed; turn < due; turn++) {
      const driver = drivers[turn % drivers.length] as Driver
      void send(driver.speaker.say(driver, fixesOf(driver), false), intendedAt(pace, turn))
    }
    await pause(intendedAt(pace, turn) - performance.now(), signal)
  }
}

/** What its receiver has now and had a little earlier, at whole seconds, as receivers do. */
function fixesOf({ vehicle, speaker }: Driver) {
  const now = Math.floor(Date.now() / 1000) * 1000
  return speaker.agesS.map((ageS) => vehicle.at(now - ageS * 1000))
}

async function cry(drivers: Driver[], plan: DrivePlan, startAt: number, send: Send, tally: Tally) {
  const { signal, pins } = plan
  const known = drivers.filter(({ id }) => pins.has(id))
  const people = known.length > 0 ? known : drivers
  const run = Date.now().toString(36)
  let nth = 0
  for (const each of cries(plan.seed, plan.sosPerMinute, people.length)) {
    await pause(startAt + each.atS * 1000 - performance.now(), signal)
    if (signal.aborted) return
    // The same seed on another day is another press: its name has to say so.
    void press(people[each.who] as Driver, each, `simulated-${run}-${nth++}`, plan, send, tally)
  }
}

async function press(driver: Driver, cry: Cry, id: string, { pins, signal }: DrivePlan, send: Send, tally: Tally) {
  const { speaker, token } = driver
  const fixes = fixesOf(driver)
  const byPhone = cry.way === 'phone' && speaker.cries
  const fix = fixes.at(-1)
  if (!fix) return
  const saying = byPhone ? speaker.say(driver, fixes, true) : pressOf(token, { id, kind: cry.kind, fix })
  tally.pressed++
  const answer = await send(saying, performance.now())
  const pin = pins.get(driver.id)
  if (byPhone || cry.cancelledAfterS === null || !pin || !answer?.ok) return
  const { statusUrl } = (await answer.json()) as { statusUrl: string }
  await pause(cry.cancelledAfterS * 1000, signal)
  if (signal.aborted) return
  const { pathname, search } = new URL(statusUrl)
  const cancelled = await send(cancelOf(token, `${pathname}/cancel${search}`, pin), performance.now())
  if (cancelled?.ok) tally.cancelled++
}

/** The timers of the runtime end at 24 days, which is more than anybody waits here. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, Math.min(ms, 2 ** 31 - 1)), undefined, { signal }).catch(() => {})
}

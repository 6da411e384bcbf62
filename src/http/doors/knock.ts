// OwnTracks has no button for an SOS. Where its address was given with `?twice=sos`, its button "report now" is one when it is
// pressed twice within ten seconds. The device's intake remembers the first.

import { createHash } from 'node:crypto'
import type { DeviceIdentity } from '../../ingest/device-token'
import type { Spoken } from '../../ingest/gateway'
import type { Item } from '../../ingest/protocol'
import type { Env } from '../env'
import { intakeOf, shardCount, shardOf } from '../objects'

/** Of one message: a phone that was away sends what it kept, and only its last presses can be a cry of now. */
const MOST = 16

/** The same records, the second press of two as a cry. Null where that could not be found out: the phone has to say it again. */
export async function withSecondPresses<D extends DeviceIdentity>(
  env: Env,
  spoken: readonly Spoken<D>[],
  now: number,
): Promise<Spoken<D>[] | null> {
  const heard: Spoken<D>[] = []
  for (const { speaker, items } of spoken) {
    const asked = speaker.genuine ? items.filter(({ manual, sos }) => manual && !sos).slice(-MOST) : []
    const second = new Set<Item>()
    for (const item of asked) {
      if (!speaker.genuine) continue
      try {
        const intake = intakeOf(env, speaker.home, shardOf(speaker.deviceId, shardCount(env)))
        if (await intake.knock(speaker.deviceId, nameOf(item), item.fields.pressedAt ?? now)) second.add(item)
      } catch {
        return null
      }
    }
    heard.push({ speaker, items: items.map((item) => (second.has(item) ? { ...item, sos: true } : item)) })
  }
  return heard
}

/** A phone repeats what was not answered: then everything in it is the same. */
const nameOf = ({ fields: { clientId, pressedAt, position } }: Item): string =>
  clientId ??
  createHash('sha256')
    .update(JSON.stringify([pressedAt, position?.fixedAt, position?.lat, position?.lng]))
    .digest('hex')
    .slice(0, 32)

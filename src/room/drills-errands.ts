// What drills must ask of fleet shards: where a phone is before it is asked to press, whether it moves off after the press that
// counted, and, when time is up without one, whether its app reported at all.

import { idOfSubject, isDeviceSubject, type Trial, trialKey } from '../domain/drill'
import { hasMoved, isDriving, WATCHED_AFTER_MS } from '../domain/drill-press'
import type { LastKnown, UnderstoodReport } from '../fleet/contract'
import { DRILL_TIMER, type Drills, LOOK_EVERY_MS } from './drills'

const AT_ONCE = 200

export type FleetPort = {
  lastOf(deviceIds: string[]): Promise<LastKnown[]>
  recent(deviceId: string): Promise<UnderstoodReport[]>
}

export const hasErrands = ({ kept, looks }: Drills): boolean =>
  looks.size > 0 || kept.trials.some(({ state }) => state === 'waiting' || state === 'judging')

/** One portion. A shard that does not answer keeps nobody from being asked; of a verdict it is asked again. */
export async function runErrands(
  drills: Drills,
  shardOf: (deviceId: string) => number,
  fleet: (shard: number) => FleetPort,
): Promise<'idle' | 'more'> {
  const { kept, looks } = drills
  const waiting = kept.trials.filter(({ state }) => state === 'waiting').slice(0, AT_ONCE)
  if (waiting.length > 0) {
    const byShard = Map.groupBy(waiting, ({ subject }) => shardOf(idOfSubject(subject)))
    const known = await Promise.all(
      [...byShard].map(([shard, trials]) =>
        fleet(shard)
          .lastOf(trials.map(({ subject }) => idOfSubject(subject)))
          .catch((): LastKnown[] => []),
      ),
    )
    askWaiting(drills, waiting, known.flat())
    return 'more'
  }
  const wanted = [...looks].flatMap((key) => kept.underWay(key) ?? []).slice(0, AT_ONCE)
  const judging = kept.trials.filter(({ state }) => state === 'judging').slice(0, AT_ONCE)
  looks.clear()
  let away = false
  for (const trial of new Set([...wanted, ...judging])) {
    if (!isDeviceSubject(trial.subject)) continue
    const id = idOfSubject(trial.subject)
    try {
      const shard = fleet(shardOf(id))
      const reports = await shard.recent(id)
      // A shard that was at rest has forgotten what came, and knows when something last did.
      const [last] = trial.state === 'judging' && reports.length === 0 ? await shard.lastOf([id]) : []
      look(drills, trialKey(trial), reports, last?.lastContactAt ?? null)
    } catch {
      away = true
    }
  }
  if (away) throw new Error('a fleet shard did not say what phones in a drill reported')
  return 'idle'
}

/** Who drives is not asked to press; who has an incident by now is left alone. */
function askWaiting(drills: Drills, waiting: readonly Trial[], known: readonly LastKnown[]): void {
  const { ledger, kept, plans } = drills
  ledger.transact(() => {
    for (const before of waiting) {
      const trial = kept.underWay(trialKey(before))
      const drill = trial && kept.drill(trial.drillId)
      if (!trial || !drill || trial.state !== 'waiting') continue
      const id = idOfSubject(trial.subject)
      const position = known.find(({ deviceId }) => deviceId === id)?.position ?? null
      const subject = plans.phone(id)
      if (isDriving(position, ledger.ports.now())) drills.over({ ...trial, outcome: 'moving' })
      else if (!subject) drills.over({ ...trial, outcome: 'called_off', why: 'incident' })
      else drills.ask(drill, { ...trial, place: position && { lat: position.lat, lng: position.lng } }, subject)
    }
  })
}

/** `reports`: the last of this phone, newest first. */
function look(drills: Drills, key: string, reports: readonly UnderstoodReport[], lastContactAt: number | null): void {
  const { ledger, kept } = drills
  ledger.transact(() => {
    const trial = kept.underWay(key)
    if (!trial) return
    const since = reports.filter(({ receivedAt }) => receivedAt >= trial.at)
    const spoke = since.find(({ app }) => app) ?? since[0]
    const said = { app: trial.app ?? spoke?.app ?? null, client: spoke?.protocol ?? trial.client }
    if (trial.state === 'judging') {
      const reported = since.length > 0 || (lastContactAt ?? 0) > trial.at
      drills.over({ ...trial, ...said, outcome: reported ? 'no_alarm' : 'silent' })
      return
    }
    const pressedAt = trial.press?.press.receivedAt
    if (pressedAt === undefined) return
    kept.saveTrial({ ...trial, ...said })
    const moved = since.some(
      ({ receivedAt, position, verdict }) =>
        receivedAt > pressedAt && verdict === 'taken' && drove(trial.place, position),
    )
    const now = ledger.ports.now()
    if (moved) drills.presses.movedOff(key)
    else if (now - pressedAt < WATCHED_AFTER_MS) ledger.timers.set(DRILL_TIMER, `look ${key}`, now + LOOK_EVERY_MS)
  })
}

/** Of a phone whose place was never known, its speed alone says so. */
const drove = (place: Trial['place'], position: UnderstoodReport['position']): boolean =>
  position !== null && (place !== null || position.speedMps !== null) && hasMoved(place, position)

// Whether the gravest were taken first, read from a room's log alone. NEXT shows one person the gravest that nobody has and
// nobody else is being shown; who takes what they were shown is judged by the moment at which they were.

/** A line of the log, in its order. `to`: whom it was leased to, null where it was given back; else who did it. */
export type Step = {
  type: 'created' | 'taken' | 'released' | 'passed' | 'reopened' | 'leased' | 'safe'
  incident: string
  at: number
  to: string | null
  until: number | null
}

export type Order = {
  /** P1 in the order in which they were first taken, with what they waited for, ms. */
  waited: { incident: string; ms: number }[]
  /** P1 that nobody ever took. */
  left: string[]
  /** Others that were taken while a P1 waited that nobody was being shown, with that P1. */
  outOfOrder: { incident: string; before: string }[]
}

type Waits = { since: number; leasedTo: string | null; leasedUntil: number }

export function judgeOrder(steps: readonly Step[], isP1: (incident: string) => boolean): Order {
  const waiting = new Map<string, Waits>()
  const first = new Map<string, number>()
  /** What each person was last shown, and which P1 then waited for anybody. */
  const shown = new Map<string, { incident: string; graver: string[] }>()
  const outOfOrder: Order['outOfOrder'] = []
  const waited: Order['waited'] = []
  const freeFor = (uid: string, at: number): string[] =>
    [...waiting].flatMap(([id, { leasedTo, leasedUntil }]) =>
      isP1(id) && (leasedTo === null || leasedTo === uid || leasedUntil <= at) ? [id] : [],
    )
  for (const { type, incident, at, to, until } of steps) {
    if (type === 'created' || type === 'released' || type === 'passed' || type === 'reopened') {
      waiting.set(incident, { since: at, leasedTo: null, leasedUntil: 0 })
      if (!first.has(incident)) first.set(incident, at)
    } else if (type === 'leased') {
      if (to !== null) shown.set(to, { incident, graver: freeFor(to, at).filter((id) => id !== incident) })
      const waits = waiting.get(incident)
      if (waits) Object.assign(waits, { leasedTo: to, leasedUntil: until ?? 0 })
    } else {
      const waits = waiting.get(incident)
      waiting.delete(incident)
      if (!waits || type === 'safe') continue
      const uid = to ?? ''
      const look = shown.get(uid)
      if (isP1(incident)) {
        if (!waited.some((each) => each.incident === incident))
          waited.push({ incident, ms: at - (first.get(incident) ?? at) })
        continue
      }
      const graver = look?.incident === incident ? look.graver : freeFor(uid, at)
      const before = graver.find((id) => waiting.has(id))
      if (before !== undefined) outOfOrder.push({ incident, before })
    }
  }
  const left = [...waiting.keys()].filter((id) => isP1(id) && !waited.some(({ incident }) => incident === id))
  return { waited, left, outOfOrder }
}

// Who is on duty at a moment, where nobody is, and which people a step of the ladder reaches. Pure; times are epoch ms.

import type { Duty, DutyContact, Shift } from './duty'
import type { Decision } from './escalation/ladder'
import { isPerson } from './escalation/steps'
import type { Target } from './escalation-policy'
import type { Address, Channel } from './page'

const WEEK_MS = 7 * 24 * 60 * 60_000

/** Who stands in where a duty has nobody. After these, anyone active. */
const FALLS_TO: Record<Duty, readonly Duty[]> = {
  lead: ['second_lead', 'management'],
  second_lead: ['lead', 'management'],
  management: ['lead', 'second_lead'],
  responder: ['lead', 'second_lead', 'management'],
}

/** Contact ids, each once. While an override of this duty lasts, only overrides count. */
export function onDuty(shifts: readonly Shift[], duty: Duty, now: number): string[] {
  const standing = shifts.filter((shift) => shift.duty === duty && lasts(shift, now))
  const overrides = standing.filter(({ override }) => override)
  return [...new Set((overrides.length > 0 ? overrides : standing).map(({ contactId }) => contactId))]
}

/** Times from `from` until `until` in which nobody has this duty, in order. */
export function gaps(
  shifts: readonly Shift[],
  duty: Duty,
  from: number,
  until: number,
): { from: number; until: number }[] {
  const times = shifts
    .filter((shift) => shift.duty === duty)
    .flatMap((shift) => timesOf(shift, from, until))
    .sort((a, b) => a.from - b.from)
  const open: { from: number; until: number }[] = []
  let covered = from
  for (const time of times) {
    if (time.from > covered) open.push({ from: covered, until: Math.min(time.from, until) })
    covered = Math.max(covered, time.until)
  }
  if (covered < until) open.push({ from: covered, until })
  return open.filter((gap) => gap.from < gap.until)
}

/** Shifts of people who can be told at all: an inactive person, or one without an address, leaves a gap. */
export function staffed(shifts: readonly Shift[], contacts: readonly DutyContact[]): Shift[] {
  const reachable = new Set(contacts.filter(canBeTold).map(({ id }) => id))
  return shifts.filter(({ contactId }) => reachable.has(contactId))
}

export type People = { contacts: readonly DutyContact[]; shifts: readonly Shift[] }

/** `telling`: a page about this incident to them is under way. `declined`: they said that they cannot. Contact ids. */
export type Already = { telling?: ReadonlySet<string>; declined?: ReadonlySet<string> | readonly string[] }

/** `nobody`: for the log, in words. `telling`: those whom the step means too, and who are being told already. */
export type Reach = {
  to: { contact: DutyContact; ladder: Address[][] }[]
  consoles: boolean
  neighbour: boolean
  nobody: string[]
  telling: DutyContact[]
}

/**
 * The people of a step at this moment. A duty with nobody falls to the next (lead, second lead, management), then to
 * anyone active, where the step reaches no one else; also this is said. Who declined is asked again only if there is
 * nobody else. Empty `to` with empty `telling` means that the directory has no active person at all.
 */
export function reach({ step }: Pick<Decision, 'step'>, people: People, now: number, already: Already = {}): Reach {
  const found: Reach = {
    to: [],
    consoles: step.who.some(({ kind }) => kind === 'consoles'),
    neighbour: step.who.some(({ kind }) => kind === 'neighbour'),
    nobody: [],
    telling: [],
  }
  const targets = step.who.filter(isPerson)
  if (targets.length === 0) return found
  const declined = new Set(already.declined ?? [])
  const reachable = new Map(people.contacts.filter(canBeTold).map((contact) => [contact.id, contact]))
  const shifts = people.shifts.filter(({ contactId }) => reachable.has(contactId))
  const met = new Map<string, DutyContact>()
  const meet = (contacts: Iterable<DutyContact>, words: string | null): boolean => {
    let any = false
    for (const contact of contacts) {
      if (declined.has(contact.id)) continue
      met.set(contact.id, contact)
      any = true
    }
    if (!any && words !== null) found.nobody.push(words)
    return any
  }
  const meetDuty = (duty: Duty): boolean => {
    const ids = onDuty(shifts, duty, now)
    for (const id of onDuty(people.shifts, duty, now)) {
      const name = reachable.has(id) ? null : people.contacts.find((contact) => contact.id === id)?.name
      if (name) found.nobody.push(`${name} is on duty as ${wordOf(duty)} and cannot be told`)
    }
    const contacts = ids.flatMap((id) => reachable.get(id) ?? [])
    const cannot = contacts.length > 0 && contacts.every(({ id }) => declined.has(id))
    return meet(contacts, cannot ? `whoever is on duty as ${wordOf(duty)} cannot` : `nobody on duty as ${wordOf(duty)}`)
  }
  for (const target of targets) {
    if (target.kind === 'duty') meetDuty(target.duty)
    else meet(contactsOf(target, reachable), wordsOf(target, people.contacts))
  }
  if (met.size === 0) {
    const duties = targets.flatMap((target) => (target.kind === 'duty' ? [target.duty] : []))
    const asked = new Set(duties)
    for (const duty of duties.flatMap((each) => FALLS_TO[each])) {
      if (met.size > 0 || asked.has(duty)) continue
      asked.add(duty)
      if (meetDuty(duty)) found.nobody.push(`falls to ${wordOf(duty)}`)
    }
  }
  if (met.size === 0 && meet(reachable.values(), null)) found.nobody.push('falls to anyone active')
  if (met.size === 0 && reachable.size > 0) {
    declined.clear()
    meet(reachable.values(), null)
    found.nobody.push('everyone has said that they cannot: asked again')
  }
  if (met.size === 0) found.nobody.push('nobody in the directory can be told')
  for (const contact of met.values()) {
    if (already.telling?.has(contact.id)) found.telling.push(contact)
    else found.to.push({ contact, ladder: ladderOf(contact, step.by) })
  }
  return found
}

/**
 * A person's addresses in the order of the policy: of each group the preferred address of each channel at once, then
 * further ones of these channels. Channels that the policy does not name come in only where it names none that they have.
 */
export function ladderOf(contact: Pick<DutyContact, 'addresses'>, by: readonly (readonly Channel[])[]): Address[][] {
  const used = new Set<string>()
  const ladder: Address[][] = []
  const addresses = contact.addresses.filter(forPeople)
  for (const group of by) {
    const rest = addresses.filter(({ channel }) => group.includes(channel))
    for (let round = preferred(rest, used); round.length > 0; round = preferred(rest, used)) ladder.push(round)
  }
  return ladder.length > 0 ? ladder : addresses.map((address) => [address])
}

function preferred(addresses: readonly Address[], used: Set<string>): Address[] {
  const channels = new Set<Channel>()
  return addresses.filter(({ channel, to }) => {
    const key = `${channel} ${to}`
    if (used.has(key) || channels.has(channel)) return false
    used.add(key)
    channels.add(channel)
    return true
  })
}

// A lifeline is a driver's phone: duty people are not told by it.
const forPeople = ({ channel, to }: Address): boolean => channel !== 'lifeline' && to !== ''
const canBeTold = (contact: DutyContact): boolean => contact.active && contact.addresses.some(forPeople)

function contactsOf(target: Exclude<Target, { kind: 'duty' }>, reachable: Map<string, DutyContact>): DutyContact[] {
  if (target.kind === 'everyone') return [...reachable.values()]
  if (target.kind === 'team') return [...reachable.values()].filter(({ teams }) => teams.includes(target.team))
  const contact = target.kind === 'person' ? reachable.get(target.contactId) : undefined
  return contact ? [contact] : []
}

function wordsOf(target: Target, contacts: readonly DutyContact[]): string | null {
  if (target.kind === 'team') return `nobody in team ${target.team}`
  if (target.kind !== 'person') return null
  const contact = contacts.find(({ id }) => id === target.contactId)
  return contact ? `${contact.name} cannot be told` : `no contact ${target.contactId}`
}

const wordOf = (duty: Duty): string => duty.replace('_', ' ')

const isTime = ({ from, until }: Shift): boolean => Number.isFinite(from) && Number.isFinite(until) && from < until

// A repetition that begins before `weeklyUntil` is a whole one: nobody goes off duty in the middle of a night.
function lasts(shift: Shift, now: number): boolean {
  return timesOf(shift, now, now + 1).length > 0
}

/** When a shift stands between two moments: each of its repetitions, whole, in order. */
export function timesOf(shift: Shift, from: number, until: number): { from: number; until: number }[] {
  if (!isTime(shift)) return []
  const length = shift.until - shift.from
  if (!shift.weekly) return shift.from < until && shift.until > from ? [{ from: shift.from, until: shift.until }] : []
  const times: { from: number; until: number }[] = []
  const first = Math.max(0, Math.floor((from - shift.from - length) / WEEK_MS) + 1)
  for (let start = shift.from + first * WEEK_MS; start < until; start += WEEK_MS) {
    if (start > shift.from && shift.weeklyUntil !== null && start >= shift.weeklyUntil) break
    times.push({ from: start, until: start + length })
  }
  return times
}

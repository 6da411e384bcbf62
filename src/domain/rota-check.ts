// Whether somebody on duty, a shift or a hand-over that a person wrote may stand. Shapes are the door's; sense is judged here.

import type { DutyContact, Shift } from './duty'
import type { Address } from './page'

export const ADDRESSES_MOST = 8
export const TEAMS_MOST = 8
const WEEK_MS = 7 * 86_400_000
/** A rota is made for weeks, not for years: a slip of a digit is seen at once. */
const LONGEST_MS = 31 * 86_400_000

export type RotaCode =
  | 'name_empty'
  | 'address_none'
  | 'address_channel'
  | 'address_phone'
  | 'address_short'
  | 'address_mail'
  | 'address_web'
  | 'address_twice'
  | 'ends_before'
  | 'too_long'
  | 'longer_than_week'
  | 'weekly_until_before'
  | 'override_weekly'
  | 'note_empty'
  | 'to_self'

/** `field` as one writes it: `addresses.2.to`. */
export type RotaFault = { field: string; code: RotaCode; message: string }

/** As it is kept: 0917 000 0000 and +63 917 000 0000 are one number. What is no number comes back as it was. */
export function asAddress({ channel, to }: Address): Address {
  const plain = to.trim()
  if (channel !== 'voice' && channel !== 'sms') return { channel, to: plain }
  const digits = plain.replaceAll(/[\s().-]/g, '')
  if (/^09\d{9}$/.test(digits)) return { channel, to: `+63${digits.slice(1)}` }
  if (/^639\d{9}$/.test(digits)) return { channel, to: `+${digits}` }
  return { channel, to: digits }
}

export function checkContact({
  name,
  addresses,
  active,
}: Pick<DutyContact, 'name' | 'addresses' | 'active'>): RotaFault[] {
  const faults = addresses.flatMap((address, at) => checkAddress(`addresses.${at}.to`, address, addresses.slice(0, at)))
  if (name.trim() === '') faults.unshift(fault('name', 'name_empty', 'A person needs a name.'))
  if (active && addresses.length === 0)
    faults.push(
      fault('addresses', 'address_none', 'Somebody on duty is told by something: give a number or an address.'),
    )
  return faults
}

function checkAddress(field: string, { channel, to }: Address, before: readonly Address[]): RotaFault[] {
  if (before.some((each) => each.channel === channel && each.to === to))
    return [fault(field, 'address_twice', 'It stands there twice.')]
  switch (channel) {
    case 'voice':
    case 'sms':
      // 911 and other short numbers are for people to dial: nothing here may ever page them.
      if (/^\d{2,6}$/.test(to))
        return [
          fault(field, 'address_short', 'A short number is never dialled or texted by the tower: people call it.'),
        ]
      return /^\+[1-9]\d{8,14}$/.test(to)
        ? []
        : [fault(field, 'address_phone', 'Write the number as 0917 123 4567 or +63917…, with its country.')]
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) ? [] : [fault(field, 'address_mail', 'That is no e-mail address.')]
    case 'webhook':
      return isWeb(to) ? [] : [fault(field, 'address_web', 'A webhook is an https address.')]
    default:
      return [fault(field, 'address_channel', 'People on duty are told by voice, sms, email or webhook.')]
  }
}

export function checkShift(shift: Pick<Shift, 'from' | 'until' | 'weekly' | 'weeklyUntil' | 'override'>): RotaFault[] {
  const { from, until, weekly, weeklyUntil, override } = shift
  if (!(until > from)) return [fault('until', 'ends_before', 'It ends before it begins.')]
  if (until - from > LONGEST_MS) return [fault('until', 'too_long', 'One shift lasts 31 days at most.')]
  if (weekly && until - from > WEEK_MS)
    return [fault('until', 'longer_than_week', 'A weekly shift lasts a week at most, or it overlaps with itself.')]
  if (weekly && weeklyUntil !== null && weeklyUntil < until)
    return [fault('weeklyUntil', 'weekly_until_before', 'It stops repeating before its first time has ended.')]
  if (weekly && override)
    return [
      fault('weekly', 'override_weekly', 'What stands in the place of others does so once: make it anew each time.'),
    ]
  return []
}

export function checkHandover({ from, to, note }: { from: string; to: string; note: string }): RotaFault[] {
  if (from === to) return [fault('to', 'to_self', 'It is handed over to somebody else.')]
  return note.trim() === '' ? [fault('note', 'note_empty', 'Write what the next one has to know.')] : []
}

function isWeb(to: string): boolean {
  if (!URL.canParse(to)) return false
  const { protocol, username, password } = new URL(to)
  return protocol === 'https:' && username === '' && password === ''
}

const fault = (field: string, code: RotaCode, message: string): RotaFault => ({ field, code, message })

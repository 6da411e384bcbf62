// The two PINs of a driver: how they are kept (a peppered MAC, never the digits) and judged in one constant-time path,
// so that nobody who stands beside the driver can tell by timing which of the two was typed.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { DeviceRow } from '../domain/directory'

export type PinVerdict = 'true' | 'duress' | 'wrong' | 'unknown'

export type PinRow = Pick<DeviceRow, 'pinMac' | 'duressPinMac'>

/** 32 hex characters of HMAC-SHA256. Bound to the device: the same PIN of two drivers looks different. */
export const pinMac = (pepper: Uint8Array, deviceId: string, pin: string): string =>
  createHmac('sha256', pepper).update(`pin:${deviceId}:${pin}`).digest('hex').slice(0, MAC_LENGTH)

/** `unknown`: no row, so nothing can be said yet. Both MACs are compared whatever the first comparison found. */
export function judgePin(row: PinRow | null, mac: string): PinVerdict {
  const isTrue = same(row?.pinMac ?? NOBODYS, mac)
  const isDuress = same(row?.duressPinMac ?? NOBODYS, mac)
  return VERDICTS[(row === null ? 4 : 0) | (isDuress ? 2 : 0) | (isTrue ? 1 : 0)] as PinVerdict
}

/**
 * A duress PIN must be typed under a knife and never by accident: as long as the PIN, and not what a slip of the finger
 * makes of it: one digit replaced by the digit beside it (9 and 0 are neighbours), the next number up or down, or two
 * digits swapped.
 */
export function mayBeDuressPin(pin: string, duressPin: string): boolean {
  if (!DIGITS.test(pin) || !DIGITS.test(duressPin)) return false
  if (pin.length !== duressPin.length || pin === duressPin) return false
  const differing = [...pin].map((_, at) => at).filter((at) => pin[at] !== duressPin[at])
  const [first, second] = differing as [number, number | undefined]
  if (second === undefined) {
    const step = Math.abs(Number(pin[first]) - Number(duressPin[first]))
    if (step === 1 || step === 9) return false
  }
  if (differing.length === 2 && second !== undefined) {
    if (pin[first] === duressPin[second] && pin[second] === duressPin[first]) return false
  }
  const apart = Math.abs(Number(pin) - Number(duressPin))
  return apart !== 1 && apart !== 10 ** pin.length - 1
}

const MAC_LENGTH = 32
/** Not hexadecimal, so no PIN's MAC is ever equal to it. */
const NOBODYS = '-'.repeat(MAC_LENGTH)
const DIGITS = /^[0-9]{4,12}$/
/** By bits: 1 the PIN, 2 the duress PIN, 4 no row. Both at once cannot be set up; if they are, the driver is in danger. */
const VERDICTS = ['wrong', 'true', 'duress', 'duress', 'unknown', 'unknown', 'unknown', 'unknown'] as const

/** A MAC of a wrong length is compared, too, and is never equal. */
function same(kept: string, given: string): boolean {
  const left = Buffer.from(kept.padEnd(MAC_LENGTH, '-').slice(0, MAC_LENGTH), 'latin1')
  const right = Buffer.from(given.padEnd(MAC_LENGTH, '+').slice(0, MAC_LENGTH), 'latin1')
  const equal = timingSafeEqual(left, right)
  return equal && given.length === MAC_LENGTH && kept !== NOBODYS
}

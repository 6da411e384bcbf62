// Numbers that nothing of the tower ever calls or texts by itself: 911 and every other short code. A person dials them, once
// they have read the sheet. Whoever abuses 911 is blocked there, and then nobody is helped.

import type { Address, Page } from './page'

/** No number of a person has so few digits, with or without its country: those that do are emergency and service codes. */
const FEWEST_DIGITS = 7

/** True for 911, 117, 143, 136, 166 …, however they are written. */
export function isNeverDialled(to: string): boolean {
  const digits = to.replaceAll(/\D/g, '').replace(/^0*63/, '')
  return digits.length < FEWEST_DIGITS || /^0*911$/.test(digits)
}

const isDialling = ({ channel }: Address): boolean => channel === 'voice' || channel === 'sms'

/**
 * The ladder without what must not be dialled. Of a page to an agency only its machine is left, whatever number somebody
 * has put there; of any other, no short code. Groups that become empty are left out.
 */
export const dialable = ({ reason, ladder }: Pick<Page, 'reason' | 'ladder'>): Address[][] =>
  ladder
    .map((group) =>
      group.filter((way) =>
        reason === 'agency' ? way.channel === 'webhook' : !isDialling(way) || !isNeverDialled(way.to),
      ),
    )
    .filter((group) => group.length > 0)

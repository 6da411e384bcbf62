// Whether what a person wrote of a driver's emergency contacts may stand. Shapes are the door's; sense is judged here.

import type { Kin } from './duty'
import { e164 } from './phone-number'

/** Three people can be told in a minute; whoever names ten names nobody. */
export const KIN_MOST = 3

export type KinContact = Kin['contacts'][number]
export type KinCode = 'name_empty' | 'relation_empty' | 'phone_wrong' | 'phone_own' | 'phone_twice' | 'too_many'
/** `field` as one writes it: `contacts.1.phone`. */
export type KinFault = { field: string; code: KinCode; message: string }

/** As it is kept: 0917 000 0000 and +63 917 000 0000 are one number. What is no number comes back as it was. */
export const asKinContact = (written: KinContact): KinContact => ({
  ...written,
  name: written.name.trim(),
  relation: written.relation.trim(),
  phone: e164(written.phone) ?? written.phone.trim(),
})

/** `own`: the driver's number, which may be in the hands of whoever harms them. */
export function checkKin(contacts: readonly KinContact[], own: string | null): KinFault[] {
  const faults = contacts.flatMap((contact, at) => checkOne(contact, at, contacts.slice(0, at), own && e164(own)))
  if (contacts.length > KIN_MOST) faults.unshift(fault('contacts', 'too_many', `At most ${KIN_MOST} people.`))
  return faults
}

function checkOne(
  { name, relation, phone }: KinContact,
  at: number,
  before: readonly KinContact[],
  own: string | null,
) {
  const field = (name: string) => `contacts.${at}.${name}`
  const faults: KinFault[] = []
  if (name === '') faults.push(fault(field('name'), 'name_empty', 'A person needs a name.'))
  if (relation === '') faults.push(fault(field('relation'), 'relation_empty', 'Say who they are to the driver.'))
  if (!/^\+63\d{8,10}$/.test(phone))
    faults.push(fault(field('phone'), 'phone_wrong', 'Write a number of the Philippines as 0917 123 4567 or +63917….'))
  else if (phone === own)
    faults.push(fault(field('phone'), 'phone_own', 'That is the driver’s own phone: nobody else would be told.'))
  else if (before.some((each) => each.phone === phone))
    faults.push(fault(field('phone'), 'phone_twice', 'It stands there twice.'))
  return faults
}

const fault = (field: string, code: KinCode, message: string): KinFault => ({ field, code, message })

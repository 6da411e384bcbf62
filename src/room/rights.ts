// Which right each act needs. The table of roles is in domain/access.ts.

import type { Action } from '../domain/access'
import type { ActType } from '../domain/command'

export const RIGHT_FOR: Record<ActType, Action> = {
  take: 'incident:take',
  pass: 'incident:take',
  help: 'incident:take',
  note: 'incident:act',
  priority: 'incident:act',
  'contact-policy': 'incident:act',
  'contact-attempt': 'incident:act',
  leg: 'incident:act',
  safe: 'incident:act',
  link: 'incident:act',
  unlink: 'incident:act',
  'false-alarm': 'incident:end',
  merge: 'incident:end',
  unmerge: 'incident:end',
  reopen: 'incident:end',
  close: 'incident:end',
  'lift-duress': 'duress:lift',
}

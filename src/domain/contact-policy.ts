// Quiet until proven: whether an incident begins with silence towards the presser. A ring can kill.
// One table, kind x reporter x door; whatever it does not name is quiet.

import type { ContactPolicy } from './incident'
import type { Door, Kind, Reporter } from './press'

/** By what happened. Where somebody else may be the danger, silence. */
const BY_KIND: Record<Kind, ContactPolicy> = {
  panic: 'quiet',
  security: 'quiet',
  harassment: 'quiet',
  other: 'quiet',
  crash: 'voice_ok',
  medical: 'voice_ok',
  fire: 'voice_ok',
  flood: 'voice_ok',
}

/** Who says so: a stranger's or a passenger's phone may ring beside the attacker. */
const BY_REPORTER: Record<Reporter, ContactPolicy> = {
  driver: 'voice_ok',
  operator: 'voice_ok',
  device: 'voice_ok',
  contact: 'quiet',
  passenger: 'quiet',
  unenrolled: 'quiet',
}

/** By which way: a hidden button and a text are what one uses when one cannot speak. */
const BY_DOOR: Record<Door, ContactPolicy> = {
  api: 'voice_ok',
  lifeline: 'voice_ok',
  traccar: 'voice_ok',
  phone: 'voice_ok',
  check: 'voice_ok',
  wired: 'quiet',
  text: 'quiet',
}

export type FirstContact = { policy: ContactPolicy; reason: string }

/** The policy that a press asks for. The presser's own word on talking stands above the table. */
export function contactPolicyOf(press: {
  kind: Kind
  reporter: Reporter
  door: Door
  safeToTalk: boolean | null
}): FirstContact {
  if (press.safeToTalk !== null) {
    return press.safeToTalk
      ? { policy: 'voice_ok', reason: 'presser:safe_to_talk' }
      : { policy: 'quiet', reason: 'presser:not_safe_to_talk' }
  }
  if (BY_KIND[press.kind] === 'quiet') return { policy: 'quiet', reason: `kind:${press.kind}` }
  if (BY_REPORTER[press.reporter] === 'quiet') return { policy: 'quiet', reason: `reporter:${press.reporter}` }
  if (BY_DOOR[press.door] === 'quiet') return { policy: 'quiet', reason: `door:${press.door}` }
  return { policy: 'voice_ok', reason: `kind:${press.kind}` }
}

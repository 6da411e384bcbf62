// Who a request says it is from, beside its token: the names that OwnTracks was given, and a proxy's log-in.

import type { Message } from '../../ingest/protocol'

/** Undefined where no header says anything. What is said is believed of nobody: it tells strangers apart. */
export function senderOf({ headers }: Request): Message['sender'] {
  const user = basicUser(headers.get('authorization')) ?? headers.get('x-limit-u')
  const device = headers.get('x-limit-d')
  return user || device ? { user: user || null, device: device || null } : undefined
}

function basicUser(header: string | null): string | null {
  const text = /^basic\s+([A-Za-z0-9+/_=-]{1,400})$/i.exec(header ?? '')?.[1]
  if (!text) return null
  const [user = ''] = Buffer.from(text, 'base64').toString('utf8').split(':')
  return user === '' ? null : user
}

// What somebody types about a device: the form of a new one, and the words by which one is looked for.

import type { Word } from '../../../views/words'
import { DEVICE_ID } from '../../domain/enrolment'
import { isGateway, UNIQUE_ID_MAX } from '../../domain/gateway'
import { deviceBehind } from '../../ingest/gateway'

export const QUERY_MAX = 60

export type Typed = { id: string; driver: string; vehicle: string; kind: 'device' | 'gateway'; gateway: string | null }

export function typedIn(fields: Record<string, unknown>): Typed {
  const gateway = word(fields.gateway)
  return {
    id: word(fields.id).slice(0, UNIQUE_ID_MAX),
    driver: word(fields.driver),
    vehicle: word(fields.vehicle),
    kind: fields.kind === 'gateway' ? 'gateway' : 'device',
    gateway: isGateway(gateway) ? gateway : null,
  }
}

/** What a device is called after what was typed; or why it cannot be called so. */
export function nameOf({ id, kind, gateway }: Typed): { id: string } | { wrong: Word } {
  if (gateway !== null) {
    const behind = deviceBehind(gateway, id)
    return behind === null ? { wrong: 'device.wrong_id' } : { id: behind }
  }
  if (kind === 'gateway') {
    const named = id.startsWith('gw-') ? id : `gw-${id}`
    return isGateway(named) ? { id: named } : { wrong: 'gateway.wrong_id' }
  }
  if (!DEVICE_ID.test(id)) return { wrong: 'device.wrong_id' }
  return id.startsWith('gw-') ? { wrong: 'gateway.own_name' } : { id }
}

export const typed = (text: string | undefined): string => word(text).slice(0, QUERY_MAX)
/** NUL, which Postgres cannot store, means nothing in a name. */
const word = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '').trim() : ''

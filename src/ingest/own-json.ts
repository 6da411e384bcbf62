// Our own message of a press, sent to a device's address instead of /api/sos: meant as a cry, so it is one.

import { KINDS } from '../domain/press'
import { isObject } from './json'
import { pressFields } from './press-json'
import { EMPTY_REPLY, type Protocol } from './protocol'

export const ownJson: Protocol = {
  name: 'press-json',
  read({ json, now }) {
    if (!isObject(json)) return null
    const ours = KINDS.some((kind) => kind === json.kind) || 'pressedAt' in json || 'safeToTalk' in json
    if (!ours) return null
    const fields = pressFields(json, now)
    return [{ sos: true, claimedId: null, fields: { ...fields, labels: [...fields.labels, 'wrong_door'] } }]
  },
  reply: EMPTY_REPLY,
}

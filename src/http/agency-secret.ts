// With what an agency's machine signs what it says of one hand-off: made of our own secret and the hand-off's id, so that no
// agency can speak for another, and nothing is kept for it.

import { createHmac } from 'node:crypto'

/** `whsec_…` as Standard Webhooks has it. `ours`: WEBHOOK_SECRET. */
export const agencySecret = (ours: string, handOffId: string): string =>
  `whsec_${createHmac('sha256', ours).update(`agency ${handOffId}`).digest('base64')}`

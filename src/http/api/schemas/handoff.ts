// What people send to hand an incident on, to tell the driver's contacts, to write to the driver and to share its place.

import { HANDOFF_ID } from '../../../domain/handoff'
import { GRANTS, MESSAGE_MAX, SHARE_KINDS, SHARE_MINUTES } from '../../../domain/share'
import { MaybeTime, Time, text, words } from './common'
import { z } from './zod'

const when = z.iso
  .datetime({ offset: true })
  .transform((at) => Date.parse(at))
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-22T18:10:00+08:00' })

export const HandOffBody = z
  .object({
    agencyId: words(120).openapi({ description: 'Of the directory of this region.', example: 'ncr-911' }),
    number: text(40).nullish().openapi({ description: 'What was dialled. The tower dials nothing.', example: '911' }),
    ref: text(80).nullish().openapi({ description: 'The agency’s own reference.', example: 'CC-20261122-0815' }),
    calledAt: when.nullish().openapi({ description: 'Absent: now.' }),
    answeredAt: when.nullish(),
    note: text(2_000).nullish(),
    byMachine: z.boolean().default(false).openapi({
      description: 'True: nobody calls; the tower’s machine tells the agency’s, and traces the vehicle for it.',
    }),
  })
  .openapi('HandOffTold')

export const KinBody = z
  .object({
    contactIds: z.array(words(120)).min(1).max(10),
    stage: z.enum(['pressed', 'safe']).openapi({
      description: 'pressed: that the driver has pressed. safe: that the driver is safe, once that is confirmed.',
    }),
  })
  .openapi('TellKin')

export const MessageBody = z
  .object({
    text: words(MESSAGE_MAX).openapi({ description: 'Without a link.', example: 'Police are two minutes away.' }),
  })
  .openapi('MessageToDriver')

export const ShareBody = z
  .object({
    kind: z
      .enum(SHARE_KINDS)
      .openapi({ description: 'agency: police and the like. Others get no link while it is quiet.' }),
    recipient: words(120).openapi({ description: 'Whom it is for.', example: 'Makati police, Sgt Cruz' }),
    granted: z.array(z.enum(GRANTS)).min(1).openapi({ description: 'What may be seen, and nothing else.' }),
    minutes: z.number().int().min(SHARE_MINUTES.least).max(SHARE_MINUTES.most).default(SHARE_MINUTES.usual),
    phone: text(40).nullish().openapi({ description: 'The spoken code goes there by text. The link never does.' }),
  })
  .openapi('ShareWish')

export const ShareSchema = z
  .object({
    id: z.string(),
    kind: z.enum(SHARE_KINDS),
    recipient: z.string(),
    granted: z.array(z.enum(GRANTS)),
    madeBy: z.string(),
    madeAt: Time,
    expiresAt: Time,
    revokedAt: MaybeTime,
    open: z.boolean(),
    seen: z.object({ count: z.number().int(), lastAt: MaybeTime }),
  })
  .openapi('Share')

export const ShareMadeSchema = z
  .object({
    share: ShareSchema,
    url: z.string().openapi({ description: 'Shown this once: the tower keeps only a hash of it.' }),
    code: z.string().openapi({ description: 'To be said aloud; typed in at /s.', example: 'K7P-3QD' }),
  })
  .openapi('ShareMade')

/** Of an agency's machine. Fields that are not named here are ignored. */
export const AgencyStatusBody = z.object({
  type: z.literal('handoff.status'),
  id: z.string().regex(HANDOFF_ID),
  state: z.enum(['accepted', 'declined', 'on_the_way', 'there', 'done']),
  etaMinutes: z.number().int().min(0).max(1_440).nullish(),
  ref: text(80).nullish(),
  unit: text(80).nullish(),
  at: z.iso
    .datetime({ offset: true })
    .transform((at) => Date.parse(at))
    .nullish(),
})

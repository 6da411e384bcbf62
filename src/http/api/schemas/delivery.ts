// Schemas of the delivery report, of the ways out, and of what is parked.

import type { Attempt } from '../../../domain/page'
import { CHANNELS, PAGE_REASONS } from '../../../domain/page'
import type { Delivery } from '../../../store/attempts'
import type { WaysOut } from '../../ways-out'
import { Time } from './common'
import { AttemptSchema, attemptJson } from './paging'
import { z } from './zod'

const Count = z.number().int()
const Ms = z
  .number()
  .nullable()
  .openapi({ description: 'From the call to the network’s word. Null: nothing was delivered.' })

const DeliverySchema = z
  .object({
    channel: z.enum(CHANNELS),
    provider: z.string().nullable(),
    network: z.string().nullable(),
    sent: Count.openapi({ description: 'Handed to a provider, or tried.' }),
    delivered: Count.openapi({ description: 'The network said so; some of them were also answered.' }),
    undelivered: Count,
    failed: Count,
    answered: Count.openapi({ description: 'A person pressed a key or wrote back.' }),
    p50Ms: Ms,
    p99Ms: Ms,
  })
  .openapi('Delivery')

export const DeliveriesSchema = z
  .object({ from: Time, until: Time, deliveries: z.array(DeliverySchema) })
  .openapi('Deliveries')

const WaySchema = z
  .object({
    name: z.string().openapi({ example: 'twilio sms' }),
    provider: z.string(),
    channel: z.enum(CHANNELS),
    on: z.boolean(),
    missing: z.array(z.string()).openapi({ description: 'Names of settings that are not there. Never a value.' }),
    circuit: z
      .object({
        open: Count.openapi({ description: 'At so many couriers of the region it is not asked now.' }),
        of: Count,
        failures: Count.openapi({ description: 'In a row.' }),
        since: Time.nullable(),
        until: Time.nullable(),
      })
      .nullable(),
  })
  .openapi('WayOut')

export const WaysOutSchema = z
  .object({
    at: Time.nullable().openapi({ description: 'Of the round that found it. Null: nothing is known of circuits now.' }),
    queued: Count,
    underWay: Count,
    parked: Count,
    away: Count.openapi({ description: 'Couriers that did not answer.' }),
    ignored: z.object({ late: Count, repeated: Count, unknown: Count, forged: Count }).openapi({
      description: 'Receipts that changed nothing, by why.',
    }),
    ways: z.array(WaySchema),
  })
  .openapi('WaysOut')

export const ParkedSchema = z
  .object({
    attempts: z.array(
      AttemptSchema.extend({ incidentId: z.string().nullable(), reason: z.enum(PAGE_REASONS) }).openapi(
        'ParkedAttempt',
      ),
    ),
    away: Count.openapi({ description: 'Couriers that did not answer: there may be more.' }),
  })
  .openapi('Parked')

const iso = (at: number): string => new Date(at).toISOString()
const maybe = (at: number | null): string | null => (at === null ? null : iso(at))

export const deliveriesJson = (
  from: number,
  until: number,
  deliveries: readonly Delivery[],
): z.output<typeof DeliveriesSchema> => ({ from: iso(from), until: iso(until), deliveries: [...deliveries] })

export const waysJson = ({ ways, at, ...counts }: WaysOut): z.output<typeof WaysOutSchema> => ({
  ...counts,
  at: maybe(at),
  ways: ways.map(({ circuit, ...way }) => ({
    ...way,
    circuit: circuit && { ...circuit, since: maybe(circuit.since), until: maybe(circuit.until) },
  })),
})

export const parkedJson = ({
  attempts,
  away,
}: {
  attempts: readonly Attempt[]
  away: number
}): z.output<typeof ParkedSchema> => ({
  away,
  attempts: attempts.map((attempt) => ({
    ...attemptJson(attempt),
    incidentId: attempt.incidentId,
    reason: attempt.reason,
  })),
})

// A driver's emergency contacts as the API tells them, and what a person writes of them.

import type { KeptKin } from '../../../domain/duty-record'
import { KIN_MOST } from '../../../domain/kin-check'
import type { KinDriver } from '../../../store/kin'
import { MaybeTime, RegionIdSchema, words } from './common'
import { z } from './zod'

export const DriverId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:-]{0,79}$/)
  .openapi({ param: { name: 'id', in: 'path' }, description: 'Of the driver.' })

const CONTACT = {
  name: words(80),
  relation: words(40).openapi({ description: 'Who they are to the driver.', example: 'sister' }),
  phone: words(20).openapi({ description: 'Of the Philippines: 0917 123 4567 or +63917….', example: '+639171234567' }),
  lang: z.enum(['en', 'fil']).openapi({ description: 'In which they are told.' }),
}

export const KinSchema = z
  .object({
    driverId: z.string(),
    region: RegionIdSchema,
    contacts: z.array(z.object({ id: z.string(), ...CONTACT }).openapi('KinContact')),
    version: z
      .number()
      .int()
      .openapi({ description: '0: the driver has named nobody yet. Send it back with a change of yours.' }),
    changedBy: z.string().nullable(),
    changedAt: MaybeTime,
  })
  .openapi('DriverKin')

export const KinBody = z
  .object({
    contacts: z
      .array(
        z
          .object({
            id: words(80).optional().openapi({ description: 'Of one who stays. Absent: somebody new.' }),
            ...CONTACT,
          })
          .openapi('KinContactWritten'),
      )
      .max(KIN_MOST)
      .openapi({ description: 'All of them, the first to be told first.' }),
    version: z
      .number()
      .int()
      .optional()
      .openapi({ description: 'The version that you saw. Absent: they are written whatever they are now.' }),
  })
  .openapi('DriverKinWritten')

export const kinJson = ({ id, region }: Pick<KinDriver, 'id' | 'region'>, kin: KeptKin | null) => ({
  driverId: id,
  region,
  contacts: kin?.contacts ?? [],
  version: kin?.version ?? 0,
  changedBy: kin?.changedBy ?? null,
  changedAt: kin ? new Date(kin.changedAt).toISOString() : null,
})

// Logging in, and who is logged in.

import { ROLES } from '../../../domain/access'
import { RegionIdSchema, Time } from './common'
import { z } from './zod'

export const CredentialsSchema = z
  .object({
    email: z.email().openapi({ example: 'ana.reyes@example.ph' }),
    password: z.string().openapi({ example: 'a long sentence of her own' }),
  })
  .openapi('Credentials')

export const SessionSchema = z
  .object({
    token: z.string().openapi({ description: 'Send it as `Authorization: Bearer`.' }),
    expiresAt: Time.openapi({ description: 'At most 12 h away. Not while its person holds an incident.' }),
  })
  .openapi('Session')

export const MeSchema = z
  .object({
    uid: z.string(),
    name: z.string(),
    alias: z
      .string()
      .openapi({ description: 'What phones and other desks see instead of the name.', example: 'Desk 3' }),
    role: z.enum(ROLES),
    regions: z.array(RegionIdSchema),
    csrf: z.string().nullable().openapi({ description: 'For scripts that use the cookie: send it as X-CSRF-Token.' }),
  })
  .openapi('Me')

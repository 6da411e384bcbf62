// The OpenAPI 3.1 document: made from the schemas that check the requests, so it cannot say anything else.

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv, Env } from '../env'
import { SHARED } from './schemas/incident'

const ABOUT = `The emergency tower of a transport fleet: phones press, people take, everybody sees the same order.

**Times** are ISO 8601 in UTC, lengths are metres, speeds metres per second. **Errors** are \`{error: {code, message, field?}}\`: \`code\` is for programs and does not change, \`message\` is for people. Fields that are not named here are ignored, so that a newer client can talk to an older tower.

**Repeats are safe.** An act that is already so answers 200 with the incident as it is; a press or a phoned-in incident with the same id is the same one. After a time-out, ask again.

**Quiet until proven.** While an incident is \`quiet\`, nothing may reach the presser, for a ring can kill. What the phone can read of it then tells nothing.`

const TAGS = [
  {
    name: 'Devices',
    description: 'Drivers’ phones and the apps on them. The device token is in the QR code of the device.',
  },
  { name: 'Incidents', description: 'The queue, one incident, and incidents that were phoned in.' },
  { name: 'Acts', description: 'What a person does to an incident. Each answers the incident as it is afterwards.' },
  { name: 'Live', description: 'What screens hold open, and what they ask when a room is away.' },
  { name: 'Regions', description: 'A region is one room, one queue, one order.' },
  {
    name: 'Rota',
    description: 'Who can be told, who is on duty when, where nobody is, and whom a region tells in which order.',
  },
  {
    name: 'Outside',
    description:
      'Whom operators tell outside the tower: agencies, the driver’s contacts, the driver, and people with a live-location link. Each is a person’s decision, and is recorded.',
  },
  {
    name: 'Drills',
    description: 'Drivers’ phones, people on duty, channels and whole regions, tried as if it were real.',
  },
  { name: 'Tracks', description: 'Where devices were, for a purpose that is written down.' },
  {
    name: 'Geofences',
    description: 'Areas drawn on the map, and which vehicles went in and out. None of it makes a sound.',
  },
  {
    name: 'Storm',
    description: 'Many at once: one page for all, the gravest first to one person each, and incidents of one cause.',
  },
  {
    name: 'Broadcasts',
    description:
      'Own drivers in an area are told one thing, in two steps, and asked how they are. Never a phone under a quiet incident, and never in the form of a government’s alert.',
  },
  { name: 'Unverified presses', description: 'Presses without a genuine token: kept and counted, never paged.' },
  { name: 'Sessions', description: 'Logging in and out.' },
  { name: 'Health', description: 'For monitors. Anybody may ask.' },
]

export type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>

/** Registers what every operation may refer to. Once, before any route is mounted. */
export function registerShared(api: OpenAPIHono<AppEnv>): void {
  for (const [name, schema] of Object.entries(SHARED)) api.openAPIRegistry.register(name, schema)
  api.openAPIRegistry.registerComponent('securitySchemes', 'deviceToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of a device. An expired or revoked one still raises an SOS, which is labelled.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that logging in gave.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'sessionCookie', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-xot',
    description:
      'For pages of ours; named `xot` where the tower runs on plain http on this machine. What changes something also needs the page’s own origin and the header HX-Request or X-CSRF-Token.',
  })
}

/** The same for every request of an isolate, apart from the address and version that its settings give. */
export function documentOf(api: OpenAPIHono<AppEnv>, env: Pick<Env, 'PUBLIC_URL' | 'VERSION'>): Document {
  const key = `${env.PUBLIC_URL} ${env.VERSION}`
  const known = documents.get(api)
  if (known?.key === key) return known.document
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Xpress Ops Tower',
      version: env.VERSION || 'dev',
      description: ABOUT,
      license: { name: 'MIT' },
    },
    servers: [{ url: env.PUBLIC_URL, description: 'This tower' }],
    tags: TAGS,
  })
  documents.set(api, { key, document })
  return document
}

const documents = new WeakMap<OpenAPIHono<AppEnv>, { key: string; document: Document }>()

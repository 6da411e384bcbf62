// Every binding and setting of the Worker, and what a request carries on its way through the app.
// Settings are strings; settings.ts checks them once at start.

import type { CourierRpc } from '../courier/contract'
import type { Viewer } from '../domain/access'
import type { FleetRpc } from '../fleet/contract'
import type { IntakeRpc, SpoolRpc } from '../intake/contract'
import type { RoomRpc } from '../room/contract'
import type { SentinelRpc } from '../sentinel/contract'

type Branded<T> = T & Rpc.DurableObjectBranded

export type Env = {
  SOS_INTAKE: DurableObjectNamespace<Branded<IntakeRpc>>
  SOS_ROOM: DurableObjectNamespace<Branded<RoomRpc>>
  FLEET_SHARD: DurableObjectNamespace<Branded<FleetRpc>>
  SENTINEL: DurableObjectNamespace<Branded<SentinelRpc>>
  COURIER: DurableObjectNamespace<Branded<CourierRpc>>
  ASSETS: Fetcher
  HYPERDRIVE?: { connectionString: string }
  DATABASE_URL?: string
  /** Reader role, for pages and reports. Falls back to the writer's address. */
  DATABASE_READER_URL?: string
  /** As phones and browsers reach us, without a trailing slash. */
  PUBLIC_URL: string
  /** Intake shards per region: 16 on Cloudflare, 1 to 4 in one workerd. */
  INTAKE_SHARDS?: string
  /** Fleet shards per region: 4 on Cloudflare, 1 in one workerd. Maps open a socket to each. */
  FLEET_SHARDS?: string
  /** Seconds without a word after which a device is silent: 300 unless told. */
  SILENT_AFTER_S?: string
  /** `on` where more than one process serves the shards. */
  STEP_AROUND?: string
  /** Signing keys, newest first: "kid:base64url,kid:base64url". */
  DEVICE_KEYS: string
  SESSION_KEYS: string
  /** Pepper of PIN and password hashes, base64url. */
  PEPPER: string
  DEADMAN_URL?: string
  /** Ways out; each is off where it is not configured. Texts and calls: Twilio, and a phone of our own with a SIM behind it. */
  TWILIO_ACCOUNT_SID?: string
  TWILIO_AUTH_TOKEN?: string
  /** A registered alphanumeric sender: the networks of the Philippines overwrite long numbers. */
  TWILIO_SMS_FROM?: string
  TWILIO_VOICE_FROM?: string
  TWILIO_BASE_URL?: string
  SIM_GATEWAY_URL?: string
  SIM_GATEWAY_TOKEN?: string
  /** Under which the gateway signs what comes in. */
  SIM_GATEWAY_SECRET?: string
  SENDGRID_API_KEY?: string
  SENDGRID_FROM?: string
  /** Public key of its event webhook, base64. */
  SENDGRID_WEBHOOK_KEY?: string
  SENDGRID_BASE_URL?: string
  /** `whsec_…` of the Standard Webhooks that we send. */
  WEBHOOK_SECRET?: string
  /** The tower's own numbers: "NCR:0286540000,CEB:0324150000". */
  TOWER_PHONES?: string
  /** Courier shards per region: 4 on Cloudflare, 1 in one workerd. */
  COURIER_SHARDS?: string
  /** Google Maps Platform (Routes, Geocoding). Without it our own tables answer, and nobody outside is asked. */
  GOOGLE_MAPS_KEY?: string
  /** `on` keeps a provider's addresses in Redis for a day. Google's usual terms do not allow it: see README. */
  GEOCODE_CACHE?: string
  TILE_URL?: string
  TILE_ATTRIBUTION?: string
  /** Both or neither: addresses, log-in counts and the overview of all isolates. Nothing on the way of an SOS asks it. */
  UPSTASH_REDIS_REST_URL?: string
  UPSTASH_REDIS_REST_TOKEN?: string
  VERSION?: string
  /** WebSockets that this process can hold, all together: beyond them its descriptors end. Unset on Cloudflare. */
  SOCKET_LIMIT?: string
  /** On machines of one's own: the process that makes passwords' chains, and what it knows us by. Unset on Cloudflare. */
  PASSWORDS?: Fetcher
  PASSWORDS_KEY?: string
  /** In a cluster's member: the inner door of the spool on its machine. Unset elsewhere. */
  SPOOL?: Fetcher
  /** In the process of a spool alone: its object, and the inner door of the member on its machine. */
  SPOOL_OBJECTS?: DurableObjectNamespace<Branded<SpoolRpc>>
  MEMBER?: Fetcher
  /** `on` in fault tests alone: the loopback socket may then kill a room. */
  FAULTS?: string
}

export type Lang = 'en' | 'fil'

export type AppEnv = {
  Bindings: Env
  Variables: {
    /** Set by `session()` on every route that needs a person. */
    viewer: Viewer
    /** Of this response's Content-Security-Policy. */
    nonce: string
    requestId: string
    lang: Lang
  }
}

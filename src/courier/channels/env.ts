// The settings of the ways out, as the environment has them. Each way is off where it is not configured.

export type CourierEnv = {
  /** As providers reach us, without a trailing slash. */
  PUBLIC_URL: string
  TWILIO_ACCOUNT_SID?: string
  TWILIO_AUTH_TOKEN?: string
  TWILIO_SMS_FROM?: string
  TWILIO_VOICE_FROM?: string
  TWILIO_BASE_URL?: string
  SIM_GATEWAY_URL?: string
  /** `user:password` (Basic) or a token (Bearer). */
  SIM_GATEWAY_TOKEN?: string
  SENDGRID_API_KEY?: string
  SENDGRID_FROM?: string
  SENDGRID_BASE_URL?: string
  WEBHOOK_SECRET?: string
}

/** What channels need beside settings; `fetch` is the platform's unless a test says otherwise. */
export type ChannelPorts = {
  /** True where an open lifeline of this device took the frame. */
  lifeline(deviceId: string, frame: unknown): Promise<boolean>
  /** Epoch ms. */
  now(): number
  fetch?: Fetch
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The platform's own, bound: taken off its object it throws in workerd. */
export const platformFetch: Fetch = (url, init) => fetch(url, init)

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

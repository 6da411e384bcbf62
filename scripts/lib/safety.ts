// Where a tower may be reached, and over what: nobody should open one to the world by accident.

import { CannotStart } from './refusal'

export type Where = {
  host: string
  /** As browsers and phones reach it, without a trailing slash. */
  url: string
  /** Said in red where somebody insisted. */
  banner: string | null
}

/** Throws CannotStart, with what to do, where it would be unsafe. */
export function checkSafety(given: { host: string; port: number; publicUrl: string | null; insecure: boolean }): Where {
  const { host, port, publicUrl, insecure } = given
  if (!isLoopback(host) && publicUrl === null) {
    throw new CannotStart(
      `--host ${host} needs PUBLIC_URL, the address by which browsers and phones reach this machine: PUBLIC_URL=https://tower.example.org`,
    )
  }
  const url = publicUrl === null ? `http://${host.includes(':') ? `[${host}]` : host}:${port}` : originOf(publicUrl)
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || isLoopback(hostname)) return { host, url, banner: null }
  if (!insecure) {
    throw new CannotStart(
      `PUBLIC_URL ${url} is plain http: everybody on the way could read passwords and change alarms. ` +
        'Put a proxy with https before it, or insist with --insecure.',
    )
  }
  return {
    host,
    url,
    banner: red(` INSECURE: ${url} is plain http. Everybody on the way can read and change everything. `),
  }
}

function originOf(text: string): string {
  const url = URL.parse(text)
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    url.username
  ) {
    throw new CannotStart(
      `PUBLIC_URL must be an address like https://tower.example.org, without a path; it is "${text}".`,
    )
  }
  return url.origin
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

const red = (text: string): string => (process.stdout.isTTY ? `\x1b[1;97;41m${text}\x1b[0m` : `***${text}***`)

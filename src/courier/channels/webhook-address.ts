// Which addresses our webhooks may go to: the public internet over TLS. What stands inside our own network is not for a
// configured text to reach.

/** Null where it may be called, else why not. `loopback`: also http to this very machine, for a tower that runs there. */
export function refusedAddress(text: string, loopback: boolean): string | null {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'bad_address'
  if (url.username || url.password) return 'bad_address'
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (loopback && isLoopback(host)) return null
  if (url.protocol !== 'https:') return 'not_https'
  return isPrivate(host) ? 'private_address' : null
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|arpa|invalid|test)$/

// The URL parser has already made dotted numbers of 0x7f.1, 2130706433 and the like.
function isPrivate(host: string): boolean {
  if (host.includes(':')) return isPrivateV6(host)
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPrivateV4(host)
  const name = host.replace(/\.$/, '')
  return PRIVATE_NAMES.test(name) || !name.includes('.')
}

function isPrivateV4(host: string): boolean {
  const [a = 0, b = 0] = host.split('.').map(Number)
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || b === 0)) ||
    (a === 198 && (b === 18 || b === 19)) ||
    a >= 224
  )
}

// Only global unicast (2000::/3) is the internet; and what wraps an IPv4 address is not looked into.
const isPrivateV6 = (host: string): boolean =>
  !/^[23][0-9a-f]{3}:/.test(host) || /^2002:|^2001:0?:|^2001:db8:/.test(host)

// An address as screens, reports and logs have it: enough to tell two apart, too little to call.

import type { Address } from '../domain/page'

/** +639171234567 → +63917•••4567, juan@fleet.example → j•••@fleet.example, a webhook's address → its host. */
export function shortened({ channel, to }: Address): string {
  if (channel === 'voice' || channel === 'sms') {
    const head = to.startsWith('+63') ? 6 : 3
    return to.length >= head + 6 ? `${to.slice(0, head)}•••${to.slice(-4)}` : `•••${to.slice(-2)}`
  }
  if (channel === 'email') {
    const at = to.lastIndexOf('@')
    return at > 0 ? `${to.slice(0, 1)}•••${to.slice(at)}` : '•••'
  }
  if (channel === 'webhook') return URL.canParse(to) ? new URL(to).host : '•••'
  return to
}

// Numbers and addresses of people as those see them who only have to tell them apart: +63917•••4567, s•••@tower.example.

import type { Address } from '../domain/page'

export function shortened({ channel, to }: Address): Address {
  if (channel === 'email') return { channel, to: to.replace(/^(.).*(@.*)$/, '$1•••$2') }
  if (channel === 'webhook') return { channel, to: URL.canParse(to) ? `${new URL(to).origin}/•••` : '•••' }
  return { channel, to: to.length > 9 ? `${to.slice(0, 6)}•••${to.slice(-4)}` : '•••' }
}

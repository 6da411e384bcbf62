// The long computation behind a password: a chain of scrypts, each one's key the next one's secret, so that they can only be made
// one after the other. What it is made of is in password.ts, who else may make it is in chain-elsewhere.ts.

import { scryptSync } from 'node:crypto'

export type Chain = {
  secret: Uint8Array
  salt: Uint8Array
  log2N: number
  r: number
  links: number
  keyBytes: number
}

/** What a chain may ask of us. One with larger numbers is a mistake or an attack, never a password of ours. */
const MAX = { log2N: 15, r: 16, links: 16, saltBytes: 64, keyBytes: 64 }

export const isModest = ({ log2N, r, links, salt, keyBytes }: Omit<Chain, 'secret'>): boolean =>
  isWithin(log2N, MAX.log2N) &&
  isWithin(r, MAX.r) &&
  isWithin(links, MAX.links) &&
  salt.length >= 8 &&
  salt.length <= MAX.saltBytes &&
  keyBytes >= 16 &&
  keyBytes <= MAX.keyBytes

type Options = ReturnType<typeof optionsOf>
/** As `scrypt` of node:crypto. */
export type Scrypt = (secret: Uint8Array, salt: Uint8Array, keyBytes: number, options: Options) => Promise<Uint8Array>

/** On this thread. */
export const here: Scrypt = async (...link) => scryptSync(...link)

/** `breathe` is waited for between two links. */
export async function runChain(
  chain: Chain,
  scrypt: Scrypt,
  breathe: () => Promise<unknown> = async () => {},
): Promise<Uint8Array> {
  let { secret } = chain
  for (let link = 1; link <= chain.links; link++) {
    if (link > 1) await breathe()
    secret = await scrypt(secret, chain.salt, chain.keyBytes, optionsOf(chain))
  }
  return secret
}

const optionsOf = ({ log2N, r }: Pick<Chain, 'log2N' | 'r'>) => ({
  N: 2 ** log2N,
  r,
  p: 1,
  maxmem: 256 * 2 ** log2N * r + 1024 * 1024,
})

const isWithin = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most

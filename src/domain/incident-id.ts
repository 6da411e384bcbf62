// The id of an incident or press from what makes it unique: whoever computes it again gets the same, wherever they are.

import { createHash } from 'node:crypto'
import { type RegionId, regionById } from './region'

/** UUIDv8: the first byte is the home region's number, by which `regionOfIncident` finds its room; the rest is a hash. */
export function incidentIdFrom(home: RegionId, what: string): string {
  const bytes = createHash('sha256').update(what).digest().subarray(0, 16)
  bytes[0] = regionById(home).number
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

// Whether what is known of an agency is still known: numbers change, and nobody tells a tower.

import type { Agency } from './agency'

const DAY_MS = 86_400_000

/** When it is to be verified again, epoch ms; null where it never was. */
export const verifyAt = ({ verifiedAt, reverifyDays }: Pick<Agency, 'verifiedAt' | 'reverifyDays'>): number | null =>
  verifiedAt === null ? null : verifiedAt + reverifyDays * DAY_MS

export const dueAgain = (agency: Pick<Agency, 'verifiedAt' | 'reverifyDays'>, now: number): boolean =>
  (verifyAt(agency) ?? 0) <= now

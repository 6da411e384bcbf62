// Faults that take long are left to `bun run faults`: `npm test`, which runs this folder as well, passes over them and says so.

import { beforeAll, test } from 'bun:test'
import { IS_CAMPAIGN } from '../../scripts/faults/pace'

export const campaign = IS_CAMPAIGN ? test : test.skip

/** What only they need is not started without them. */
export function beforeCampaign(run: () => Promise<void>, limitMs: number): void {
  if (IS_CAMPAIGN) beforeAll(run, limitMs)
}

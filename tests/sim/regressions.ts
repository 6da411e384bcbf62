// Seeds that found something once, each with what it was. They are run first, by every run of the command and by the tests. A seed means
// what it meant only as long as plan.ts draws the same from it: where that changes, the test beside the mended code still stands.

export type Regression = { seed: number; found: string }

export const REGRESSIONS: readonly Regression[] = []

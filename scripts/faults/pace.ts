// How much of a fault a run takes: the same test kills five times in a fast run and two hundred times in a full one.

/** `quick`: as `npm test` runs it. `standard`: as `bun run faults`. `full`: true times and numbers, for as long as they take. */
export type Pace = 'quick' | 'standard' | 'full'

export const PACES: readonly Pace[] = ['quick', 'standard', 'full']
/** The environment variable that carries it to a test. */
export const PACE_NAME = 'FAULTS_PACE'

export const PACE: Pace = PACES.find((each) => each === process.env[PACE_NAME]) ?? 'quick'
/** Run by `bun run faults`, in whatever size, and not by `npm test`. */
export const IS_CAMPAIGN = process.env[PACE_NAME] !== undefined

/** The one of three sizes that this run is for. */
export const sized = <T>(quick: T, standard: T, full: T): T => ({ quick, standard, full })[PACE]

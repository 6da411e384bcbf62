// How much of everything. The quick plan asks the same questions of a machine that has a minute.

export type Plan = {
  /** Each presses once, all within a second. */
  phones: number
  shards: readonly number[]
  screens: number
  /** How long duty people's phones are watched after it, in true time. */
  dutySeconds: number
  /** Over two instances together. */
  lifelines: number
  watchers: number
  holdSeconds: number
  /** While held, evenly spread. */
  alerts: number
  /** Presses that screens are timed by, before slow readers come and beside them. */
  slowSeconds: number
  positionsSeconds: number
  overloadSeconds: number
}

export const QUICK: Plan = {
  phones: 1_000,
  shards: [4],
  screens: 20,
  dutySeconds: 10,
  lifelines: 1_200,
  watchers: 40,
  holdSeconds: 6,
  alerts: 2,
  slowSeconds: 3,
  positionsSeconds: 5,
  overloadSeconds: 4,
}

export const FULL: Plan = {
  phones: 10_000,
  shards: [1, 4, 16],
  screens: 50,
  dutySeconds: 600,
  lifelines: 14_500,
  watchers: 500,
  holdSeconds: 600,
  alerts: 5,
  slowSeconds: 20,
  positionsSeconds: 30,
  overloadSeconds: 20,
}

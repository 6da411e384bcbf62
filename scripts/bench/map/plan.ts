// What the bench asks of its page, and what the page answers.

export type Plan = { vehicles: number; seconds: number }
export type Seen = {
  fps: number
  /** Milliseconds between frames of the screen. */
  gapsMs: number[]
  /** Longest task of the page's thread. Browsers tell of tasks from 50 ms on: below that, the longest piece of our own work. */
  longestTaskMs: number
  drawMs: number[]
  takeMs: number[]
  drawnVehicles: number
}

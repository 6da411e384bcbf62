// When the screen offers its storm view, and when it takes it by itself. A person can always turn it on or off.

export type StormState = 'off' | 'offered' | 'on'

const PER_FREE = 10

/** `chosen`: what a person here has said, null if nothing yet. */
export function stormOf(untaken: number, free: number, chosen: 'on' | 'off' | null): StormState {
  if (chosen === 'on') return 'on'
  const many = PER_FREE * Math.max(1, free)
  if (untaken > 3 * many) return chosen === 'off' ? 'offered' : 'on'
  return untaken > many ? 'offered' : 'off'
}

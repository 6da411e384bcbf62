// A guard of the tower, and the way to take it out of the source.

export type Patch = { file: string; find: string; put: string }

/** `without`: what the tower does when this guard is gone. */
export type Guard = { name: string; without: string; patches: readonly Patch[] }

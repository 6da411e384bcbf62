// Rows never move under the pointer. While it is over the list, what is there stays where it is and new rows wait;
// when it leaves, the list takes its true order. The P1 band stands outside of this rule.

export type Held = { rows: string[]; waiting: string[] }

/** `shown`: ids as they stand; `wanted`: ids in true order; `held`: the pointer or the focus is in the list. */
export function arrange(shown: readonly string[], wanted: readonly string[], held: boolean): Held {
  if (!held || shown.length === 0) return { rows: [...wanted], waiting: [] }
  const here = new Set(shown)
  // Rows that have left the queue stay as ghosts until the pointer goes: a click must hit what the eye saw.
  return { rows: [...shown], waiting: wanted.filter((id) => !here.has(id)) }
}

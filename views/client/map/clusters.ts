// SOS markers that would lie on each other are one marker with a count and the WORST priority inside, never an average.

export type Spot = { id: string; x: number; y: number; priority: string; untaken: boolean; drill: boolean }
/** `drill`: nothing in it is real. */
export type Cluster = { ids: string[] } & Omit<Spot, 'id'>

/** Pixels within which two markers cannot both be hit. */
export const CELL_PX = 44

/** What is real first, and of it the worst, so that a cluster stands where its gravest incident is. The framed one is never hidden in a cluster. */
export function clusters(spots: readonly Spot[], framedId: string | null): Cluster[] {
  const ordered = [...spots].sort((a, b) =>
    a.drill !== b.drill
      ? Number(a.drill) - Number(b.drill)
      : a.priority === b.priority
        ? Number(b.untaken) - Number(a.untaken)
        : a.priority < b.priority
          ? -1
          : 1,
  )
  const found: Cluster[] = []
  const cells = new Map<string, Cluster[]>()
  for (const { id, x, y, priority, untaken, drill } of ordered) {
    const [column, row] = [Math.floor(x / CELL_PX), Math.floor(y / CELL_PX)]
    const near =
      id === framedId
        ? undefined
        : neighbours(cells, column, row).find(
            (each) => each.ids[0] !== framedId && Math.hypot(each.x - x, each.y - y) < CELL_PX,
          )
    if (near) {
      near.ids.push(id)
      near.untaken ||= untaken
      continue
    }
    const cluster = { ids: [id], x, y, priority, untaken, drill }
    found.push(cluster)
    const key = `${column},${row}`
    cells.set(key, [...(cells.get(key) ?? []), cluster])
  }
  return found
}

function neighbours(cells: ReadonlyMap<string, Cluster[]>, column: number, row: number): Cluster[] {
  const found: Cluster[] = []
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++) found.push(...(cells.get(`${column + dx},${row + dy}`) ?? []))
  return found
}

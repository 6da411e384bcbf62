// Where a room's log can be read from: the room itself, a file, or Postgres. Oldest first, epoch after epoch.

import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import type { LogEvent } from '../../src/domain/event'
import { REGION_IDS, type RegionId } from '../../src/domain/region'

/** Events by room. */
export type Logs = Map<string, LogEvent[]>

const PAGE = 500

/** `internalUrl`: the loopback address that a running tower's supervisor knows. */
export async function fromRooms(internalUrl: string, regions: readonly RegionId[] = REGION_IDS): Promise<Logs> {
  const logs: Logs = new Map()
  for (const region of regions) {
    const events: LogEvent[] = []
    for (let from = 1; ; ) {
      const response = await fetch(`${internalUrl}/rooms/${region}/log?from=${from}&limit=${PAGE}`)
      if (!response.ok) throw new Error(`the room ${region} answered ${response.status}`)
      const page = ((await response.json()) as { events: LogEvent[] }).events
      events.push(...page)
      const last = page.at(-1)
      if (!last || page.length < PAGE) break
      from = last.seq + 1
    }
    logs.set(region, events)
  }
  return logs
}

/** A JSON array of events, or `{events: [...]}` as the API gives them. */
export async function fromFile(path: string): Promise<Logs> {
  const json = JSON.parse(await readFile(path, 'utf8')) as LogEvent[] | { events: LogEvent[] }
  const logs: Logs = new Map()
  for (const event of Array.isArray(json) ? json : json.events) {
    const events = logs.get(event.room)
    if (events) events.push(event)
    else logs.set(event.room, [event])
  }
  return logs
}

/** `url`: any account that may read. */
export async function fromDatabase(url: string): Promise<Logs> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    const logs: Logs = new Map()
    const rows = await sql<LogEvent[]>`
      SELECT room, epoch, seq::float8 AS seq, round(extract(epoch FROM at) * 1000)::float8 AS at, type, incident, actor, body, salt,
        body_hash AS "bodyHash", prev_hash AS "prevHash", hash
      FROM (SELECT *, min(at) OVER (PARTITION BY room, epoch) AS began FROM incident_event) AS line
      ORDER BY room, began, epoch, seq`
    for (const event of rows) {
      const events = logs.get(event.room)
      if (events) events.push(event)
      else logs.set(event.room, [event])
    }
    return logs
  } finally {
    await sql.end({ timeout: 5 })
  }
}

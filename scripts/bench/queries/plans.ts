// How Postgres goes about a query, as short lines that stay the same from day to day: which table by which index.

import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../src/store/postgres'

/** The statements that `run` sends, planned by Postgres with the same values after it has run: one list of lines each. */
export async function plansOf(db: Db, run: (db: Db) => Promise<unknown>): Promise<string[][]> {
  const statements: SQL[] = []
  await run(recording(db, statements))
  const plans: string[][] = []
  for (const statement of statements) {
    const found = await db.execute(sql`EXPLAIN (FORMAT JSON, COSTS OFF) ${statement}`)
    const [row] = found as unknown as { 'QUERY PLAN': { Plan: Node }[] | string }[]
    const plan = row?.['QUERY PLAN']
    const [whole] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as { Plan: Node }[]
    if (!whole) throw new Error('Postgres explained nothing')
    plans.push(linesOf(whole.Plan))
  }
  return plans
}

/** The same database, which also remembers what was asked of it. */
function recording(db: Db, statements: SQL[]): Db {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'execute')
        return (statement: SQL) => {
          statements.push(statement)
          return target.execute(statement)
        }
      if (name === 'transaction')
        return (run: (tx: Db) => Promise<unknown>) => target.transaction((tx) => run(recording(tx, statements)))
      const own = Reflect.get(target, name) as unknown
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}

type Node = {
  'Node Type': string
  Operation?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Conflict Resolution'?: string
  'Conflict Arbiter Indexes'?: string[]
  'Subplans Removed'?: number
  Plans?: Node[]
}

/**
 * `by INDEX` and `whole TABLE` for what is read, and what is written. Whether by bitmap or not, joins and sorts are left to
 * the planner: they change with the data.
 */
function linesOf(node: Node): string[] {
  const own: string[] = []
  const table = daysFromNow(node['Relation Name'] ?? '')
  if (node['Node Type'] === 'ModifyTable') {
    const arbiters = node['Conflict Arbiter Indexes']?.join(', ')
    const conflict = node['Conflict Resolution']?.toLowerCase()
    own.push(
      `${node.Operation?.toLowerCase()} ${table}${conflict ? `, on conflict ${conflict}` : ''}${arbiters ? ` of ${arbiters}` : ''}`,
    )
  }
  if (node['Index Name'] !== undefined) own.push(`by ${daysFromNow(node['Index Name'])}`)
  if (node['Node Type'] === 'Seq Scan') own.push(`whole ${table}`)
  if (node['Subplans Removed']) own.push(`${node['Subplans Removed']} left out at start`)
  return [...own, ...(node.Plans ?? []).flatMap(linesOf)]
}

/** position_ncr_20261123 → position_ncr_[today], and the days before it as [-1], [-2]. */
function daysFromNow(name: string): string {
  return name.replace(/_(\d{4})(\d{2})(\d{2})(?=_|$)/, (_, year: string, month: string, day: string) => {
    const today = Math.floor((Date.now() + 8 * 3_600_000) / 86_400_000)
    const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000 - today
    return days === 0 ? '_[today]' : `_[${days}]`
  })
}

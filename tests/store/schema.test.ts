import { expect, test } from 'bun:test'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import * as schema from '../../drizzle/schema'
import { migrate } from '../../scripts/lib/migrate'
import { REGIONS } from '../../src/domain/region'
import { testDatabase } from '../support/postgres'

const urls = await testDatabase()
const sql = postgres(urls.owner, { max: 1, onnotice: () => {} })
const tables = Object.values(schema).filter((each) => is(each, PgTable))

type Column = { name: string; type: string; required: boolean; fallback: boolean; generated: boolean }

async function columnsOf(table: string): Promise<Column[]> {
  return sql<Column[]>`
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
      a.atthasdef AND a.attgenerated = '' AS fallback, a.attgenerated <> '' AS generated
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relname = ${table} AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attname`
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

test('the migrations make exactly the tables of the schema', async () => {
  const found = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`
  const names = tables.map((table) => getTableName(table))
  expect(found.map(({ name }) => name).sort()).toEqual([...names, 'migration'].sort())
})

for (const table of tables) {
  const name = getTableName(table)
  test(`${name} is in Postgres as the schema says, column by column`, async () => {
    const wanted = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      required:
        column.notNull ||
        column.primary ||
        getTableConfig(table).primaryKeys.some((key) => key.columns.includes(column)),
      fallback: column.hasDefault && column.generated === undefined,
      generated: column.generated !== undefined,
    }))
    const found = (await columnsOf(name)).map((column) => ({
      ...column,
      type: column.type.replace('timestamp with time zone', 'timestamp with time zone'),
    }))
    expect(found.toSorted(byName)).toEqual(wanted.toSorted(byName))
  })

  test(`${name} has the indexes that the schema says`, async () => {
    const found = await sql<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = ${name}::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))`
    const wanted = getTableConfig(table).indexes.map((index) => index.config.name ?? '')
    expect(found.map((each) => each.name).sort()).toEqual(wanted.sort())
  })

  test(`${name} carries its region`, () => {
    expect(Object.values(getTableColumns(table)).map((column) => column.name)).toContain('region')
  })
}

test('Postgres knows the regions that the code knows', async () => {
  const found = await sql<{ region: string; number: number }[]>`SELECT region, number FROM region ORDER BY number`
  expect([...found]).toEqual(REGIONS.map(({ id, number }) => ({ region: id, number })))
})

test('a second migration has nothing to do', async () => {
  expect((await migrate(urls.owner)).applied).toEqual([])
})

test('a migration that was changed after it had been applied is refused', async () => {
  await sql`UPDATE migration SET hash = 'other' WHERE name = '0002_directory.sql'`
  await expect(migrate(urls.owner)).rejects.toThrow('0002_directory.sql was changed')
})

// The tower's database in a server that we administer: its accounts, and their addresses.

import postgres from 'postgres'
import type { PostgresServer } from './postgres'

/** Addresses of one database by account: the owner migrates, the writer serves the Worker, the reader makes reports. */
export type DatabaseUrls = { owner: string; writer: string; reader: string }
export type DatabasePasswords = { owner: string; writer: string; reader: string }

const ROLES = ['owner', 'writer', 'reader'] as const

/** Makes the accounts and the database where they are missing, and sets the passwords. Safe to repeat. */
export async function createTowerDatabase(
  server: Pick<PostgresServer, 'adminUrl' | 'port'>,
  passwords: DatabasePasswords,
  database = 'xot',
): Promise<DatabaseUrls> {
  const sql = postgres(server.adminUrl('postgres'), { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    for (const role of ROLES) {
      const name = `xot_${role}`
      const [found] = await sql`SELECT 1 FROM pg_roles WHERE rolname = ${name}`
      const verb = found ? 'ALTER' : 'CREATE'
      // Owners may make the two other roles: a migration does where an administrator has not.
      await sql.unsafe(
        `${verb} ROLE ${name} LOGIN ${role === 'owner' ? 'CREATEROLE ' : ''}PASSWORD '${literal(passwords[role])}'`,
      )
    }
    await sql.unsafe(`ALTER ROLE xot_writer SET statement_timeout = '8s'`)
    await sql.unsafe(`ALTER ROLE xot_reader SET statement_timeout = '30s'`)
    const [exists] = await sql`SELECT 1 FROM pg_database WHERE datname = ${database}`
    if (!exists) await sql.unsafe(`CREATE DATABASE ${database} OWNER xot_owner`)
  } finally {
    await sql.end({ timeout: 5 })
  }
  const inside = postgres(server.adminUrl(database), { max: 1, onnotice: () => {} })
  try {
    await inside`ALTER SCHEMA public OWNER TO xot_owner`
  } finally {
    await inside.end({ timeout: 5 })
  }
  const urlOf = (role: (typeof ROLES)[number]) =>
    `postgres://xot_${role}:${encodeURIComponent(passwords[role])}@127.0.0.1:${server.port}/${database}`
  return { owner: urlOf('owner'), writer: urlOf('writer'), reader: urlOf('reader') }
}

const literal = (text: string): string => text.replaceAll("'", "''")

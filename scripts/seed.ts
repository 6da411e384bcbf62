// `bun run seed --admin you@example.org`: makes the first person of a database of yours, with all rights, and prints the
// password once; and puts in the agencies as they are published, where there are none. From there on people are made in the
// tower itself. The demo comes with `npm start -- --demo`.

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { REGION_IDS } from '../src/domain/region'
import { hashPassword } from '../src/http/auth/password'
import { seedAgencies } from './lib/demo'
import { CannotStart, explain } from './lib/refusal'

try {
  const { values } = parseArgs({ options: { admin: { type: 'string' }, name: { type: 'string' } } })
  const email = values.admin?.trim() ?? ''
  if (!/^\S+@\S+$/.test(email)) throw new CannotStart('say who: bun run seed --admin you@example.org')
  const url = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL
  if (!url) throw new CannotStart('set DATABASE_URL to the address of the database.')
  const pepper = process.env.PEPPER
  if (!pepper)
    throw new CannotStart(
      'set PEPPER to the one that the tower has (base64url); a password hashed with another never fits.',
    )
  const password = randomBytes(12).toString('base64url')
  const added = await addAdmin(
    url,
    email,
    values.name ?? email,
    await hashPassword(password, Buffer.from(pepper, 'base64url')),
  )
  if (!added) throw new CannotStart(`${email} is there already.`)
  console.log(`${email}   ${password}`)
} catch (error) {
  explain(error)
  process.exit(1)
}

async function addAdmin(url: string, email: string, name: string, passwordHash: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    const added = await sql`
      INSERT INTO app_user (id, region, email, name, alias, role, regions, password_hash)
      VALUES (${crypto.randomUUID()}, ${REGION_IDS[0] ?? 'NCR'}, ${email}, ${name}, 'Admin', 'admin', ${`{${REGION_IDS.join(',')}}`}::text[], ${passwordHash})
      ON CONFLICT DO NOTHING RETURNING id`
    await sql.begin((tx) => seedAgencies(tx, 'seed'))
    return added.length > 0
  } finally {
    await sql.end({ timeout: 5 })
  }
}

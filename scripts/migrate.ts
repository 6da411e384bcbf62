// `bun run migrate`: brings the database of DATABASE_OWNER_URL (else DATABASE_URL) to the newest schema.

import { migrate } from './lib/migrate'

const url = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL
if (!url) {
  console.error('Set DATABASE_OWNER_URL to the address of the account that owns the tables.')
  process.exit(1)
}
const { already, applied } = await migrate(url)
console.log(
  applied.length === 0 ? `Nothing to do: ${already} migrations are in place.` : `Applied ${applied.join(', ')}.`,
)

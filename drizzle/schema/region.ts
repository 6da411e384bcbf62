// The regions, as src/domain/region.ts names them: here so that reports can join and foreign keys can hold.

import { integer, pgTable, text } from 'drizzle-orm/pg-core'

export const region = pgTable('region', {
  region: text().primaryKey(),
  number: integer().notNull().unique(),
  nameEn: text('name_en').notNull(),
  nameFil: text('name_fil').notNull(),
})

// Guards of the courier: what is sent, once, and what is believed of it.

import type { Guard } from './guard'

export const COURIER_GUARDS: readonly Guard[] = [
  {
    name: 'forget only after delivery (reports)',
    without: 'the courier forgets a report when it is sent',
    patches: [
      {
        file: 'src/courier/reports.ts',
        find: 'const confirmed = await this.ports.report(reports, signal)',
        put: `this.storage.sql.exec('DELETE FROM report WHERE n <= ?', rows.at(-1)?.n ?? 0)
    const confirmed = await this.ports.report(reports, signal)`,
      },
    ],
  },
  {
    name: 'a page is one page (courier)',
    without: 'a page that comes again begins again',
    patches: [
      {
        file: 'src/courier/pages.ts',
        find: 'take(page: Page): boolean {',
        put: `take(page: Page): boolean {
    this.storage.sql.exec('DELETE FROM attempt WHERE page = ?', page.id)
    this.storage.sql.exec('DELETE FROM page WHERE id = ?', page.id)`,
      },
    ],
  },
  {
    name: 'a stop counts also before its page',
    without: 'a page that was called back before it came is sent',
    patches: [
      {
        file: 'src/courier/pages.ts',
        find: `if (incidentId === undefined) {
      for`,
        put: `if (incidentId === undefined && why === '') {
      for`,
      },
    ],
  },
  {
    name: 'a row before each call',
    without: 'a provider is called while the row says that nothing was',
    patches: [
      {
        file: 'src/courier/sender.ts',
        find: `attempts.change(row, { state: 'sending', provider: way.provider, error: null })`,
        put: `attempts.change(row, { provider: way.provider, error: null })`,
      },
    ],
  },
  {
    name: 'what died while it was sent is found again',
    without: 'an attempt that died with the courier counts as under way',
    patches: [
      {
        file: 'src/courier/sender.ts',
        find: 'if (this.flights.has(id)) {',
        put: `if (this.flights.has(id) || id !== '') {`,
      },
    ],
  },
  {
    name: 'receipts only move forward',
    without: 'the last word of a provider counts, however late it comes',
    patches: [
      {
        file: 'src/courier/states.ts',
        find: 'rankOf(to.state, to.word) > rankOf(from.state, from.word)',
        put: 'rankOf(to.state, to.word) >= 0 && rankOf(from.state, from.word) >= 0',
      },
    ],
  },
]

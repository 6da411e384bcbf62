// The demo in a real Postgres: who is told is there from the first start, and what people have changed stays.

import { expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataDir } from '../../scripts/lib/data-dir'
import { seedDemo } from '../../scripts/lib/demo'
import { KNOWN_AGENCIES } from '../../scripts/lib/known-agencies'
import { loadSecrets } from '../../scripts/lib/secrets'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { REGION_IDS } from '../../src/domain/region'
import { gapsAhead } from '../../src/domain/rota-week'
import { listAgencies } from '../../src/store/agencies'
import { listContacts, listShifts } from '../../src/store/duty'
import { kinOf } from '../../src/store/kin'
import { openPostgres } from '../../src/store/postgres'
import { leaveNothing } from '../support/leave-nothing'
import { testDatabase } from '../support/postgres'

test('the demo has a rota without gaps, agencies and kin, once, and never over what people have changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xot-demo-'))
  leaveNothing(folder)
  const data = await openDataDir(folder)
  const urls = await testDatabase()
  const store = openPostgres(urls.owner)
  const start = () => seedDemo({ database: urls.owner, secrets: loadSecrets(data), data, url: 'http://127.0.0.1:8787' })
  try {
    const demo = await start()
    const now = Date.now()
    for (const region of REGION_IDS) {
      const own = { contacts: await listContacts(store.db, region), shifts: await listShifts(store.db, region) }
      expect(gapsAhead(defaultPolicy(region), own, now, now + 14 * 86_400_000)).toEqual([])
      const agencies = await listAgencies(store.db, region)
      expect(agencies.length).toBe(KNOWN_AGENCIES.filter((each) => each.region === region).length)
      expect(agencies.some(({ kind }) => kind === 'unified_911')).toBe(true)
    }
    expect((await kinOf(store.db, 'demo-driver-1'))?.contacts).toHaveLength(2)
    await store.sql`UPDATE duty_contact SET name = 'Changed' WHERE id = 'demo-duty-ncr-1'`
    await store.sql`UPDATE agency SET note = 'Changed' WHERE id = 'ncr-911'`
    const versions = () =>
      store.sql`SELECT id, version FROM duty_contact UNION ALL SELECT id, version FROM agency ORDER BY 1`
    const before = await versions()
    expect((await start()).devices.map(({ id }) => id)).toEqual(demo.devices.map(({ id }) => id))
    expect([...(await versions())]).toEqual([...before])
  } finally {
    await store.close()
  }
}, 60_000)

test('no number of the demo can reach anybody, and every uncertain number of an agency says so', () => {
  for (const { numbers, source, verifiedAt } of KNOWN_AGENCIES) {
    expect(source).not.toBe('')
    if (numbers.every(({ confidence }) => confidence === 'low')) expect(verifiedAt).toBeNull()
    for (const { number } of numbers) expect(number).toMatch(/^(\d{3}|\+63\d{9,10})$/)
  }
})

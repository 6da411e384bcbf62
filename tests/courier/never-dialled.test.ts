import { expect, test } from 'bun:test'
import { PAGE_REASONS } from '../../src/domain/page'
import { courierWith, LEAD, Provider, pageOf, sms, voice } from './kit'

test('whoever made the page and whatever for: no provider is asked to call or text 911, and an agency is neither called nor texted', async () => {
  const providers = [new Provider('twilio', 'sms'), new Provider('twilio', 'voice'), new Provider('webhook', 'webhook')]
  const kit = await courierWith(providers)
  const emergency = ['911', '+63911', '117', '143'].flatMap((to) => [sms(to), voice(to)])
  for (const reason of PAGE_REASONS) {
    await kit.courier.send([
      pageOf({ id: `only-${reason}`, incidentId: `i-${reason}`, reason, ladder: emergency.map((way) => [way]) }),
      pageOf({ id: `mixed-${reason}`, incidentId: `m-${reason}`, reason, ladder: [[...emergency, sms(LEAD)]] }),
    ])
    await kit.turn(10 * 60_000)
  }
  const got = providers.flatMap((provider) => provider.got)
  expect(got.length).toBeGreaterThan(0)
  expect(new Set(got.map(({ to }) => to))).toEqual(new Set([LEAD]))
  expect(got.some(({ page }) => page.reason === 'agency')).toBe(false)
  // Whoever waits for such a page hears that nobody was reached.
  const exhausted = kit.seen.reports.filter(({ what }) => what === 'exhausted').map(({ pageId }) => pageId)
  for (const reason of PAGE_REASONS) expect(exhausted).toContain(`only-${reason}`)
})

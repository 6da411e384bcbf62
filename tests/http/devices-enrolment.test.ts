import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { DEVICE_ID } from '../../src/domain/enrolment'
import { enrolmentOf, loopbackOf, ownTracksLink, traccarLink } from '../../src/http/pages/enrolment'
import { parseKeys, verifyDeviceToken } from '../../src/ingest/device-token'
import { workerEnv } from '../support/worker-env'

const NOW = Date.UTC(2026, 10, 22)
const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/).filter((id) => DEVICE_ID.test(id))

describe('what a phone is given', () => {
  test('is a token of the newest generation, good for a year and a month', () => {
    const env = workerEnv()
    const device = { id: 'ncr-01', home: 'NCR', driver: null, vehicle: null, generation: 3, minGeneration: 2 } as const
    const { token, ingestUrl } = enrolmentOf(env, device, NOW)
    expect(ingestUrl).toBe(`https://tower.example/i/${token}`)
    const at = (days: number) => verifyDeviceToken(parseKeys(env.DEVICE_KEYS), token, NOW + days * 86_400_000)
    expect(at(395)).toEqual({ genuine: true, deviceId: 'ncr-01', home: 'NCR', generation: 3, expired: false })
    expect(at(401)).toMatchObject({ expired: true })
  })

  test('survives Traccar Client, which takes origin and path for its server and the query for its settings', () => {
    fc.assert(
      fc.property(names, (id) => {
        const link = new URL(traccarLink('https://tower.example/i/d1.k.x.y', id))
        expect(link.origin + link.pathname).toBe('https://tower.example/i/d1.k.x.y')
        expect(link.searchParams.get('id')).toBe(id)
      }),
    )
  })

  test('survives OwnTracks, whichever way it reads the query: nothing in it needs escaping', () => {
    fc.assert(
      fc.property(names, (id) => {
        const link = ownTracksLink('https://tower.example/i/d1.k.x.y', id)
        const inline = /^owntracks:\/\/\/config\?inline=([A-Za-z0-9]+)$/.exec(link)?.[1] ?? ''
        expect(JSON.parse(atob(inline))).toMatchObject({ url: 'https://tower.example/i/d1.k.x.y', deviceId: id })
      }),
    )
  })

  test('is whole also for a device whose id was given elsewhere', () => {
    const link = new URL(ownTracksLink('https://tower.example/i/x', 'señor~?'))
    const bytes = Buffer.from(link.searchParams.get('inline') ?? '', 'base64')
    expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({ deviceId: 'señor~?' })
  })
})

test('an address that means this machine alone is known as such, in every spelling', () => {
  const at = (PUBLIC_URL: string) => loopbackOf(workerEnv({}, { PUBLIC_URL }))
  for (const url of ['http://127.0.0.1:8787', 'http://localhost:8787', 'http://127.1.2.3', 'http://[::1]:8787']) {
    expect(at(url)).toBe(url)
  }
  for (const url of ['https://tower.example', 'http://192.168.1.20:8787', 'https://localhost.example']) {
    expect(at(url)).toBeNull()
  }
})

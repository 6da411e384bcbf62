import { describe, expect, test } from 'bun:test'
import {
  currentVersion,
  onlyTo,
  plainArgs,
  rollBackArgs,
  STEPS,
  stepArgs,
  uploadArgs,
  uploadedVersion,
} from '../../scripts/lib/deploy'

const OLD = '11111111-1111-4111-8111-111111111111'
const NEW = '22222222-2222-4222-8222-222222222222'

describe('a staged release', () => {
  test('begins with nobody and ends with everybody', () => {
    expect(STEPS[0]).toBe(0)
    expect(STEPS.at(-1)).toBe(100)
    expect([...STEPS]).toEqual(STEPS.toSorted((a, b) => a - b))
  })

  test('uploads without traffic, under the build’s own name', () => {
    expect(uploadArgs('staging', 'abc123')).toEqual([
      'versions',
      'upload',
      '--env',
      'staging',
      '--tag',
      'abc123',
      '--message',
      'Build abc123',
    ])
  })

  test('shares the traffic so that it is whole at every step', () => {
    for (const percent of STEPS) {
      const shares = stepArgs('production', OLD, NEW, percent).filter((arg) => arg.includes('@'))
      const sum = shares.reduce((total, share) => total + Number(share.split('@')[1]?.replace('%', '')), 0)
      expect(sum).toBe(100)
      expect(shares[0]).toBe(`${NEW}@${percent}%`)
    }
  })

  test('asks no question that nobody is there to answer', () => {
    expect(stepArgs('production', OLD, NEW, 10)).toContain('--yes')
    expect(rollBackArgs('production', OLD)).toContain('--yes')
  })

  test('goes back whole', () => {
    expect(rollBackArgs('production', OLD)).toContain(`${OLD}@100%`)
  })

  test('cannot share traffic with nothing, nor give more than there is', () => {
    expect(() => stepArgs('staging', null, NEW, 10)).toThrow('cannot share')
    expect(stepArgs('staging', null, NEW, 100)).toContain(`${NEW}@100%`)
    expect(() => stepArgs('staging', OLD, NEW, 101)).toThrow(RangeError)
  })

  test('is plain where it adds a class of objects', () => {
    expect(plainArgs('production')).toEqual(['deploy', '--env', 'production'])
  })
})

describe('what wrangler says', () => {
  test('names the uploaded version', () => {
    expect(uploadedVersion(`Uploaded tower (3.2 sec)\nWorker Version ID: ${NEW}\n`)).toBe(NEW)
    expect(uploadedVersion('Something went wrong')).toBeNull()
  })

  test('names the version with most of the traffic', () => {
    const status = {
      id: 'd',
      versions: [
        { version_id: NEW, percentage: 10 },
        { version_id: OLD, percentage: 90 },
      ],
    }
    expect(currentVersion(`a warning first\n${JSON.stringify(status)}`)).toBe(OLD)
    expect(currentVersion('There are no deployments')).toBeNull()
  })

  test('a check is sent to the new version alone', () => {
    expect(onlyTo('tower', NEW)).toEqual({ 'Cloudflare-Workers-Version-Overrides': `tower="${NEW}"` })
  })
})

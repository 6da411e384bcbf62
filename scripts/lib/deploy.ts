// A staged release to Cloudflare as data: which commands, in which order, and what goes back. Nothing here runs anything.

export type Environment = 'staging' | 'production'

/** Percent of the traffic that the new version gets, one after the other. 0: nobody but our own check, by its header. */
export const STEPS: readonly number[] = [0, 10, 50, 100]

/** Uploads a version that gets no traffic yet. `tag`: what the build calls itself. */
export const uploadArgs = (environment: Environment, tag: string): string[] => [
  'versions',
  'upload',
  '--env',
  environment,
  '--tag',
  tag,
  '--message',
  `Build ${tag}`,
]

/** Gives `percent` of the traffic to `next`, the rest to `previous`. */
export function stepArgs(environment: Environment, previous: string | null, next: string, percent: number): string[] {
  if (percent < 0 || percent > 100) throw new RangeError(`${percent} is no percentage`)
  if (previous === null && percent < 100) throw new Error('the first version of all cannot share its traffic')
  const shares =
    previous === null || percent === 100 ? [`${next}@100%`] : [`${next}@${percent}%`, `${previous}@${100 - percent}%`]
  return [
    'versions',
    'deploy',
    ...shares,
    '--env',
    environment,
    '--yes',
    '--message',
    `${percent} % to ${next.slice(0, 8)}`,
  ]
}

/** All of the traffic back to what was there before. */
export const rollBackArgs = (environment: Environment, previous: string): string[] => [
  'versions',
  'deploy',
  `${previous}@100%`,
  '--env',
  environment,
  '--yes',
  '--message',
  'Roll-back: the new version is not healthy',
]

/** A release that adds a Durable Object class: Cloudflare takes its migration only whole and at once. */
export const plainArgs = (environment: Environment): string[] => ['deploy', '--env', environment]

export const statusArgs = (environment: Environment): string[] => [
  'deployments',
  'status',
  '--json',
  '--env',
  environment,
]

/** The id in what `versions upload` prints; null where there is none. */
export const uploadedVersion = (output: string): string | null =>
  /Worker Version ID:\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(output)?.[1] ?? null

/** The version that has most of the traffic, from `deployments status --json`; null before the first release. */
export function currentVersion(output: string): string | null {
  const json = output.slice(output.indexOf('{'))
  if (!json.startsWith('{')) return null
  const { versions = [] } = JSON.parse(json) as { versions?: { version_id: string; percentage: number }[] }
  return versions.toSorted((a, b) => b.percentage - a.percentage)[0]?.version_id ?? null
}

/** Sends a request to one version, whatever its share. */
export const onlyTo = (worker: string, version: string): Record<string, string> => ({
  'Cloudflare-Workers-Version-Overrides': `${worker}="${version}"`,
})

// The bucket in which a cluster's members keep what they share: one of yours, or a small store on this machine to try it out.

import type { DataDir } from '../data-dir'
import { CannotStart } from '../refusal'

export type Bucket = {
  /** `s3://bucket/prefix` or `gs://bucket/prefix`. */
  url: string
  /** What a member's process needs to reach it. */
  env: Record<string, string>
  /** Null where it is somebody else's. */
  store: Store | null
  stop(): Promise<void>
}
type Store = Awaited<ReturnType<typeof import('../../../tests/support/object-store')['startObjectStore']>>

const S3 = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
const PASSED = [...S3, 'AWS_CREDENTIALS_FILE', 'GOOGLE_APPLICATION_CREDENTIALS']

/** `url` null: our own, in the data directory or, for tests, in memory. */
export async function openBucket(
  url: string | null,
  data: DataDir,
  { latencyMs = 20, inMemory = false }: { latencyMs?: number; inMemory?: boolean } = {},
): Promise<Bucket> {
  if (url !== null) return { url: checked(url), env: passed(), store: null, stop: async () => {} }
  // Only here: what is tested with is no part of what runs in production.
  const { startObjectStore } = await import('../../../tests/support/object-store')
  const store = await startObjectStore({ latencyMs, ...(inMemory ? {} : { dir: data.at('bucket') }) })
  const env = {
    AWS_ENDPOINT_URL: store.url,
    AWS_REGION: 'auto',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  return { url: 's3://test/tower', env, store, stop: () => store.stop() }
}

function checked(url: string): string {
  const found = /^(s3|gs):\/\/[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](\/[\w./-]*)?$/.exec(url)
  if (!found) throw new CannotStart(`--bucket must be s3://bucket/prefix or gs://bucket/prefix; it is "${url}".`)
  const { AWS_CREDENTIALS_FILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  if (found[1] === 's3' && !AWS_CREDENTIALS_FILE && !(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)) {
    throw new CannotStart(
      `${url} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_CREDENTIALS_FILE (and AWS_ENDPOINT_URL where it is not Amazon's).`,
    )
  }
  return url
}

const passed = (): Record<string, string> =>
  Object.fromEntries(PASSED.flatMap((name) => (process.env[name] ? [[name, process.env[name] as string]] : [])))

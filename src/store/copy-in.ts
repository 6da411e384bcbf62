// COPY ... FROM STDIN through postgres.js.

import type { Postgres } from './postgres'

/**
 * All of `bytes` is stored or, where it rejects, nothing. With Postgres's own error (a violated constraint) the connection can
 * go on, with any other it is to be closed. One at a time on a connection.
 */
export async function copyIn(sql: Postgres['sql'], statement: string, bytes: Uint8Array): Promise<void> {
  const query = sql.unsafe(statement)
  const refused = rejectionOf(query)
  const stream = await query.writable()
  const taken = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
  })
  stream.end(bytes)
  await Promise.race([taken, refused])
}

/**
 * postgres.js calls a COPY answered when its stream begins: an error that Postgres finds later, and a connection that ends,
 * then reject a promise that is settled, and the stream waits for ever. Delete this when its stream fails with them.
 */
function rejectionOf(query: object): Promise<never> {
  const settling = query as { reject: (error: unknown) => void }
  const { reject: settle } = settling
  const rejection = new Promise<never>((_, reject) => {
    settling.reject = (error) => {
      settle(error)
      reject(error)
    }
  })
  rejection.catch(() => {})
  return rejection
}

// Bun's WebSocket takes headers, as a browser's cannot; the types that the Worker is checked with know only the latter.

import type { Opening } from './dialects'

export const openSocket = ({ url, headers }: Opening): WebSocket =>
  new WebSocket(url, { headers } as unknown as string[])

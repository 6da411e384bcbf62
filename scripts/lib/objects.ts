// The Durable Object classes, in one table: workerd's config is written from it, and a test compares wrangler.toml with it.
// A unique key names the directory in which a class keeps its objects: it never changes, and none is used again.

export type ObjectClass = { binding: string; className: string; uniqueKey: string; migration: string }

export const OBJECT_CLASSES: readonly ObjectClass[] = [
  { binding: 'SOS_INTAKE', className: 'SosIntake', uniqueKey: 'xot-sos-intake', migration: 'v1' },
  { binding: 'SOS_ROOM', className: 'SosRoom', uniqueKey: 'xot-sos-room', migration: 'v1' },
  { binding: 'SENTINEL', className: 'Sentinel', uniqueKey: 'xot-sentinel', migration: 'v1' },
  { binding: 'FLEET_SHARD', className: 'FleetShard', uniqueKey: 'xot-fleet-shard', migration: 'v2' },
  { binding: 'COURIER', className: 'Courier', uniqueKey: 'xot-courier', migration: 'v3' },
]

/** In a process of its own beside each member of a cluster, and nowhere else: what the member's machine keeps by itself. */
export const SPOOL_CLASSES: readonly Omit<ObjectClass, 'migration'>[] = [
  { binding: 'SPOOL_OBJECTS', className: 'Spool', uniqueKey: 'xot-spool' },
]

/** One for Cloudflare, `wrangler dev` and workerd, so that the same bytes behave alike. */
export const COMPATIBILITY_DATE = '2026-11-17'
// nodejs_compat is the default of this date. permessage-deflate makes workerd build a compressor per socket at its first send: seconds, with thousands of screens.
export const COMPATIBILITY_FLAGS: readonly string[] = ['no_web_socket_compression']

/** Requests that the Worker answers itself; what is under /assets/ is a file and needs no Worker. */
export const WORKER_FIRST: readonly string[] = ['/*', '!/assets/*']

// Servers that report for a whole fleet with one token, as a Traccar server does: how they and the devices behind them are
// named. The name alone says who stands behind whom, so that a door, a room and a shard know it without asking anybody.

/** A dot never stands in a gateway's name: what comes after the first is the device's. */
export const GATEWAY_ID = /^gw-[A-Za-z0-9_-]{1,17}$/

/** What its own server calls a device: an IMEI, a number, a name. As long as we keep whom a record says it is from. */
export const UNIQUE_ID_MAX = 64

export const isGateway = (deviceId: string): boolean => GATEWAY_ID.test(deviceId)

/** Null for a device that speaks for itself. */
export function gatewayOf(deviceId: string): string | null {
  const dot = deviceId.startsWith('gw-') ? deviceId.indexOf('.') : -1
  if (dot < 0) return null
  const gateway = deviceId.slice(0, dot)
  return isGateway(gateway) ? gateway : null
}

/** Whose tokens a device's reports come with: revoking those revokes them for it. */
export const tokenHolderOf = (deviceId: string): string => gatewayOf(deviceId) ?? deviceId

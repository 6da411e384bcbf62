// What crosses from one object to another is a copy, as over RPC.

export type { RoomActor } from './room'

export const WIRE = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

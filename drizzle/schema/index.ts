// Every table that Postgres has. The migrations make them; a test compares both.

export { agency } from './agency'
export { attempt } from './attempt'
export { appUser, device, driver, dutyCard, vehicle } from './directory'
export { drill, drillResult } from './drill'
export { driverKin, dutyContact, dutyHandover, dutyShift, escalationPolicy } from './duty'
export { geofence, geofenceEvent } from './geofence'
export { incident, incidentEvent, leg } from './incident'
export { broadcast, broadcastAnswer, disclosure, shareLink, shareView } from './outward'
export { accessLog, position, positionKept } from './position'
export { region } from './region'

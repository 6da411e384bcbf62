// Every table that Postgres has. The migrations make them; a test compares both.

export { appUser, device, driver, dutyCard, vehicle } from './directory'
export { geofence, geofenceEvent } from './geofence'
export { incident, incidentEvent, leg } from './incident'
export { accessLog, position, positionKept } from './position'
export { region } from './region'

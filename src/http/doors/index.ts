// The doors by which phones come in. Mounted before everything else: nothing may stand before a press.

export { appDoors } from './apps'
export { positionDoors } from './positions'
export { hearPress, isPress, sosDoors } from './sos'
export { unplaced } from './unplaced'

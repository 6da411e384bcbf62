// The guards of the tower that the simulator must miss. What is found by no seed may as well not be there; what is to be taken out and no
// longer stands in the source is an error.

import { COURIER_GUARDS } from './guards/courier'
import type { Guard } from './guards/guard'
import { INTAKE_GUARDS } from './guards/intake'
import { PEOPLE_GUARDS } from './guards/people'
import { ROOM_GUARDS } from './guards/room'

export const GUARDS: readonly Guard[] = [...INTAKE_GUARDS, ...ROOM_GUARDS, ...COURIER_GUARDS, ...PEOPLE_GUARDS]

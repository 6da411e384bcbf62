// The messages between a screen and its room, as src/room says them. Types only: nothing of the room comes to the browser.

export type { UnplacedCard } from '../../../src/intake/contract'
export type { FromScreen, ToScreen } from '../../../src/room/live'

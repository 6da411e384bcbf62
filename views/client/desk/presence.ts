// What the room hears of this desk: visible, painted, able to sound, a hand lately, on a call.
// From it the room counts who watches and who is free.

import type { FromScreen } from '../live/wire'

const HANDS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

export class Presence {
  private inputAt = Date.now()
  private paintedAt = Date.now()
  onCall = sessionStorage.getItem('on-call') === 'yes'

  constructor() {
    for (const name of HANDS) addEventListener(name, () => this.noteInput(), { passive: true, capture: true })
  }

  /** Called each second: a frame that really comes is the only proof of a painted screen. */
  probe(): void {
    if (document.visibilityState === 'visible') requestAnimationFrame(() => this.notePaint())
  }

  setOnCall(on: boolean): void {
    this.onCall = on
    sessionStorage.setItem('on-call', on ? 'yes' : 'no')
  }

  report(seq: number, sound: boolean): Extract<FromScreen, { t: 'here' }> {
    const now = Date.now()
    return {
      t: 'here',
      seq,
      visible: document.visibilityState === 'visible',
      paintedMs: now - this.paintedAt,
      sound,
      inputMs: now - this.inputAt,
      onCall: this.onCall,
    }
  }

  private noteInput(): void {
    this.inputAt = Date.now()
  }

  private notePaint(): void {
    this.paintedAt = Date.now()
  }
}

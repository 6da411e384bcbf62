// Which of several windows of one person sounds: they tell each other over a BroadcastChannel, and who-sounds.ts decides.

import { type SoundingWindow, whoSounds } from './who-sounds'

export class Windows {
  private readonly others = new Map<string, SoundingWindow>()
  private readonly channel: BroadcastChannel | null
  private readonly id = crypto.randomUUID()

  constructor(
    person: string,
    private readonly onChange: () => void,
  ) {
    this.channel = 'BroadcastChannel' in window ? new BroadcastChannel(`xot-sound-${person}`) : null
    this.channel?.addEventListener('message', ({ data }: MessageEvent<SoundingWindow>) => {
      this.others.set(data.id, { ...data, at: Date.now() })
      this.onChange()
    })
  }

  /** Tells the others how it stands with this one. Called each second and on change. */
  tell(unlocked: boolean): void {
    this.others.set(this.id, { id: this.id, unlocked, visible: document.visibilityState === 'visible', at: Date.now() })
    this.channel?.postMessage(this.others.get(this.id))
  }

  get isMine(): boolean {
    const sounding = whoSounds(this.others.values(), Date.now())
    return sounding === null || sounding === this.id
  }
}

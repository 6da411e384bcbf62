// Of several windows of one person one sounds: the visible one that the browser lets sound, else any that it lets.
// If none may, each shows its lamp. Windows tell each other over a BroadcastChannel.

export type SoundingWindow = { id: string; unlocked: boolean; visible: boolean; at: number }

/** A window that has said nothing for this long is gone. Hidden tabs may be slowed to one timer a second. */
export const FORGET_MS = 5_000

/** Id of the window that sounds; null where none may. */
export function whoSounds(windows: Iterable<SoundingWindow>, now: number): string | null {
  const able = [...windows].filter(({ unlocked, at }) => unlocked && now - at < FORGET_MS)
  able.sort((a, b) => Number(b.visible) - Number(a.visible) || (a.id < b.id ? -1 : 1))
  return able[0]?.id ?? null
}

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

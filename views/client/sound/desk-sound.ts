// The sound of this desk: what the rules say, played by one window, muted at most 60 s, shown by the lamp.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { Say } from '../../words'
import { drawSound } from '../chrome/lamps'
import { SoundEngine } from './engine'
import { alarmOf, endsMute, isOnlyDrill, MUTE_MS, onceOf } from './rules'
import { Windows } from './windows'

export class DeskSound {
  private readonly engine: SoundEngine
  private readonly windows: Windows
  private readonly rings = new Map<string, number>()
  private mutedUntil = 0
  private last: Parameters<DeskSound['decide']> = [[], false, false]

  constructor(
    private readonly say: Say,
    private readonly me: string,
    regionName: string,
    lang: string,
    private readonly onChange: () => void,
  ) {
    const real = say('say.sos', { region: regionName })
    this.engine = new SoundEngine(() => ({
      text: isOnlyDrill(this.last[0]) ? say('drill.spoken', { words: real }) : real,
      lang: lang === 'fil' ? 'fil-PH' : 'en-PH',
    }))
    this.windows = new Windows(me, () => this.apply())
    const unlock = () => void this.unlock()
    addEventListener('pointerdown', unlock, { capture: true })
    addEventListener('keydown', unlock, { capture: true })
  }

  get unlocked(): boolean {
    return this.engine.unlocked
  }

  /** A P1 that is new, or alarms again, ends a mute; the others sound once. `first` fills what was there before us. */
  hear(changed: readonly IncidentSummary[], storm: boolean, first: boolean): void {
    for (const incident of changed) {
      const before = this.rings.get(incident.id) ?? (first ? incident.ring.n : undefined)
      if (endsMute(incident, before)) this.mutedUntil = 0
      const once = onceOf(incident, before, this.me, storm)
      if (once && this.windows.isMine) this.engine.once(once)
      this.rings.set(incident.id, incident.ring.n)
    }
  }

  decide(incidents: Iterable<IncidentSummary>, storm: boolean, watchLost: boolean): void {
    this.last = [incidents, storm, watchLost]
    this.apply()
  }

  mute(): void {
    this.mutedUntil = Date.now() + MUTE_MS
    this.apply()
  }

  test(): void {
    void this.unlock().then(() => this.engine.once('help'))
  }

  tick(): void {
    this.windows.tell(this.unlocked)
    this.apply()
  }

  private async unlock(): Promise<void> {
    if (this.unlocked) return
    await this.engine.unlock()
    if (!this.unlocked) return
    this.tick()
    this.onChange()
  }

  private apply(): void {
    const [incidents, storm, watchLost] = this.last
    const now = Date.now()
    const alarm = alarmOf({ incidents, now, mutedUntil: this.mutedUntil, storm, watchLost })
    const mine = this.windows.isMine
    this.engine.loop(mine ? alarm : 'silent')
    document.body.dataset.sound = mine ? alarm : 'silent'
    document.body.dataset.muted = this.mutedUntil > now ? 'yes' : 'no'
    drawSound(this.say, {
      unlocked: this.unlocked,
      mutedForS: Math.max(0, Math.ceil((this.mutedUntil - now) / 1_000)),
      mine,
      drill: isOnlyDrill(incidents),
    })
  }
}

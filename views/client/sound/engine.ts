// Makes the sounds with WebAudio: notes as data, no files. Locked until the first click or key, as browsers demand.

import { type Alarm, type Once, REPEAT_MS } from './rules'

type Note = { hz: number; at: number; for: number; gain: number }

const note = (hz: number, at: number, length = 0.15, gain = 0.5): Note => ({ hz, at, for: length, gain })
const burst = (gain: number): Note[] =>
  [784, 988, 784, 988, 1319].map((hz, n) => note(hz, n * 0.17, n === 4 ? 0.35 : 0.14, gain))

/** Seconds and hertz. The link's tone is low and double, unlike any SOS. */
const PATTERNS: Record<Exclude<Alarm, 'silent'> | Once, Note[]> = {
  p1: burst(0.5),
  p1_loud: [...burst(0.95), ...burst(0.95).map((each) => ({ ...each, at: each.at + 1.3 }))],
  p2: [note(659, 0), note(784, 0.2), note(659, 0.4, 0.25)],
  p3: [note(659, 0, 0.25, 0.4)],
  re_press: [note(1175, 0, 0.08), note(1175, 0.14, 0.08)],
  help: [note(523, 0, 0.2), note(659, 0.22, 0.2), note(784, 0.44, 0.2), note(1047, 0.66, 0.4)],
  storm: [note(880, 0, 0.04, 0.2)],
  storm_p1: burst(0.6),
  link: [note(196, 0, 0.5, 0.45), note(165, 0.6, 0.7, 0.45)],
}

export class SoundEngine {
  private context: AudioContext | null = null
  private playing: Alarm = 'silent'
  private timer: number | null = null
  private lastStormP1 = 0
  private spokenAt = 0

  /** `words`: what is spoken after the first loud burst, asked when it is due. */
  constructor(private readonly words: () => { text: string; lang: string }) {}

  get unlocked(): boolean {
    return this.context?.state === 'running'
  }

  /** To be called from a click or key. */
  async unlock(): Promise<void> {
    this.context ??= new AudioContext()
    if (this.context.state !== 'running') await this.context.resume().catch(() => {})
  }

  /** Goes on until told otherwise. */
  loop(alarm: Alarm): void {
    if (alarm === this.playing) return
    this.playing = alarm
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    if (alarm === 'silent') return
    this.turn(alarm)
    this.timer = window.setInterval(() => this.turn(alarm), REPEAT_MS[alarm])
  }

  once(sound: Once): void {
    if (sound === 'storm_p1') {
      if (Date.now() - this.lastStormP1 < 10_000) return
      this.lastStormP1 = Date.now()
    }
    this.play(PATTERNS[sound])
  }

  private turn(alarm: Exclude<Alarm, 'silent'>): void {
    this.play(PATTERNS[alarm])
    if (alarm === 'p1_loud' && Date.now() - this.spokenAt > 15_000) {
      this.spokenAt = Date.now()
      setTimeout(() => this.speak(), 2_600)
    }
  }

  private play(notes: readonly Note[]): void {
    const { context } = this
    if (context?.state !== 'running') return
    for (const { hz, at, for: length, gain } of notes) {
      const start = context.currentTime + 0.02 + at
      const tone = context.createOscillator()
      const loudness = context.createGain()
      tone.type = 'triangle'
      tone.frequency.value = hz
      loudness.gain.setValueAtTime(0, start)
      loudness.gain.linearRampToValueAtTime(gain, start + 0.012)
      loudness.gain.setValueAtTime(gain, start + length - 0.02)
      loudness.gain.linearRampToValueAtTime(0, start + length)
      tone.connect(loudness).connect(context.destination)
      tone.start(start)
      tone.stop(start + length + 0.02)
    }
  }

  private speak(): void {
    if (this.playing !== 'p1_loud' || !('speechSynthesis' in window)) return
    const { text, lang } = this.words()
    const speech = new SpeechSynthesisUtterance(text)
    speech.lang = lang
    speechSynthesis.speak(speech)
  }
}

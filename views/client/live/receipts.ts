// "Painted on a screen": seqs are told to the room only after an animation frame on a visible page, at most every 250 ms.

const EVERY_MS = 250

export class Receipts {
  private drawn: number[] = []
  private painted: number[] = []
  private due = false
  private timer: number | null = null
  /** When the last frame was painted, epoch ms; 0 before the first. */
  paintedAt = 0

  constructor(private readonly send: (seqs: number[]) => void) {
    document.addEventListener('visibilitychange', () => this.await())
  }

  /** These have been put into the document. */
  draw(seqs: readonly number[]): void {
    this.drawn.push(...seqs)
    this.await()
  }

  /** Two frames: the first may run before what was drawn is on the screen. */
  private await(): void {
    if (this.due || this.drawn.length === 0 || document.visibilityState !== 'visible') return
    this.due = true
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.due = false
        if (document.visibilityState !== 'visible') return
        this.paintedAt = Date.now()
        this.painted.push(...this.drawn.splice(0))
        this.flush()
      }),
    )
  }

  private flush(): void {
    if (this.timer !== null || this.painted.length === 0) return
    this.send([...new Set(this.painted.splice(0))])
    this.timer = window.setTimeout(() => {
      this.timer = null
      this.flush()
    }, EVERY_MS)
  }
}

// Frames of the map's socket straight into the fleet's columns: decodeFrame of src/domain/map-frame.ts makes an object
// per dot, which is right for tests and wrong for 15,000 dots a second. The tests hold this one to encodeFrame.

import { DOT_BYTES, DOT_STATUS, HEADER_BYTES } from '../../../../src/domain/map-frame'
import type { Fleet } from './fleet'

const VERSION = 1
const KINDS = ['snapshot', 'moved', 'gone'] as const
const SILENT = DOT_STATUS.indexOf('silent')
const SCALE = 1e5

export type Taken = { t: (typeof KINDS)[number]; epoch: number; seq: number }

/** Remembers each shard's epoch: a new one means that its numbers stand for other vehicles now. */
export class FrameReader {
  private readonly epochs = new Map<number, number>()

  constructor(private readonly fleet: Fleet) {}

  /** Null, and nothing changed, for what is no frame of this version. `now`: by the page's own clock, ms. */
  take(shard: number, bytes: ArrayBuffer, now: number): Taken | null {
    if (bytes.byteLength < HEADER_BYTES) return null
    const view = new DataView(bytes)
    const t = KINDS[view.getUint8(0)]
    if (!t || view.getUint8(1) !== VERSION) return null
    if ((bytes.byteLength - HEADER_BYTES) % (t === 'gone' ? 4 : DOT_BYTES) !== 0) return null
    const epoch = view.getUint32(4, true)
    this.enter(shard, epoch)
    if (t === 'gone') this.takeGone(shard, view)
    else this.takeDots(shard, view, t === 'snapshot', now)
    return { t, epoch, seq: view.getUint32(8, true) }
  }

  /** Also from the shard's `hello`, before its first frame. */
  enter(shard: number, epoch: number): void {
    if (this.epochs.get(shard) !== epoch) this.fleet.forget(shard)
    this.epochs.set(shard, epoch)
  }

  private takeGone(shard: number, view: DataView): void {
    for (let at = HEADER_BYTES; at < view.byteLength; at += 4) this.fleet.remove(shard, view.getUint32(at, true))
  }

  /** A snapshot forgets who is not in it; who is goes on gliding from where it was shown. */
  private takeDots(shard: number, view: DataView, all: boolean, now: number): void {
    const { fleet } = this
    if (all) fleet.beginRound()
    for (let at = HEADER_BYTES; at < view.byteLength; at += DOT_BYTES) {
      const status = view.getUint8(at + 14)
      fleet.put(
        shard,
        view.getUint32(at, true),
        view.getInt32(at + 4, true) / SCALE,
        view.getInt32(at + 8, true) / SCALE,
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        status < DOT_STATUS.length ? status : SILENT,
        view.getUint16(at + 15, true),
        now,
      )
    }
    if (all) fleet.endRound(shard)
  }
}

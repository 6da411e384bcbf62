// The card of the selected vehicle: what its shard knows of it, without identity.

import type { ToMap } from '../../../../src/domain/map-frame'
import { age, ms } from '../../../format'
import type { Say } from '../../../words'
import { write } from '../../queue/draw'
import { describe, doubtsInWords } from './describe'
import type { DotKey, Fleet } from './fleet'

export type Known = Extract<ToMap, { t: 'vehicle' }>
export type Selection = { key: DotKey; known: Known | null; gone: boolean }

/** `serverNow`: epoch ms by the server's clock, for this machine's may be wrong. */
type Ports = { fleet: Fleet; say: Say; serverNow(): number; onClose(): void }

export class VehicleCard {
  private readonly box = document.querySelector<HTMLElement>('#vehicle-card')

  constructor(private readonly ports: Ports) {
    this.box?.querySelector('[data-vehicle-close]')?.addEventListener('click', () => this.ports.onClose())
    this.box?.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      this.ports.onClose()
    })
  }

  get hasFocus(): boolean {
    return this.box?.contains(document.activeElement) ?? false
  }

  /** Writes only what has changed. Null closes it. */
  draw(selection: Selection | null): void {
    const { box } = this
    if (!box) return
    box.hidden = selection === null
    if (!selection) return
    const { fleet, say, serverNow } = this.ports
    const { known } = selection
    const slot = fleet.slotOf(selection.key)
    const words = slot < 0 ? null : describe(fleet, slot, performance.now(), say)
    const status = words?.status ?? known?.status ?? 'silent'
    const mark = box.querySelector('[data-mark]')
    if (mark && mark.getAttribute('href') !== `#dot-${status}`) mark.setAttribute('href', `#dot-${status}`)
    const gone = selection.gone || slot < 0
    this.say('status', gone ? say('vehicle.gone') : say(`dot.${status}`))
    this.say('age', words?.age ?? null)
    this.say('contact', known ? age(serverNow() - (ms(known.lastContactAt) ?? serverNow())) : null)
    this.say('heading', words?.heading ?? null)
    this.say('speed', words?.speed ?? null)
    this.say('battery', known?.batteryPct == null ? null : `${Math.round(known.batteryPct)} %`)
    this.say('charging', known?.charging == null ? null : say(known.charging ? 'vehicle.yes' : 'vehicle.no'))
    this.say('accuracy', known?.accuracyM == null ? null : say('map.accuracy', { m: Math.round(known.accuracyM) }))
    this.say('doubts', known ? (doubtsInWords(known.doubts, say) ?? say('vehicle.no_doubts')) : null)
  }

  private say(what: string, words: string | null): void {
    write(this.box?.querySelector(`[data-vehicle="${what}"]`) ?? null, words ?? '–')
  }
}

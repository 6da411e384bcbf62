// The storm view's offer above the queue, and what a person here has chosen, which stands as long as the tab.

import type { RegionId } from '../../../src/domain/region'
import type { Say } from '../../words'
import { write } from '../queue/draw'
import { type StormState, stormOf } from './storm'

export class StormView {
  private readonly key: string
  private choice: 'on' | 'off' | null

  /** `demo`: what a page of made-up data shows, whoever looks; null on a real desk. */
  constructor(
    private readonly say: Say,
    private readonly region: RegionId,
    private readonly demo: 'on' | 'off' | null,
  ) {
    this.key = `storm-${region}`
    this.choice = demo ?? (sessionStorage.getItem(this.key) as 'on' | 'off' | null)
  }

  state(untaken: number, free: number): StormState {
    return stormOf(untaken, free, this.choice)
  }

  choose(choice: 'on' | 'off'): void {
    this.choice = choice
    sessionStorage.setItem(this.key, choice)
  }

  draw(state: StormState, untaken: number): void {
    const { say, region } = this
    const offer = document.querySelector<HTMLElement>('[data-storm-offer]')
    if (!offer) return
    offer.hidden = state === 'off' || this.demo !== null
    write(
      offer.querySelector('[data-storm-offer-words]'),
      state === 'on' ? say('storm.title', { region }) : say('storm.offer', { n: untaken }),
    )
    write(offer.querySelector('[data-storm-toggle]'), say(state === 'on' ? 'act.storm_off' : 'act.storm_on'))
  }
}

// The storm as this desk shows it: the room says whether there is one; which view somebody here wants of it, they say, and that
// stands until the storm is over.

import type { RegionId } from '../../../src/domain/region'
import type { ShownStorm } from '../../../src/domain/storm'
import { elapsed, minute } from '../../format'
import type { Say } from '../../words'
import { write } from '../queue/draw'
import { type StormState, stormOf } from './storm'

export class StormView {
  private readonly key: string
  private choice: 'on' | 'off' | null
  /** What the room said last; null before its first word. */
  private room: ShownStorm | null = null

  /** `demo`: what a page of made-up data shows, whoever looks; null on a real desk. */
  constructor(
    private readonly say: Say,
    private readonly region: RegionId,
    private readonly demo: 'on' | 'off' | null,
  ) {
    this.key = `storm-${region}`
    this.choice = demo ?? (sessionStorage.getItem(this.key) as 'on' | 'off' | null)
  }

  heard(room: ShownStorm): void {
    // What was wanted of one storm says nothing of the next.
    if (this.room?.on && !room.on) this.choose(null)
    this.room = room
  }

  /** There is a storm, whatever this desk shows of it: sounds and whatever opens by itself follow this. */
  isOn(untaken: number, free: number): boolean {
    if (this.demo !== null) return this.demo === 'on'
    return this.room ? this.room.on : this.state(untaken, free) === 'on'
  }

  state(untaken: number, free: number): StormState {
    return stormOf(untaken, free, this.choice, this.room)
  }

  choose(choice: 'on' | 'off' | null): void {
    this.choice = choice
    if (choice === null) sessionStorage.removeItem(this.key)
    else sessionStorage.setItem(this.key, choice)
  }

  /** `more`: incidents that only the room can count. */
  draw(state: StormState, untaken: number, more: number, now: number): void {
    const { say, region, room } = this
    const offer = document.querySelector<HTMLElement>('[data-storm-offer]')
    if (!offer) return
    offer.hidden = state === 'off' || this.demo !== null
    write(offer.querySelector('[data-storm-offer-words]'), this.words(untaken))
    write(
      offer.querySelector('[data-storm-toggle]'),
      say(state === 'on' ? (room?.on ? 'storm.view_queue' : 'act.storm_off') : 'act.storm_on'),
    )
    if (state === 'on' && more > 0 && room)
      write(document.querySelector('[data-band-figures]'), figures(room, say, now))
    if (state === 'on' && more > 0 && room) write(document.querySelector('[data-next-count]'), String(room.untaken))
    if (state === 'on') write(document.querySelector('[data-band-title]'), say('storm.title', { region }))
  }

  private words(untaken: number): string {
    const { say, room } = this
    if (!room?.on) return room ? say('storm.offered', { n: room.waiting }) : say('storm.offer', { n: untaken })
    const time = room.since ? minute(Date.parse(room.since)) : ''
    const since = room.by ? say('storm.since_by', { time, by: room.by }) : say('storm.since_own', { time })
    return [since, room.reason].filter(Boolean).join(': ')
  }
}

const figures = ({ open, p1, untaken, oldestAt }: ShownStorm, say: Say, now: number): string =>
  [
    say('queue.count', { n: open }),
    `${p1} P1`,
    say('queue.untaken', { n: untaken }),
    ...(oldestAt ? [say('queue.oldest', { age: elapsed(now - Date.parse(oldestAt)) })] : []),
  ].join(' · ')

// Whose vehicle the selected dot is: asked on purpose, answered on its card, forgotten with the selection. For a vehicle
// under an open incident the incident is the purpose.

import { regionById } from '../../../../src/domain/region'
import { WORDS_MIN } from '../../../tower/replay-choices'
import { isWord, type Lang, type Say } from '../../../words'
import { write } from '../../queue/draw'
import { askIdentity, type Identity } from './ask'
import type { Opening } from './replay'

export type SelectedDot = { shard: number; epoch: number; index: number }
type Wanted = 'identity' | 'replay'
type Found = { identity: Identity; purpose: string | null }
type Ports = { region: string; say: Say; lang: Lang; isSos(): boolean; openReplay(opening: Opening): void }

const REFUSED: Record<string, 'who.unwritten' | 'who.gone' | 'who.forbidden'> = {
  unwritten: 'who.unwritten',
  unknown_dot: 'who.gone',
  unknown_device: 'who.gone',
  foreign_region: 'who.forbidden',
  forbidden: 'who.forbidden',
}

export class Who {
  private readonly box = document.querySelector<HTMLElement>('[data-who]')
  private readonly form = this.box?.querySelector<HTMLFormElement>('[data-who-form]') ?? null
  private dot: SelectedDot | null = null
  private found: Found | null = null
  private wanted: Wanted = 'identity'
  /** Counts selections: an answer to an earlier one is nobody's. */
  private turn = 0

  constructor(private readonly ports: Ports) {
    for (const button of this.box?.querySelectorAll<HTMLButtonElement>('[data-who-ask]') ?? [])
      button.addEventListener('click', () => void this.want(button.dataset.whoAsk as Wanted))
    this.box?.querySelector('[data-who-cancel]')?.addEventListener('click', () => {
      this.showForm(false)
      this.button()?.focus()
    })
    this.form?.addEventListener('submit', (event) => {
      event.preventDefault()
      const fields = new FormData(this.form as HTMLFormElement)
      const words = String(fields.get('words') ?? '').trim()
      // Blanks satisfy the browser's own check of the length.
      if (words.length < WORDS_MIN) this.tell(this.ports.say('who.short', { n: WORDS_MIN }))
      else void this.ask(`${fields.get('purpose')}: ${words}`)
    })
  }

  /** Another dot is another person: nothing of the one before stays. */
  select(dot: SelectedDot | null): void {
    this.turn++
    this.dot = dot
    this.found = null
    this.form?.reset()
    this.showForm(false)
    this.tell('')
    this.draw()
  }

  private async want(wanted: Wanted): Promise<void> {
    this.wanted = wanted
    if (this.found) this.use(this.found)
    else if (!this.ports.isSos() || !(await this.ask(null))) this.showForm(true)
  }

  /** True where there is nothing more to ask of the person. */
  private async ask(purpose: string | null): Promise<boolean> {
    const { dot, turn } = this
    const { say, region } = this.ports
    if (!dot) return true
    this.tell(say('who.asking'))
    const asked = await askIdentity(region, dot, purpose)
    if (turn !== this.turn) return true
    if (asked.ok) {
      this.found = { identity: asked.value, purpose }
      this.showForm(false)
      this.tell('')
      this.draw()
      this.use(this.found)
      return true
    }
    if (purpose === null && asked.code === 'invalid_body') {
      this.tell('')
      return false
    }
    this.tell(say(REFUSED[asked.code] ?? 'who.no_answer'))
    return true
  }

  private use({ identity, purpose }: Found): void {
    const facts = this.box?.querySelector<HTMLElement>('[data-who-found]')
    if (this.wanted === 'identity') {
      facts?.focus({ preventScroll: true })
      return
    }
    const { deviceId, region, vehicle, incident } = identity
    this.ports.openReplay({
      tracked: {
        region,
        deviceId,
        ...(purpose === null ? {} : { purpose }),
        ...(incident ? { incident: incident.id } : {}),
      },
      name: vehicle?.plate ?? vehicle?.conduction ?? deviceId,
      reason: this.reasonOf({ identity, purpose }),
      around: null,
    })
  }

  private draw(): void {
    const facts = this.box?.querySelector<HTMLElement>('[data-who-found]')
    if (!facts) return
    facts.hidden = this.found === null
    if (!this.found) {
      // Hidden is not gone: nobody's name stays in the page.
      for (const fact of facts.querySelectorAll('[data-who-fact]')) write(fact, '')
      return
    }
    const { say, lang } = this.ports
    const { driver, vehicle, region, deviceId } = this.found.identity
    const words: Record<string, string> = {
      driver: driver?.name ?? say('who.no_driver'),
      plate: vehicle?.plate ?? vehicle?.conduction ?? '–',
      vehicle: vehicle ? `${vehicle.colour} ${vehicle.make} ${vehicle.model}` : say('who.no_vehicle'),
      home: regionById(region).name[lang],
      device: deviceId,
      for: this.reasonOf(this.found),
    }
    for (const [name, value] of Object.entries(words)) write(facts.querySelector(`[data-who-fact="${name}"]`), value)
  }

  private reasonOf({ identity, purpose }: Found): string {
    const { say } = this.ports
    if (identity.incident) return say('who.for_incident', { code: identity.incident.code })
    const [choice = '', ...words] = (purpose ?? '').split(': ')
    const word = `purpose.${choice}`
    return isWord(word) ? `${say(word)}: ${words.join(': ')}` : (purpose ?? '')
  }

  private showForm(open: boolean): void {
    if (!this.form) return
    this.form.hidden = !open
    for (const button of this.box?.querySelectorAll<HTMLElement>('[data-who-ask]') ?? [])
      button.setAttribute('aria-expanded', String(open && button.dataset.whoAsk === this.wanted))
    if (open) this.form.querySelector('select')?.focus()
  }

  private button(): HTMLElement | null {
    return this.box?.querySelector<HTMLElement>(`[data-who-ask="${this.wanted}"]`) ?? null
  }

  private tell(words: string): void {
    write(this.box?.querySelector('[data-who-said]') ?? null, words)
  }
}

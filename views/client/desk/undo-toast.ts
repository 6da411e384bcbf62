// The ten seconds in which an act can be taken back: remembers what was there before it, and says so.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { Say } from '../../words'
import { write } from '../queue/draw'
import { onHtmx, postAct } from './htmx'
import { UNDO_MS, type Undo, undoOf } from './undo'

export class UndoToast {
  private undo: (Undo & { what: string; until: number }) | null = null
  private before: IncidentSummary | null = null
  private messageUntil = 0

  constructor(
    private readonly say: Say,
    find: (id: string) => IncidentSummary | undefined,
    private readonly refresh: () => void,
  ) {
    onHtmx('before:request', ({ sourceElement }) => {
      const id = sourceElement.closest<HTMLElement>('#panel')?.dataset.id
      this.before = (sourceElement.matches('[data-act]') && id && find(id)) || null
    })
    onHtmx('after:request', ({ sourceElement, response, request }) => {
      const act = sourceElement.getAttribute('data-act')
      if (!act || !this.before || !response?.raw.ok) return
      const sent = fieldsOf(request.body)
      const undo = undoOf(act, sent, this.before)
      this.undo = undo && { ...undo, what: this.wordsOf(act), until: Date.now() + UNDO_MS }
      this.tick()
    })
  }

  /** Z, or the button. */
  async press(): Promise<void> {
    const { undo } = this
    if (!undo || Date.now() > undo.until) return
    this.undo = null
    const done = await postAct(undo.incidentId, undo.act, undo.fields)
    if (done && undo.retake) await postAct(undo.incidentId, 'take', {})
    this.tell(this.say(done ? 'undo.done' : 'refused.busy'))
    this.refresh()
  }

  /** Something to read for a few seconds: an error, or that it is undone. */
  tell(words: string): void {
    this.messageUntil = Date.now() + 6_000
    this.show(words, false)
  }

  tick(): void {
    const now = Date.now()
    if (this.undo && now <= this.undo.until) {
      this.show(this.say('undo.left', { what: this.undo.what, s: Math.ceil((this.undo.until - now) / 1_000) }), true)
    } else if (now > this.messageUntil) {
      const toast = document.querySelector<HTMLElement>('[data-toast]')
      if (toast) toast.hidden = true
    }
  }

  private show(words: string, undoable: boolean): void {
    const toast = document.querySelector<HTMLElement>('[data-toast]')
    if (!toast) return
    toast.hidden = false
    write(toast.querySelector('[data-toast-words]'), words)
    const button = toast.querySelector<HTMLElement>('button')
    if (button) button.hidden = !undoable
  }

  private wordsOf(act: string): string {
    const words = {
      take: 'act.take',
      priority: 'act.priority',
      'contact-policy': 'act.policy',
      safe: 'act.safe',
      close: 'act.close',
      'false-alarm': 'act.false_alarm',
      link: 'act.link',
      unlink: 'act.unlink',
      merge: 'act.merge',
    } as const
    return act in words ? this.say(words[act as keyof typeof words]) : act
  }
}

const fieldsOf = (body: unknown): Record<string, string> =>
  body instanceof FormData || body instanceof URLSearchParams
    ? Object.fromEntries([...body.entries()].map(([name, value]) => [name, String(value)]))
    : {}

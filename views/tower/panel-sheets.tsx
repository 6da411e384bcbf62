// The sheets of the panel: one question each, opened by a key or a button, answered by a digit and Enter.

import type { Child } from 'hono/jsx'
import { may, type Viewer } from '../../src/domain/access'
import type { ActType } from '../../src/domain/command'
import {
  CONFIRMERS,
  FALSE_REASONS,
  type IncidentSummary,
  PRIORITIES,
  RESPONDER_KINDS,
  regionsOf,
} from '../../src/domain/incident'
import { HandOffSheet } from '../handoff/script'
import { OutsideSheets } from '../handoff/sheets'
import { Icon, PriorityMark } from '../marks'
import type { Lang, Say } from '../words'
import { ActButton, type ActContext, posts } from './act-button'
import { CloseButton } from './close-button'

type SheetsProps = {
  incident: IncidentSummary
  viewer: Viewer
  say: Say
  on: ActContext
  now: number
  nonce: string
  /** Where it is, in words. */
  place: string
  lang: Lang
  /** The tower's own number, for calling back. */
  towerPhone?: string | null
}

export function Sheets({ incident, viewer, lang, say, on, now, nonce, place, towerPhone = null }: SheetsProps) {
  const quiet = incident.contactPolicy === 'quiet'
  const second = quiet || incident.flags.includes('duress')
  return (
    <div class="sheets">
      <Sheet name="contact" title={say('sheet.contact.who')} say={say}>
        {quiet && <QuietNotice say={say} />}
        <Form on={on} act="contact-attempt">
          <Choices
            name="to"
            options={(quiet ? (['agency'] as const) : (['driver', 'contact', 'agency'] as const)).map((to) => [
              to,
              say(`sheet.contact.${to}`),
            ])}
          />
          <input type="hidden" name="channel" value="call" />
          <div class="sheet-row">
            <button type="submit" class="button" name="outcome" value="answered" data-sheet-key="y">
              {say('act.answered')} <kbd>Y</kbd>
            </button>
            <button type="submit" class="button" name="outcome" value="no_answer" data-sheet-key="u">
              {say('act.no_answer')} <kbd>U</kbd>
            </button>
          </div>
        </Form>
      </Sheet>

      <Sheet name="script" title={say('sheet.script.title')} say={say}>
        <HandOffSheet {...{ incident, viewer, lang, say, now, nonce, place, towerPhone }} />
      </Sheet>

      {may(viewer, 'handoff:do', regionsOf(incident)) && (
        <OutsideSheets
          {...{ incident, say, nonce }}
          sheet={(name, title, content) => (
            <Sheet name={name} title={title} say={say}>
              {content}
            </Sheet>
          )}
        />
      )}

      <Sheet name="send" title={say('sheet.send.title')} say={say}>
        {(incident.kind === 'panic' || incident.kind === 'security') && (
          <p class="notice">{say('sheet.send.unarmed')}</p>
        )}
        <div class="choices">
          {RESPONDER_KINDS.map((kind, at) => (
            <ActButton on={on} act="leg" with={{ kind, name: say(`responder.${kind}`) }} digit={at + 1}>
              {say(`responder.${kind}`)}
            </ActButton>
          ))}
        </div>
      </Sheet>

      <Sheet name="safe" title={say('sheet.safe.title')} say={say}>
        <Form on={on} act="safe">
          <Choices name="confirmedBy" options={CONFIRMERS.map((each) => [each, say(`confirmed.${each}`)])} />
          <Note say={say} />
          <Submit>{say('act.safe')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="false" title={say('sheet.false.title')} say={say}>
        {second && <p class="notice">{say('sheet.needs_second')}</p>}
        <Form on={on} act="false-alarm">
          <Choices name="reason" options={FALSE_REASONS.map((each) => [each, say(`false.${each}`)])} />
          <Note say={say} />
          <Submit>{say('act.false_alarm')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="close" title={say('sheet.close.title')} say={say}>
        {second && <p class="notice">{say('sheet.needs_second')}</p>}
        <Form on={on} act="close">
          <Note say={say} />
          <Submit>{say('act.close')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="reopen" title={say('sheet.reopen.title')} say={say}>
        <Form on={on} act="reopen">
          <Note say={say} name="reason" />
          <Submit>{say('act.reopen')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="priority" title={say('sheet.priority.title')} say={say}>
        <div class="choices">
          {PRIORITIES.map((priority, at) => (
            <ActButton
              on={on}
              act="priority"
              with={{ priority }}
              digit={at + 1}
              disabled={priority === incident.priority}
            >
              <PriorityMark of={priority} />
              {priority} {say(`priority.${priority}`)}
            </ActButton>
          ))}
        </div>
      </Sheet>

      <Sheet name="policy" title={say(quiet ? 'sheet.policy.to_voice' : 'sheet.policy.to_quiet')} say={say}>
        <p class="muted">{say('policy.quiet_why')}</p>
        <Form on={on} act="contact-policy">
          <input type="hidden" name="policy" value={quiet ? 'voice_ok' : 'quiet'} />
          <Choices
            name="reason"
            options={(quiet ? (['r1', 'r2'] as const) : (['r3'] as const)).map((each) => [
              say(`sheet.policy.${each}`),
              say(`sheet.policy.${each}`),
            ])}
          />
          <Submit>{say(quiet ? 'sheet.policy.to_voice' : 'sheet.policy.to_quiet')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="note" title={say('sheet.note.title')} say={say}>
        <Form on={on} act="note">
          <label class="field">
            <span class="visually-hidden">{say('sheet.note.title')}</span>
            <textarea class="input" name="text" maxlength={2000} rows={3} required data-first />
          </label>
          <Submit keys="Ctrl Enter">{say('act.save')}</Submit>
        </Form>
      </Sheet>

      <Sheet name="link" title={say('sheet.link.title')} say={say}>
        <div
          id="link-choices"
          hx-get={`/desk/incidents/${incident.id}/others`}
          hx-trigger="sheet-open"
          hx-target="this"
          hx-swap="innerHTML"
          hx-nonce={nonce}
        />
      </Sheet>

      <Sheet name="duress" title={say('sheet.duress.title')} say={say}>
        <Form on={on} act="lift-duress">
          <Note say={say} name="reason" required />
          <Submit>{say('act.lift_duress')}</Submit>
        </Form>
      </Sheet>
    </div>
  )
}

function Sheet({ name, title, say, children }: { name: string; title: string; say: Say; children?: Child }) {
  return (
    <section
      class="sheet"
      id={`sheet-${name}`}
      data-sheet={name}
      aria-labelledby={`sheet-${name}-title`}
      tabindex={-1}
      hidden
    >
      <div class="sheet-head">
        <h3 id={`sheet-${name}-title`}>{title}</h3>
        <CloseButton closes="sheet" say={say} />
      </div>
      {children}
    </section>
  )
}

const Form = ({ on, act, children }: { on: ActContext; act: ActType; children?: Child }) => (
  <form class="sheet-form" {...posts(on, act)}>
    {children}
  </form>
)

/** Enter does it, wherever the hands are. */
const Submit = ({ keys = 'Enter', children }: { keys?: string; children?: Child }) => (
  <button type="submit" class="button" data-look="primary" data-sheet-key="enter">
    {children} <kbd>{keys}</kbd>
  </button>
)

function Choices({ name, options }: { name: string; options: readonly (readonly [value: string, label: string])[] }) {
  return (
    <div class="choices" role="radiogroup">
      {options.map(([value, label], at) => (
        <label class="choice">
          <input type="radio" name={name} value={value} data-digit={at + 1} required checked={options.length === 1} />
          <span>
            <kbd>{at + 1}</kbd> {label}
          </span>
        </label>
      ))}
    </div>
  )
}

const Note = ({ say, name = 'note', required = false }: { say: Say; name?: string; required?: boolean }) => (
  <label class="field">
    <span class="label">{say(name === 'reason' ? 'sheet.policy.reason' : 'panel.note')}</span>
    <input class="input" name={name} maxlength={500} autocomplete="off" required={required} />
  </label>
)

const QuietNotice = ({ say }: { say: Say }) => (
  <p class="notice" data-tone="alarm">
    <Icon name="phone-off" /> {say('sheet.contact.quiet')}
  </p>
)

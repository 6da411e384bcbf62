// The next step of an incident as one big button, its clock beside it, and every other act in a row below.

import { may, type Viewer } from '../../src/domain/access'
import type { LogEvent } from '../../src/domain/event'
import { type IncidentSummary, regionsOf } from '../../src/domain/incident'
import { MOVES } from '../../src/domain/moves'
import { elapsed } from '../format'
import type { Say } from '../words'
import { ActButton, type ActContext, SheetButton } from './act-button'
import { isUntaken } from './card-view'
import { keyOf } from './keys'
import { nextStep, type Step } from './next-step'

type StepProps = {
  incident: IncidentSummary
  events: readonly LogEvent[]
  viewer: Viewer
  say: Say
  on: ActContext
  now: number
}

export function NextStep({ incident, events, viewer, say, on, now }: StepProps) {
  const step = nextStep(incident, events, viewer)
  return (
    <div class="panel-step">
      <div class="panel-now">
        <Big step={step} incident={incident} say={say} on={on} />
        <StepClock incident={incident} say={say} now={now} />
      </div>
      {step !== 'look' && <Others step={step} incident={incident} viewer={viewer} say={say} on={on} />}
    </div>
  )
}

function Big({ step, incident, say, on }: { step: Step; incident: IncidentSummary; say: Say; on: ActContext }) {
  const size = 'big'
  switch (step) {
    case 'take':
      return (
        <ActButton
          on={on}
          act="take"
          keyName={keyOf('take')}
          look={incident.priority === 'P1' ? 'alarm' : 'primary'}
          size={size}
        >
          {say('act.take')}
        </ActButton>
      )
    case 'contact':
      return (
        <SheetButton sheet="contact" keyName={keyOf('contact')} look="primary" size={size}>
          {say('act.contact')}
        </SheetButton>
      )
    case 'script':
      return (
        <SheetButton sheet="script" keyName={keyOf('script')} look="primary" size={size}>
          {say('act.script')}
        </SheetButton>
      )
    case 'send':
      return (
        <SheetButton sheet="send" keyName={keyOf('send')} look="primary" size={size}>
          {say('act.send')}
        </SheetButton>
      )
    case 'safe':
      return (
        <SheetButton sheet="safe" keyName={keyOf('safe')} look="primary" size={size}>
          {say('act.safe')}
        </SheetButton>
      )
    case 'close':
      return (
        <SheetButton sheet="close" look="primary" size={size}>
          {say('act.close')}
        </SheetButton>
      )
    case 'second':
      return (
        <div class="panel-second">
          <p class="notice">{say('sheet.second', { name: incident.pending?.byName ?? '' })}</p>
          <SheetButton sheet={incident.pending?.act === 'close' ? 'close' : 'false'} look="primary" size={size}>
            {say('act.confirm')}: {say(incident.pending?.act === 'close' ? 'act.close' : 'act.false_alarm')}
          </SheetButton>
        </div>
      )
    case 'held':
      return <p class="panel-held">{say('refused.already_taken', { name: incident.owner?.name ?? '' })}</p>
    case 'look':
      return <p class="panel-held">{say('panel.readonly')}</p>
    case 'none':
      return <p class="panel-held">{say(incident.pending ? 'panel.waiting_second' : 'panel.done')}</p>
  }
}

/** How long it has been waiting for the step that is next. */
function StepClock({ incident, say, now }: { incident: IncidentSummary; say: Say; now: number }) {
  const since = isUntaken(incident)
    ? { at: Date.parse(incident.alarmedAt), word: say('panel.clock.untaken') }
    : incident.lastActAt
      ? { at: Date.parse(incident.lastActAt), word: say('panel.clock.act') }
      : incident.owner
        ? { at: Date.parse(incident.owner.at), word: say('panel.clock.taken') }
        : null
  if (!since || incident.closedAt !== null) return null
  return (
    <p class="panel-clock">
      <time class="figures" data-since={since.at} data-as="elapsed">
        {elapsed(now - since.at)}
      </time>
      <span class="label">{since.word}</span>
    </p>
  )
}

type OthersProps = { step: Step; incident: IncidentSummary; viewer: Viewer; say: Say; on: ActContext }

function Others({ step, incident, viewer, say, on }: OthersProps) {
  const can = (act: keyof typeof MOVES) => MOVES[act].from.includes(incident.state)
  const mine = incident.owner?.uid === viewer.uid
  const ends = may(viewer, 'incident:end', regionsOf(incident))
  const hands = may(viewer, 'handoff:do', regionsOf(incident))
  const small = { size: 'small' } as const
  return (
    <div class="panel-acts">
      {step !== 'contact' && can('contact-attempt') && (
        <SheetButton sheet="contact" keyName={keyOf('contact')} {...small}>
          {say('act.contact')}
        </SheetButton>
      )}
      {step !== 'script' && can('contact-attempt') && (
        <SheetButton sheet="script" keyName={keyOf('script')} {...small}>
          {say('act.script')}
        </SheetButton>
      )}
      {step !== 'send' && can('leg') && (
        <SheetButton sheet="send" keyName={keyOf('send')} {...small}>
          {say('act.send')}
        </SheetButton>
      )}
      {step !== 'safe' && can('safe') && (
        <SheetButton sheet="safe" keyName={keyOf('safe')} {...small}>
          {say('act.safe')}
        </SheetButton>
      )}
      {hands && incident.driver && (
        <SheetButton sheet="kin" keyName={keyOf('kin')} {...small}>
          {say('act.kin')}
        </SheetButton>
      )}
      {hands && can('contact-attempt') && incident.contactPolicy === 'voice_ok' && (
        <SheetButton sheet="message" keyName={keyOf('message')} {...small}>
          {say('act.message')}
        </SheetButton>
      )}
      {hands && can('priority') && (
        <SheetButton sheet="share" keyName={keyOf('share')} {...small}>
          {say('act.share')}
        </SheetButton>
      )}
      <SheetButton sheet="note" keyName={keyOf('note')} {...small}>
        {say('act.note')}
      </SheetButton>
      {can('priority') && (
        <SheetButton sheet="priority" keyName={keyOf('priority')} {...small}>
          {say('act.priority')}
        </SheetButton>
      )}
      {can('contact-policy') && (
        <SheetButton sheet="policy" keyName={keyOf('policy')} {...small}>
          {say('act.policy')}
        </SheetButton>
      )}
      {mine && can('pass') && (
        <ActButton on={on} act="pass" keyName={keyOf('pass')} {...small}>
          {say('act.pass')}
        </ActButton>
      )}
      {can('help') && (
        <ActButton on={on} act="help" keyName={keyOf('help')} {...small}>
          {say('act.help')}
        </ActButton>
      )}
      <SheetButton sheet="link" keyName={keyOf('link')} {...small}>
        {say('act.link')}
      </SheetButton>
      {ends && can('false-alarm') && (
        <SheetButton sheet="false" keyName={keyOf('false_alarm')} {...small}>
          {say('act.false_alarm')}
        </SheetButton>
      )}
      {ends && can('close') && step !== 'close' && (
        <SheetButton sheet="close" {...small}>
          {say('act.close')}
        </SheetButton>
      )}
      {ends && can('reopen') && (
        <SheetButton sheet="reopen" {...small}>
          {say('act.reopen')}
        </SheetButton>
      )}
      {incident.mergedInto && ends && (
        <ActButton on={on} act="unmerge" {...small}>
          {say('act.unmerge')}
        </ActButton>
      )}
      {incident.flags.includes('duress') && may(viewer, 'duress:lift', regionsOf(incident)) && (
        <SheetButton sheet="duress" {...small}>
          {say('act.lift_duress')}
        </SheetButton>
      )}
    </div>
  )
}

// What an agency was told is too old: said beside the next step until it is told again.

import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import { age } from '../format'
import { SheetButton } from '../tower/act-button'
import { keyOf } from '../tower/keys'
import { isWord, type Say } from '../words'

type AgainProps = { incident: IncidentSummary; events: readonly LogEvent[]; say: Say; now: number; mayAct: boolean }

export function TellAgain({ incident, events, say, now, mayAct }: AgainProps) {
  if (!incident.flags.includes('tell_again')) return null
  const body = events.findLast(({ type, body }) => type === 'tell_again' && body?.why)?.body
  const why = `again.${String(body?.why)}`
  const toldAt = typeof body?.toldAt === 'number' ? body.toldAt : now
  return (
    <p class="notice tell-again" data-tone="alarm" role="status">
      <strong>{say('again.title', { agency: typeof body?.agency === 'string' ? body.agency : '911' })}</strong>
      {isWord(why) && <>: {say(why, { age: age(now - toldAt) })}.</>}{' '}
      {mayAct && (
        <SheetButton sheet="script" keyName={keyOf('script')} size="small">
          {say('act.script')}
        </SheetButton>
      )}
    </p>
  )
}

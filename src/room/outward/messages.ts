// What an operator writes to the driver: to the open page or app first, by text after it, and to neither while the incident
// is quiet.

import type { Viewer } from '../../domain/access'
import { type Incident, OPEN_STATES } from '../../domain/incident'
import { isNeverDialled } from '../../domain/never-dialled'
import type { Address, PageLang } from '../../domain/page'
import { factsOf } from '../../domain/page-facts'
import { pageIdOf } from '../../domain/page-id'
import { e164 } from '../../domain/phone-number'
import { mayReachPresser } from '../../domain/phone-view'
import { MESSAGE_MAX } from '../../domain/share'
import { actorOf } from '../acts'
import type { Answer } from '../contract'
import { conflict, decideOn, invalid, type OutwardParts } from './books'

/** After it a message to somebody in danger says something that is not so any more. */
const USELESS_AFTER_MS = 10 * 60_000
/** What drivers read first; no record says what they speak. */
const DRIVERS_LANG: PageLang = 'fil'

export class Messages {
  constructor(private readonly parts: OutwardParts) {}

  send(incidentId: string, text: string, viewer: Viewer): Answer {
    return decideOn(this.parts, incidentId, viewer, (incident) => {
      const { books, pages } = this.parts
      const { ports } = books
      if (text.trim() === '' || text.length > MESSAGE_MAX)
        return invalid('message_length', `A message has 1 to ${MESSAGE_MAX} characters.`)
      if (/https?:|www\.|\b[a-z0-9-]+\.(com|net|org|ph|ly|me)\b/i.test(text))
        return invalid('message_link', 'No link: networks here drop texts with links.')
      if (![...OPEN_STATES, 'safe'].includes(incident.state)) return conflict('wrong_state', 'The incident is over.')
      if (mayReachPresser(incident, 'push') !== 'open')
        return conflict('quiet', 'Quiet: do not call or text. Change the contact policy first, with a reason.')
      const ladder = waysTo(incident)
      if (ladder.length === 0) return conflict('no_way', 'Neither a device nor a phone of the driver is known.')
      const now = ports.now()
      const id = pageIdOf('driver', incident.id, ports.newId())
      const outcome = pages.send({
        id,
        region: incident.region,
        incidentId: incident.id,
        reason: 'driver',
        step: 'message',
        contact: {
          id: incident.driver?.id ?? incident.deviceId ?? incident.id,
          name: incident.driver?.name ?? incident.code,
          lang: DRIVERS_LANG,
        },
        ladder,
        priority: incident.priority,
        facts: factsOf(incident, ports, { text, place: null }),
        decidedAt: now,
        until: now + USELESS_AFTER_MS,
        drill: false,
      })
      if (outcome === 'refused') return conflict('quiet', 'Quiet: do not call or text.')
      const acted = incident.owner?.uid === viewer.uid ? { reactBy: null } : {}
      books.save({
        before: incident,
        after: { ...incident, ...acted, lastActAt: now, firstActAt: incident.firstActAt ?? now, changedAt: now },
        lines: [
          { type: 'message', body: { pageId: id, to: 'driver', text, ways: ladder.flat().map((way) => way.channel) } },
        ],
        actor: actorOf(viewer),
      })
      return null
    })
  }
}

function waysTo(incident: Incident): Address[][] {
  const ways: Address[][] = []
  if (incident.deviceId) ways.push([{ channel: 'lifeline', to: incident.deviceId }])
  const phone = incident.driver?.phone
  if (phone && !isNeverDialled(phone) && mayReachPresser(incident, 'text') === 'open')
    ways.push([{ channel: 'sms', to: e164(phone) ?? phone }])
  return ways
}

// What calls from outside the page: title, favicon, and a notification that carries a code and a region, never a person.

import type { IncidentSummary } from '../../../src/domain/incident'
import { isDrill } from '../../tower/card-view'
import type { Say } from '../../words'

export function drawTitle(say: Say, region: string, loose: number, p1: number): void {
  const title = loose > 0 ? say('title.open', { n: loose, region }) : say('title.rest', { region })
  if (document.title !== title) document.title = title
  const icon = document.querySelector<HTMLLinkElement>('#favicon')
  const href = `/assets/icons/${p1 > 0 ? 'alarm' : loose > 0 ? 'open' : 'rest'}.svg`
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href)
}

/** Only where the page itself cannot be seen. */
export function notify(say: Say, incident: Pick<IncidentSummary, 'id' | 'code' | 'flags'>, regionName: string): void {
  if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted')
    return
  const words = say('notify.title', { code: incident.code })
  const card = new Notification(isDrill(incident) ? say('drill.before', { words }) : words, {
    body: regionName,
    tag: incident.id,
    requireInteraction: true,
  })
  card.onclick = () => {
    window.focus()
    card.close()
  }
}

/** The button is there only while the browser would still ask. */
export function offerNotifications(button: HTMLElement | null): void {
  if (!button || !('Notification' in window) || Notification.permission !== 'default') return
  button.hidden = false
  button.addEventListener('click', async () => {
    button.hidden = (await Notification.requestPermission()) !== 'default'
  })
}

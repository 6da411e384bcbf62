// The pages of the office: says so where an answer never came, and gives what was just made (a device, a fence, a broadcast, a
// drill) its own address, so that loading the page again shows it. Everything else on them is htmx and plain HTML.

import { onHtmx } from './desk/htmx'

const show = (failed: boolean): void => {
  const notice = document.querySelector<HTMLElement>('[data-not-sent]')
  if (notice) notice.hidden = !failed
}

/** Answers that come with a page or a notice of their own. */
const SAID = [401, 403, 404, 409, 422, 503]

onHtmx('before:request', ({ request }) => {
  if (request.method !== 'GET') show(false)
})
onHtmx('error', () => show(true))
onHtmx('response:error', ({ response }) => show(!SAID.includes(response?.raw.status ?? 0)))
onHtmx('after:swap', () => {
  const address = document.querySelector<HTMLElement>('#page')?.dataset.address
  if (address && address !== location.pathname + location.search) history.replaceState(null, '', address)
})

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

/** Of each finder, what is chosen in its list while an answer to what was typed comes in. */
const chosen = new Map<Element, HTMLOptionElement>()

const listOf = (finder: Element): HTMLSelectElement | null => finder.querySelector('select')

onHtmx('before:swap', ({ sourceElement }) => {
  const finder = sourceElement.closest('.finder')
  const option = finder && listOf(finder)?.selectedOptions[0]
  if (finder && option?.value) chosen.set(finder, option)
})
// The answer to a later letter must not take back, unseen, what was chosen among those of an earlier one.
onHtmx('after:swap', ({ sourceElement }) => {
  const finder = sourceElement.closest('.finder')
  const option = finder && chosen.get(finder)
  const list = finder && listOf(finder)
  if (!finder || !option || !list) return
  chosen.delete(finder)
  if (![...list.options].some(({ value }) => value === option.value)) list.append(option)
  list.value = option.value
})

// A form that is sent before htmx has found it would be sent by the browser itself: as a page of its own, which the tower refuses,
// for nothing but our own script may change anything. It is held until htmx takes it. Loaded with every page that has htmx, before
// anything is painted.

const AGAIN_AFTER_MS = 50
/** htmx has found it long before that, or was never loaded. */
const TRIES = 200

const tries = new WeakMap<HTMLFormElement, number>()

// On its way up: htmx has stopped it where it knows the form.
addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('hx-post')) return
  if (event.defaultPrevented) {
    tries.delete(form)
    return
  }
  event.preventDefault()
  const made = tries.get(form) ?? 0
  if (made >= TRIES) return
  tries.set(form, made + 1)
  setTimeout(() => {
    if (form.isConnected) form.requestSubmit(event.submitter)
  }, AGAIN_AFTER_MS)
})

export {}

// The button by which a person says that they are on a call.

export function drawCall(onCall: boolean): void {
  const button = document.querySelector<HTMLElement>('[data-on-call]')
  button?.setAttribute('aria-pressed', String(onCall))
  button?.querySelector('[data-words-off]')?.toggleAttribute('hidden', onCall)
  button?.querySelector('[data-words-on]')?.toggleAttribute('hidden', !onCall)
}

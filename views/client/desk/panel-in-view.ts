// Where the panel is: beside the queue, or, in one column as on a phone, above it.

/** What is open there is known to the whole page, for its styles. */
export function drawFramed(main: HTMLElement | null, id: string | null): void {
  document.body.dataset.framed = id ?? ''
  if (!main) return
  if (id === null) delete main.dataset.open
  else main.dataset.open = 'yes'
}

/** In one column it lies above what was pressed. The wide screen always shows it. */
export function showPanel(): void {
  const panelBox = document.querySelector('#panel')
  const top = panelBox?.getBoundingClientRect().top ?? 0
  if (top < 0 || top > innerHeight / 2) panelBox?.scrollIntoView({ block: 'start' })
}

// The colours of the canvas, from the design tokens: a canvas knows no var(), so elements that wear them are asked.

const INKS = [
  'moving',
  'standing',
  'silent',
  'sos',
  'sos-on',
  'sos-edge',
  'on',
  'halo',
  'ring',
  'crowd',
  'crowd-ink',
  'focus',
] as const
export type Ink = (typeof INKS)[number]
export type Palette = Record<Ink, string>

export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span')
  probe.className = 'vehicle-ink'
  host.append(probe)
  const style = getComputedStyle(probe)
  const found = INKS.map((ink): [Ink, string] => {
    probe.dataset.ink = ink
    return [ink, style.color]
  })
  probe.remove()
  return Object.fromEntries(found) as Palette
}

/** Calls back when the system changes between light and dark, or the page's own switch is used. */
export function onTheme(change: () => void, signal: AbortSignal): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', change, { signal })
  const observer = new MutationObserver(change)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  signal.addEventListener('abort', () => observer.disconnect())
}

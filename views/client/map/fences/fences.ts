// Geofences on the tower's map: thin outlines with their names, and what was crossed as it happens. Shards say what; the
// outlines are asked for when they say that they are others now.

import type L from 'leaflet'
import type { ToMap } from '../../../../src/domain/map-frame'
import { isLang, t } from '../../../words'
import { FenceNews } from './news'
import { type OutlinedFence, Outlines } from './outlines'

const ASK_AFTER_MS = 400
const AGAIN_AFTER_MS = 30_000
const KEPT = 'map-fences'

export function startFences(map: L.Map): void {
  const say = t(isLang(document.documentElement.lang) ? document.documentElement.lang : 'en')
  const region = document.body.dataset.region ?? ''
  const outlines = new Outlines(map)
  const news = new FenceNews(say)
  const button = document.querySelector<HTMLElement>('[data-fence-layer]')
  let asking: ReturnType<typeof setTimeout> | undefined

  show(localStorage.getItem(KEPT) !== 'off')
  button?.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true'
    localStorage.setItem(KEPT, on ? 'on' : 'off')
    show(on)
  })
  document.addEventListener('map:fences', (event) => {
    const { detail: word } = event as CustomEvent<Extract<ToMap, { t: 'fences' | 'crossed' }>>
    if (word.t === 'crossed') news.crossed(word)
    else later(ASK_AFTER_MS)
  })
  if (document.body.dataset.demo === undefined) later(0)

  function show(on: boolean): void {
    button?.setAttribute('aria-pressed', String(on))
    outlines.show(on)
  }

  /** Each shard says it; they are asked for once. */
  function later(ms: number): void {
    clearTimeout(asking)
    asking = setTimeout(() => void ask(), ms)
  }

  async function ask(): Promise<void> {
    const found = await load(region)
    if (found === 'refused') return
    if (found) outlines.replace(found)
    else later(AGAIN_AFTER_MS)
  }
}

/** Null where it is worth asking again. */
async function load(region: string): Promise<OutlinedFence[] | 'refused' | null> {
  try {
    const answer = await fetch(`/api/regions/${region}/geofences`, { signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) return answer.status < 500 ? 'refused' : null
    const { geofences } = (await answer.json()) as { geofences: OutlinedFence[] }
    return geofences.filter(({ active }) => active)
  } catch {
    return null
  }
}

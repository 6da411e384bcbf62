// What the generator itself can do, against a server that does nothing. A figure near this one measures the generator.

import { startChild } from '../child'
import type { LifelineResult } from '../load/lifelines'
import type { PressResult } from '../load/presses'
import type { Target } from '../load/target'
import { HTTP } from './http'
import { LIFELINES } from './lifelines'
import type { Stage } from './stage'

export const CEILING = 'generator'

export async function measureCeiling({ plan, notebook, generator, log }: Stage): Promise<void> {
  const echo = startChild('load/echo.ts', 'server')
  try {
    const url = await echo.ask<string>('url')
    const target: Target = { system: 'bun', url, region: 'NCR', signingKeys: 'none', devices: 'echo' }
    const seconds = plan.ceilingSeconds
    const http = await generator.ask<PressResult>('saturate', {
      target,
      connections: 64,
      warmSeconds: 0.2,
      seconds,
      devices: Math.round(60_000 * seconds),
    })
    await generator.ask('openLifelines', { target, sockets: 200 })
    const lines = await generator.ask<LifelineResult>('pressLifelines', { presses: 1_000_000, seconds })
    await generator.ask('closeLifelines')
    notebook.note(CEILING, HTTP, http.perSecond, 'per second')
    notebook.note(CEILING, LIFELINES, lines.perSecond, 'per second')
    log(
      `the generator's own ceiling: ${Math.round(http.perSecond)} by HTTP, ${Math.round(lines.perSecond)} over sockets`,
    )
  } finally {
    await echo.stop()
  }
}

// `bench map`: how smoothly the fleet moves on a screen, at three sizes, while somebody pans the map.

import { Histogram } from '../histogram'
import { describeMachine } from '../machine'
import { openNotebook } from '../notebook'
import { judge, type Measured } from '../report'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import type { Plan, Seen } from './plan'
import { openMapStage } from './stage'

type Options = { quick: boolean; log(line: string): void }

const SIZES = [1_000, 5_000, 15_000] as const
const [, , LARGEST] = SIZES
const SYSTEM = 'tower'
const PLANS = { quick: { rounds: 1, seconds: 4 }, full: { rounds: 3, seconds: 10 } }

const FPS = 'frames per second'
const LONGEST = 'longest task'
/** Of the vehicles: in between, a frame of the screen shows the picture before it, panned along. */
const DRAWINGS = 'drawings per second'

export async function benchMap({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const stolen = watchStolen()
  const notebook = openNotebook()
  const { rounds, seconds } = PLANS[quick ? 'quick' : 'full']
  let worstTaskMs = 0
  for (let round = 0; round < rounds; round++) {
    for (const vehicles of SIZES) {
      const seen = await look({ vehicles, seconds })
      const name = (what: string) => `${what}, ${vehicles} vehicles`
      notebook.note(SYSTEM, name(FPS), seen.fps, 'per second')
      notebook.note(SYSTEM, name(LONGEST), seen.longestTaskMs, 'ms')
      if (vehicles === LARGEST) worstTaskMs = Math.max(worstTaskMs, seen.longestTaskMs)
      for (const [what, values] of [
        ['between frames', seen.gapsMs],
        ['to draw', seen.drawMs],
        ['to take a frame of all', seen.takeMs],
      ] as const) {
        const times = new Histogram()
        for (const each of values) times.addMs(each)
        notebook.keep(SYSTEM, name(what), times.raw())
        notebook.note(SYSTEM, name(`${what}: p50`), times.percentile(0.5), 'ms')
        notebook.note(SYSTEM, name(`${what}: p99`), times.percentile(0.99), 'ms')
      }
      notebook.note(SYSTEM, name(DRAWINGS), seen.drawMs.length / seconds, 'per second')
      log(
        `${vehicles} vehicles, ${seen.drawnVehicles} in view: ${seen.fps.toFixed(1)} frames/s, ` +
          `longest task ${seen.longestTaskMs.toFixed(0)} ms`,
      )
    }
  }
  notebook.note(MACHINE, STOLEN, stolen(), '%')
  return {
    report: {
      name: 'map',
      quick,
      machine,
      method: [
        'Headless Chromium without a graphics card, 1440 × 900, zoom 12, the whole fleet within reach of the view; the real layer, fed one frame a second in which every vehicle has moved.',
        `${rounds} round(s) of ${seconds} s for each size, each in a fresh browser, while the map is panned at every frame. Figures are the median of the rounds, the longest task the worst of them.`,
        'A frame is one of the screen: the pan is carried in each of them. Vehicles are drawn anew as often as 60 % of the time allows: "drawings per second".',
      ],
      figures: notebook.figures(),
      rivals: [],
      ratios: [],
      bars: [
        judge({
          what: `${FPS}, ${LARGEST} vehicles`,
          unit: 'per second',
          better: 'higher',
          goal: 50,
          bar: 30,
          got: notebook.value(SYSTEM, `${FPS}, ${LARGEST} vehicles`),
        }),
        judge({
          what: `${DRAWINGS}, ${LARGEST} vehicles`,
          unit: 'per second',
          better: 'higher',
          goal: 30,
          bar: 15,
          got: notebook.value(SYSTEM, `${DRAWINGS}, ${LARGEST} vehicles`),
        }),
        judge({
          what: `${LONGEST}, ${LARGEST} vehicles`,
          unit: 'ms',
          better: 'lower',
          goal: 50,
          bar: 200,
          got: worstTaskMs > 0 ? worstTaskMs : Number.NaN,
        }),
      ],
    },
    histograms: notebook.histograms(),
  }
}

async function look(plan: Plan): Promise<Seen> {
  const stage = await openMapStage()
  try {
    return (await stage.page.evaluate(`window.run(${JSON.stringify(plan)})`)) as Seen
  } finally {
    await stage.close()
  }
}

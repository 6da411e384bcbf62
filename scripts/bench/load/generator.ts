// The process that presses. It is asked for one piece of work at a time and answers what came of it.

import { answer } from '../child'
import { closeLifelines, type LifelineBurst, type LifelinePlan, openLifelines, pressLifelines } from './lifelines'
import { type PositionLoad, positionsByHttp, positionsBySocket } from './positions'
import { type HttpSaturation, type PacedPresses, pressAtRate, saturateHttp } from './presses'

answer({
  saturate: (plan: HttpSaturation) => saturateHttp(plan),
  paced: (plan: PacedPresses) => pressAtRate(plan),
  positionsByHttp: (load: PositionLoad) => positionsByHttp(load),
  positionsBySocket: (load: PositionLoad) => positionsBySocket(load),
  openLifelines: (plan: LifelinePlan) => openLifelines(plan),
  pressLifelines: (plan: LifelineBurst) => pressLifelines(plan),
  closeLifelines: () => closeLifelines(),
})

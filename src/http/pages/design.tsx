// /design: the design system, and the three screens with made-up data. Nothing here asks a room.

import { Hono } from 'hono'
import { DesignPage, SCREENS } from '../../../views/design/design-page'
import { SampleScreen } from '../../../views/design/screens'
import type { AppEnv } from '../env'
import { frameOf } from './frame'

export const design = new Hono<AppEnv>().get('/design', (c) => {
  const wanted = c.req.query('screen')
  const screen = SCREENS.find((each) => each === wanted)
  return c.html(screen ? <SampleScreen frame={frameOf(c)} screen={screen} /> : <DesignPage frame={frameOf(c)} />)
})

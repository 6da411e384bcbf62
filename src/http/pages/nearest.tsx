// What the panel of an incident asks for after it is there: who could come soonest, and the words of the place from whoever
// knows more than our tables. Neither is waited for by the panel.

import { Hono } from 'hono'
import { NearestList } from '../../../views/tower/panel-nearest'
import { PlaceFragment } from '../../../views/tower/panel-place'
import { freshest } from '../../domain/position-source'
import { agencyAreas } from '../../geo/agency-area'
import { geoOf } from '../../geo/providers'
import { ROAD_FACTOR } from '../../geo/travel'
import { openFile } from '../desk'
import { lifeOf } from '../doors/take'
import type { AppEnv } from '../env'
import { refused } from '../errors'
import { nearestTo, VEHICLES_USUAL } from '../nearest'
import { geocodesOf } from '../redis'
import { frameOf } from './frame'

export const nearest = new Hono<AppEnv>()
  .get('/desk/incidents/:id/nearest', async (c) => {
    const { viewer } = c.var
    const told = await nearestTo(c.env, viewer, c.req.param('id'), VEHICLES_USUAL)
    if (!told.ok) return refused(c, told.refusal)
    const { lang, nonce } = frameOf(c)
    const { nearest, incident } = told
    return c.html(
      <NearestList {...{ nearest, incident, viewer, lang, nonce }} now={Date.now()} roadFactor={ROAD_FACTOR} />,
    )
  })
  .get('/desk/incidents/:id/place', async (c) => {
    const opened = await openFile(c.env, c.var.viewer, c.req.param('id'))
    if (!opened.ok) return refused(c, opened.refusal)
    const { incident, heard } = opened.file
    const { lang } = frameOf(c)
    const position = freshest(incident.position, heard)?.position ?? null
    if (!position) return c.html(<PlaceFragment position={null} where={null} ahead={null} lang={lang} />)
    const { reverse } = geoOf(c.env, { memory: geocodesOf(c.env, lifeOf(c)) })
    const { where, address, source } = await reverse.reverse(position, lang)
    const ahead = agencyAreas(position).next
    return c.html(<PlaceFragment {...{ position, where, ahead, address, lang }} by={source} />)
  })

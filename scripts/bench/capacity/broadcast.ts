// A broadcast to everybody of every region, sent in the same moment: each region's area is drawn around all of its phones.

import type { DemoOperator } from '../../lib/demo'
import { PLACE } from '../load/target'
import { Desk } from '../page/desk'
import type { TowerSubject } from '../subjects/tower'
import type { Side } from './sockets'

type Preview = { id: string; counts: { devices: number; lifeline: number } }

/** Half a degree around where they say they are. */
const AROUND = 0.3
const LIFE_MS = 3_600_000

const desks = new WeakMap<TowerSubject, Promise<Desk>>()

/** Resolves to when each was confirmed, epoch ms, in the order of `sides`. Throws where not all of them were counted. */
export async function tellAll(sides: readonly Side[], phones: number): Promise<number[]> {
  const counted = await Promise.all(
    sides.map(async ({ tower, region }) => {
      const desk = await deskOf(tower)
      const { status, body } = await desk.post<Preview>(`/api/regions/${region}/areas/preview`, {
        kind: 'flood',
        place: 'all of it',
        corners: cornersOf(PLACE[region]),
        until: new Date(Date.now() + LIFE_MS).toISOString(),
      })
      if (status !== 201 || body.counts.lifeline !== phones)
        throw new Error(`${region}: counted ${JSON.stringify(body)} where there are ${phones}`)
      return { desk, region, body }
    }),
  )
  return Promise.all(
    counted.map(async ({ desk, region, body: { id, counts } }) => {
      const at = Date.now()
      const { status } = await desk.post(`/api/regions/${region}/areas`, { preview: id, devices: counts.devices })
      if (status >= 300) throw new Error(`${region}: the broadcast was answered ${status}`)
      return at
    }),
  )
}

const cornersOf = ([lat, lng]: readonly [number, number]) => [
  { lat: lat - AROUND, lng: lng - AROUND },
  { lat: lat - AROUND, lng: lng + AROUND },
  { lat: lat + AROUND, lng: lng + AROUND },
  { lat: lat + AROUND, lng: lng - AROUND },
]

function deskOf(subject: TowerSubject): Promise<Desk> {
  const known = desks.get(subject)
  if (known) return known
  const admin = subject.tower.demo?.operators.find(({ role }) => role === 'admin') as DemoOperator
  const desk = Desk.logIn(subject.tower.url, admin)
  desks.set(subject, desk)
  return desk
}

// Drills over the API, before real rooms in memory.

import { describe, expect, test } from 'bun:test'
import { crew, viewer } from '../support/made-up'
import { tower } from './api-support'

const boss = viewer('cora', { role: 'supervisor' })

function withCrew() {
  const at = tower()
  at.roomOf('NCR').room.learn(crew('dev-1', 1))
  return { ...at, cora: at.as(boss) }
}

const DRILLS = '/api/regions/NCR/drills'

describe('drills over the API', () => {
  test('are planned, begun once by the same request, read and called off', async () => {
    const { cora } = withCrew()
    const wish = { kind: 'driver', devices: ['dev-1', 'nobody'], requestId: 'r1' }
    const plan = await cora.post(`${DRILLS}/plan`, wish)
    expect(plan.body).toEqual({
      subjects: [{ subject: 'device:dev-1', name: 'Made-up Reyes' }],
      leftOut: [{ subject: 'device:nobody', name: 'nobody', why: 'unknown' }],
    })
    const begun = await cora.post(DRILLS, wish)
    expect(begun.status).toBe(201)
    expect(begun.body).toMatchObject({ kind: 'driver', ref: 'D01', passed: null, endedAt: null })
    expect((await cora.post(DRILLS, wish)).status).toBe(200)
    const { id } = begun.body
    expect((await cora.get(`${DRILLS}/${id}`)).body).toMatchObject({ id, trials: [{ subject: 'device:dev-1' }] })
    const ended = await cora.post(`${DRILLS}/${id}/end`, { reason: 'rain' })
    expect(ended.body).toMatchObject({ trials: [{ outcome: 'called_off', why: 'rain' }] })
    expect(JSON.stringify(ended.body)).not.toContain('pageId')
    const list = await cora.get(DRILLS)
    expect(list.body.drills.map((drill: { id: string }) => drill.id)).toEqual([id])
    expect(list.body.report.weeks).toHaveLength(8)
  })

  test('are scheduled, and taken away', async () => {
    const { cora } = withCrew()
    const path = '/api/regions/NCR/drill-schedules/mondays'
    const saved = await cora.put(path, { kind: 'driver', day: 1, time: '09:30', share: 0.05 })
    expect(saved).toMatchObject({ status: 200, body: { id: 'mondays', everybody: true, windowMinutes: 10 } })
    const [schedule] = (await cora.get(DRILLS)).body.schedules
    expect(new Date(Date.parse(schedule.nextAt) + 8 * 3_600_000).toISOString()).toContain('T09:30:00')
    expect((await cora.put(path, { kind: 'driver', day: 1, time: '25:00' })).status).toBe(422)
    expect((await cora.put(path, { kind: 'channel', day: 1, time: '10:00' })).body.error.code).toBe('contact')
  })

  test('that nobody could be tried in, or that do not exist, or elsewhere, are refused', async () => {
    const { cora, as } = withCrew()
    expect((await cora.post(DRILLS, { kind: 'driver', devices: ['nobody'], requestId: 'x' })).body.error.code).toBe(
      'nobody',
    )
    expect((await cora.post(DRILLS, { kind: 'driver', windowMinutes: 90, requestId: 'x' })).status).toBe(422)
    expect((await cora.get(`${DRILLS}/018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1`)).status).toBe(404)
    expect((await cora.get('/api/regions/CEB/drills')).status).toBe(403)
    expect((await as(viewer('ana')).post(DRILLS, { kind: 'region', requestId: 'x' })).status).toBe(403)
    expect((await as(viewer('ana')).get(DRILLS)).status).toBe(200)
  })

  test('of a region make an incident that says so', async () => {
    const { cora } = withCrew()
    const begun = await cora.post(DRILLS, { kind: 'region', requestId: 'x' })
    const incident = await cora.get(`/api/incidents/${begun.body.incidentId}`)
    expect(incident.body.incident).toMatchObject({ code: 'NCR-D01', flags: ['drill'] })
  })
})

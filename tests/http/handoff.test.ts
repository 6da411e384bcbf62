// What leaves the tower by a person's decision, over HTTP before real rooms: hand-offs, contacts, messages, and what an
// agency's machine answers.

import { describe, expect, test } from 'bun:test'
import { webhookKey, webhookSignature } from '../../src/courier/channels/webhook'
import { agencySecret } from '../../src/http/agency-secret'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import { anAgency, MACHINE } from '../room/outward-support'
import { aPress, crew, viewer } from '../support/made-up'
import { tower } from './api-support'

const app = createApp()
const SECRET = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`

function desk(kind: 'crash' | 'panic' = 'crash') {
  const at = tower({
    settings: { WEBHOOK_SECRET: SECRET, TOWER_PHONES: 'NCR:0286540000' },
    ports: {
      callbackOf: (id) => ({
        url: `https://tower.example/hooks/agency/${id}`,
        secret: agencySecret(SECRET, id),
        sender: 'tower@tower.example',
      }),
    },
  })
  const { room, send, storage } = at.roomOf('NCR')
  room.learn([
    ...crew('dev-1', 1),
    { kind: 'agency', id: 'ncr-911', version: 20, body: anAgency() },
    { kind: 'agency', id: 'ncr-centre', version: 21, body: MACHINE },
    {
      kind: 'kin',
      id: 'drv-dev-1',
      version: 22,
      body: {
        id: 'drv-dev-1',
        region: 'NCR',
        contacts: [{ id: 'k-wife', name: 'Made-up Wife', relation: 'wife', phone: '+639170000011', lang: 'fil' }],
      },
    },
  ])
  const press = aPress({ kind })
  send([press])
  const path = `/api/incidents/${press.sosId}`
  const token = (person = viewer('ana')) => openSession(at.env, person, Date.now()).token
  /** As the panel's forms post it. */
  const form = (what: string, fields: Record<string, string> = {}) =>
    app.request(
      `/desk/incidents/${press.sosId}/outward/${what}`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token()}`,
          'content-type': 'application/x-www-form-urlencoded',
          'hx-request': 'true',
        },
        body: new URLSearchParams(fields).toString(),
      },
      at.env,
    )
  const look = (what: string) =>
    app.request(
      `/desk/incidents/${press.sosId}/${what}`,
      { headers: { authorization: `Bearer ${token()}`, 'hx-request': 'true' } },
      at.env,
    )
  const events = (type: string) => room.log.ofIncident(press.sosId).filter((each) => each.type === type)
  const documents = () =>
    storage.sql
      .exec<{ body: string }>("SELECT body FROM page_out WHERE reason = 'agency' ORDER BY rowid")
      .toArray()
      .map(({ body }) => JSON.parse(body) as { document: { id: string; callback: { url: string; secret: string } } })
  return { ...at, room, id: press.sosId, path, form, look, events, documents }
}

describe('POST /api/incidents/{id}/handoff', () => {
  test('records that an agency was called, with reference and times', async () => {
    const at = desk()
    const told = { agencyId: 'ncr-911', number: '911', ref: 'CC-1', calledAt: '2026-11-22T12:00:00+08:00' }
    const answer = await at.ana.post(`${at.path}/handoff`, told)
    expect(answer.status).toBe(200)
    expect(answer.body.incident).toMatchObject({
      state: 'help_asked',
      legs: [{ kind: 'agency', ref: 'agency:ncr-911' }],
    })
    expect(at.events('handed_off')[0]?.body).toMatchObject({ ref: 'CC-1', calledAt: Date.UTC(2026, 10, 22, 4) })
  })

  test('names what is wrong with it', async () => {
    const at = desk()
    expect((await at.ana.post(`${at.path}/handoff`, {})).body.error).toMatchObject({ field: 'agencyId' })
    const no = await at.ana.post(`${at.path}/handoff`, { agencyId: 'made-up' })
    expect([no.status, no.body.error.code]).toEqual([422, 'unknown_agency'])
    expect((await at.ana.post('/api/incidents/ffffffff/handoff', { agencyId: 'ncr-911' })).status).toBe(404)
    const trainee = at.as(viewer('tom', { role: 'trainee' }))
    expect((await trainee.post(`${at.path}/handoff`, { agencyId: 'ncr-911' })).status).toBe(403)
  })
})

describe('contacts and messages', () => {
  test('a contact is told on a person’s word, and a quiet incident writes to no driver', async () => {
    const at = desk('panic')
    expect((await at.ana.post(`${at.path}/kin`, { contactIds: ['k-wife'], stage: 'pressed' })).status).toBe(200)
    expect(at.events('kin_told')).toHaveLength(1)
    const quiet = await at.ana.post(`${at.path}/message`, { text: 'Where are you?' })
    expect([quiet.status, quiet.body.error.code]).toEqual([409, 'quiet'])
    expect(at.events('message')).toEqual([])
    const open = desk()
    expect((await open.ana.post(`${open.path}/message`, { text: 'Where are you?' })).status).toBe(200)
    expect(open.events('message')).toHaveLength(1)
  })
})

describe('an agency’s machine', () => {
  const signed = (id: string, secret: string, body: unknown, at = Date.now()) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const timestamp = Math.floor(at / 1000)
    const key = webhookKey(secret)
    return {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': `m-${id}`,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': key ? webhookSignature(key, `m-${id}`, timestamp, text) : 'v1,none',
      },
      body: text,
    }
  }
  const handedOff = async () => {
    const at = desk()
    expect((await at.ana.post(`${at.path}/handoff`, { agencyId: 'ncr-centre', byMachine: true })).status).toBe(200)
    const [page] = at.documents()
    if (!page) throw new Error('no page')
    const { id, callback } = page.document
    const to = callback.url.replace(at.env.PUBLIC_URL, '')
    const status = { type: 'handoff.status', id, state: 'on_the_way', etaMinutes: 4, unit: 'Mobile 7' }
    const ask = (init: RequestInit, path = to) => app.request(path, init, at.env)
    return { ...at, handOffId: id, secret: callback.secret, status, ask }
  }

  test('moves its leg, once, and the incident stays open', async () => {
    const at = await handedOff()
    const first = await at.ask(signed(at.handOffId, at.secret, at.status))
    expect([first.status, await first.json()]).toEqual([200, { outcome: 'applied' }])
    expect(await (await at.ask(signed(at.handOffId, at.secret, at.status))).json()).toEqual({ outcome: 'unchanged' })
    await at.ask(signed(at.handOffId, at.secret, { ...at.status, state: 'done' }))
    const { incident } = (await at.ana.get(at.path)).body
    expect(incident).toMatchObject({ state: 'help_asked', legs: [{ state: 'done' }] })
  })

  test('is believed by its signature alone: not another’s, not an old one, not a changed body', async () => {
    const at = await handedOff()
    const right = signed(at.handOffId, at.secret, at.status)
    const refused = [
      { ...right, body: right.body.replace('on_the_way', 'done') },
      signed(at.handOffId, agencySecret(SECRET, `NCR.${crypto.randomUUID()}`), at.status),
      signed(at.handOffId, SECRET, at.status),
      signed(at.handOffId, at.secret, at.status, Date.now() - 10 * 60_000),
      { ...right, headers: { ...right.headers, 'webhook-signature': '' } },
      { ...right, headers: { ...right.headers, 'webhook-id': 'other' } },
    ]
    for (const each of refused) expect((await at.ask(each)).status).toBe(403)
    expect(at.events('agency_status')).toEqual([])
    const foreign = `NCR.${crypto.randomUUID()}`
    expect((await at.ask(right, `/hooks/agency/${foreign}`)).status).toBe(403)
    expect((await at.ask(right, '/hooks/agency/nonsense')).status).toBe(403)
    const unknown = signed(foreign, agencySecret(SECRET, foreign), { ...at.status, id: foreign })
    expect((await at.ask(unknown, `/hooks/agency/${foreign}`)).status).toBe(404)
  })

  test('what is signed and makes no sense is refused with the field', async () => {
    const at = await handedOff()
    for (const body of ['{', { ...at.status, state: 'closed' }, { ...at.status, id: `NCR.${crypto.randomUUID()}` }])
      expect((await at.ask(signed(at.handOffId, at.secret, body))).status).toBe(422)
  })
})

describe('the panel', () => {
  test('H and Enter alone record 911, the leg is asked, and one of ours is the next step', async () => {
    const at = desk('panic')
    await at.ana.post(`${at.path}/take`)
    const answer = await at.form('handoff', { ref: 'CC-2' })
    expect(answer.status).toBe(200)
    const html = await answer.text()
    expect(html).toContain('id="panel"')
    expect(html).toMatch(/class="panel-now"><button[^>]*data-opens="send"/)
    expect(at.events('handed_off')[0]?.body).toMatchObject({ agencyId: 'ncr-911', number: '911', ref: 'CC-2' })
  })

  test('the sheet reads in both languages, says not to call, and has the tower’s number', async () => {
    const html = await (await desk('panic').look('panel')).text()
    expect(html).toContain('lang="en"')
    expect(html).toContain('lang="fil"')
    expect(html).toContain('0286540000')
    expect(html).toContain('Do not call the driver')
    expect(html).toContain('Huwag po')
    // The numbers of agencies are text.
    expect(html).not.toMatch(/href="tel:\+?911/)
  })

  test('numbers that are not certain are marked, and so are those that nobody has checked lately', async () => {
    const at = desk()
    at.room.learn([{ kind: 'agency', id: 'ncr-911', version: 90, body: anAgency({ verifiedAt: null }) }])
    const html = await (await at.look('outward/agencies')).text()
    expect(html).toContain('number not certain')
    expect(html).toContain('to be verified again')
    expect(html).toContain('value="ncr-centre machine"')
  })

  test('without a directory the call is written down all the same', async () => {
    const at = tower()
    const { room, send } = at.roomOf('NCR')
    const press = aPress()
    send([press])
    const { token } = openSession(at.env, viewer('ana'), Date.now())
    const answer = await app.request(
      `/desk/incidents/${press.sosId}/outward/handoff`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'hx-request': 'true',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'ref=CC-9',
      },
      at.env,
    )
    expect(answer.status).toBe(200)
    const tried = room.log.ofIncident(press.sosId).find(({ type }) => type === 'contact_tried')
    expect(tried?.body).toMatchObject({ to: 'agency', ref: 'CC-9' })
  })

  test('says that 911 is to be told again, and why', async () => {
    const at = desk()
    await at.ana.post(`${at.path}/handoff`, { agencyId: 'ncr-911' })
    at.roomOf('NCR').pass(61_000)
    const html = await (await at.look('panel')).text()
    expect(html).toContain('Tell Unified 911 again')
    expect(html).toContain('the vehicle is driving on')
  })

  test('contacts are told one by one; links are made, shown once, and revoked', async () => {
    const at = desk()
    expect(await (await at.look('outward/kin')).text()).toContain('Made-up Wife')
    const told = await (await at.form('kin', { contact: 'k-wife', stage: 'pressed' })).text()
    expect(told).toContain('told of the SOS')
    const made = await (
      await at.form('shares', { recipient: 'Wife', kind: 'kin', grant_position: 'yes', minutes: '60' })
    ).text()
    expect(made).toMatch(/https:\/\/tower\.example\/s\/1[\w-]{22}/)
    const again = await (await at.look('outward/shares')).text()
    expect(again).not.toContain('/s/1')
    const [, shareId = ''] = /data-share="([^"]+)"/.exec(again) ?? []
    expect(await (await at.form('revoke', { share: shareId })).text()).toContain('closed')
    const refused = await at.form('shares', { recipient: 'Wife', kind: 'kin', minutes: '60' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('Choose what may be seen.')
  })
})

// A tower with every way out configured, behind simulators that record all that is asked of them; and people on duty of whom
// each fault has its own, so that no test's texts join another's.

import postgres from 'postgres'
import type { Tower } from '../../scripts/lib/tower'
import type { CourierHealth } from '../../src/courier/contract'
import { defaultPolicy, type EscalationPolicy, type EscalationStep } from '../../src/domain/escalation-policy'
import type { LogEvent } from '../../src/domain/event'
import type { Address, Attempt, Channel } from '../../src/domain/page'
import { REGION_IDS, type RegionId } from '../../src/domain/region'
import type { LadderView } from '../../src/room/paging-contract'
import type { TickReport } from '../../src/sentinel/contract'
import { type SendgridSimulator, startSendgrid } from '../simulators/sendgrid'
import { type SimSimulator, startSim } from '../simulators/sim-gateway'
import { ACCOUNT, startTwilio, type TwilioSimulator } from '../simulators/twilio'
import { startReceiver, type WebhookReceiver } from '../simulators/webhook-receiver'
import { devicesOf, enrol, Person, press, until } from '../system/people'
import { startTestTower } from './tower'

export type Lead = { id: string; phone: string; mail: string; hook: string }
export type Told = LadderView & { attempts: Attempt[] }

/** Operators of the demo who may see each region. */
const DESK: Record<RegionId, number> = { NCR: 0, CEB: 1, DVO: 0, ILO: 0 }

export class WaysOut {
  private readonly desks = new Map<RegionId, Promise<Person>>()
  private readonly lanes = new Map<RegionId, Promise<unknown>>()
  private leads = 0

  private constructor(
    readonly tower: Tower,
    public twilio: TwilioSimulator,
    readonly sim: SimSimulator,
    readonly sendgrid: SendgridSimulator,
    readonly receiver: WebhookReceiver,
    private readonly devices: Map<RegionId, ReturnType<typeof devicesOf>>,
  ) {}

  static async start(
    options: { settings?: Record<string, string>; without?: ('sim' | 'sendgrid')[]; enrol?: number } = {},
  ): Promise<WaysOut> {
    const [twilio, sim, sendgrid, receiver] = await Promise.all([
      startTwilio(),
      startSim(),
      startSendgrid(),
      startReceiver(),
    ])
    const settings = {
      ...twilio.settings,
      ...(options.without?.includes('sim') ? {} : sim.settings),
      ...(options.without?.includes('sendgrid') ? {} : sendgrid.settings),
      ...receiver.settings,
      ...options.settings,
    }
    const tower = await startTestTower({ settings })
    sendgrid.callTo(`${tower.url}/hooks/sendgrid`)
    sim.callTo(`${tower.url}/hooks/sim`)
    const devices = new Map<RegionId, ReturnType<typeof devicesOf>>()
    const enrolled = await Promise.all(
      REGION_IDS.map((region) => (options.enrol ? enrol(tower, options.enrol, region) : [])),
    )
    REGION_IDS.forEach((region, at) => {
      const demo = devicesOf(tower, region)
      devices.set(region, () => enrolled[at]?.shift() ?? demo())
    })
    const ways = new WaysOut(tower, twilio, sim, sendgrid, receiver, devices)
    // A room that has just begun waits for its screens to come back before it says that nobody watches; and it has its copy.
    await until(async () =>
      (await ways.report()).rooms.every((room) => 'directoryVersion' in room && room.directoryVersion > 0),
    )
    return ways
  }

  async stop(): Promise<void> {
    await this.tower.stop()
    await Promise.all([this.twilio, this.sim, this.sendgrid, this.receiver].map((each) => each.stop()))
  }

  /** One after the other within a region, whose policy it has for itself; regions beside each other. */
  inRegion<T>(region: RegionId, run: () => Promise<T>): Promise<T> {
    const after = (this.lanes.get(region) ?? Promise.resolve()).then(run, run)
    this.lanes.set(
      region,
      after.catch(() => {}),
    )
    return after
  }

  /** Twilio's server goes, and its port refuses; `back` starts another there. */
  async withoutTwilio(): Promise<{ back(): Promise<void> }> {
    const port = Number(new URL(this.twilio.origin).port)
    await this.twilio.stop()
    return {
      back: async () => {
        this.twilio = await startTwilio(ACCOUNT, port)
      },
    }
  }

  /** A person with addresses of their own, whom the region's P1 ladder tells at once by these ways. */
  async lead(region: RegionId, by: Channel[][], addresses: Partial<Record<Channel, string>> = {}): Promise<Lead> {
    const lead = this.newLead(region)
    await this.policy(region, [{ lead, by, afterS: 0 }], addresses)
    return lead
  }

  newLead(region: RegionId): Lead {
    const n = ++this.leads
    const id = `lead-${region.toLowerCase()}-${n}`
    return {
      id,
      phone: `+63900777${String(n).padStart(4, '0')}`,
      mail: `${id}@tower.example`,
      hook: `${this.receiver.origin}/${id}`,
    }
  }

  /** The region's P1 ladder: these people, each so many seconds after the alarm. Resolves when its room goes by it. */
  async policy(
    region: RegionId,
    steps: { lead: Lead; by: Channel[][]; afterS: number }[],
    addresses: Partial<Record<Channel, string>> = {},
  ): Promise<void> {
    const P1 = steps.map(
      ({ lead, by, afterS }): EscalationStep => ({
        id: lead.id,
        when: 'untaken',
        afterS,
        who: [{ kind: 'person', contactId: lead.id }],
        by,
        everyS: null,
      }),
    )
    const standard = defaultPolicy(region)
    const policy: EscalationPolicy = { ...standard, steps: { ...standard.steps, P1 } }
    const sql = postgres(this.tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
    try {
      for (const { lead } of steps) {
        const own: Address[] = [
          { channel: 'voice', to: lead.phone },
          { channel: 'sms', to: lead.phone },
          { channel: 'email', to: lead.mail },
          { channel: 'webhook', to: lead.hook },
        ]
        const ways = own.map(({ channel, to }) => ({ channel, to: addresses[channel] ?? to }))
        await sql`INSERT INTO duty_contact (id, region, name, lang, addresses, changed_by, version)
          VALUES (${lead.id}, ${region}, ${`Lead ${lead.id}`}, 'en', ${sql.json(ways)}, 'test', 0)`
      }
      await sql`INSERT INTO escalation_policy (region, body, changed_by, version)
        VALUES (${region}, ${sql.json(policy as never)}, 'test', 0)
        ON CONFLICT (region) DO UPDATE SET body = excluded.body`
      const [row] = await sql`SELECT version::float8 AS version FROM escalation_policy WHERE region = ${region}`
      const version = Number(row?.version)
      await until(async () => {
        const room = (await this.report()).rooms.find((each) => each.region === region)
        return room !== undefined && 'directoryVersion' in room && room.directoryVersion >= version
      })
    } finally {
      await sql.end()
    }
  }

  /** The phones that the region's intakes know for when its room is dead. */
  async dutyCard(region: RegionId): Promise<string[]> {
    const sql = postgres(this.tower.databaseUrls.owner, { max: 1, onnotice: () => {} })
    try {
      const [row] = await sql<{ phones: { phone: string }[] }[]>`SELECT phones FROM duty_card WHERE region = ${region}`
      return (row?.phones ?? []).map(({ phone }) => phone)
    } finally {
      await sql.end()
    }
  }

  /** A P1 from a driver whom no other test has used. */
  async press(
    region: RegionId,
    body: Record<string, unknown> = {},
  ): Promise<{ id: string; at: number; device: string }> {
    const device = this.devices.get(region)?.()
    if (!device) throw new Error(`no device in ${region}`)
    const at = Date.now()
    const answer = await press(this.tower, device, { kind: 'panic', ...body })
    if (answer.status !== 201) throw new Error(`the press was answered ${answer.status}`)
    return { id: answer.body.sosId, at, device: device.id }
  }

  desk(region: RegionId): Promise<Person> {
    const known = this.desks.get(region) ?? Person.logIn(this.tower, { role: 'operator', region, nth: DESK[region] })
    this.desks.set(region, known)
    return known
  }

  /** What was told of an incident, and what became of each attempt. */
  async told(region: RegionId, id: string): Promise<Told> {
    const { status, body } = await (await this.desk(region)).get<Told>(`/api/incidents/${id}/ladder`)
    if (status !== 200) throw new Error(`the ladder of ${id} was answered ${status}`)
    return body
  }

  /** "sms twilio failed 20500", oldest first. */
  async story(region: RegionId, id: string): Promise<string[]> {
    const { status, body } = await (await this.desk(region)).get<Told>(`/api/incidents/${id}/ladder`)
    // A press is answered before its room has heard of it.
    if (status === 404) return []
    if (status !== 200) throw new Error(`the ladder of ${id} was answered ${status}`)
    return body.attempts.map(({ channel, provider, state, error }) =>
      [channel, provider ?? '-', state, error].filter(Boolean).join(' '),
    )
  }

  async events(region: RegionId, id: string): Promise<LogEvent[]> {
    return (await (await this.desk(region)).get<{ events: LogEvent[] }>(`/api/incidents/${id}`)).body.events
  }

  /** Somebody has it and works on it: its ladder is over. */
  async taken(region: RegionId, ...ids: string[]): Promise<void> {
    const desk = await this.desk(region)
    for (const id of ids) {
      const { status } = await desk.act(id, 'take')
      if (status !== 200) throw new Error(`the take was answered ${status}`)
      await desk.act(id, 'note', { text: 'on it' })
    }
  }

  report(): Promise<TickReport> {
    return this.tower.tick() as Promise<TickReport>
  }

  async courier(region: RegionId): Promise<CourierHealth> {
    const found = (await this.report()).couriers.find(({ name }) => name === `${region}:0`)
    if (!found || 'failed' in found) throw new Error(`the courier of ${region} does not answer`)
    return found
  }

  /** Everything that any provider was asked to send to this number or address, whether it took it or not. */
  asked(to: string): { at: number; by: string }[] {
    return [
      ...this.twilio.requests
        .filter((each) => each.kind !== 'poll' && each.to === to)
        .map(({ at, kind }) => ({ at, by: `twilio ${kind}` })),
      ...this.sim.texts.filter((each) => each.to === to).map(({ at }) => ({ at, by: 'sim' })),
      ...this.sendgrid.mails.filter((each) => each.to === to).map(({ at }) => ({ at, by: 'sendgrid' })),
      ...this.receiver.received
        .filter(({ path }) => to === this.receiver.origin + path)
        .map(({ at }) => ({ at, by: 'webhook' })),
    ].toSorted((a, b) => a.at - b.at)
  }

  get violations(): string[] {
    return [this.twilio, this.sim, this.sendgrid, this.receiver].flatMap(({ violations }) => violations)
  }
}

/** One line of what a fault did: the figures of a run stand in its output, in one form. */
export function figure(fault: string, said: string): void {
  console.log(`FAULT ${fault}: ${said}`)
}

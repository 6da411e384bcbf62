// What newer rows of the directory change in incidents that are there already.

import { SYSTEM } from '../domain/command'
import type { DirectoryRow } from '../domain/directory'
import type { Line } from '../domain/outcome'
import { personOf } from '../domain/presses'
import type { Escalation } from './escalation'
import type { Ledger } from './ledger'

/** Rows by which somebody may be told who could not be before. */
const TELLS_PEOPLE: readonly DirectoryRow['kind'][] = ['contact', 'shift', 'duty', 'policy']

/** Gives those that were news. */
export function learn(
  ledger: Ledger,
  escalation: Pick<Escalation, 'peopleLearned'>,
  rows: readonly DirectoryRow[],
): DirectoryRow[] {
  return ledger.transact(() => {
    const learned = ledger.directory.learn(rows)
    for (const row of learned) if (row.kind === 'device') refreshCards(ledger, row.id)
    if (learned.some(({ kind }) => TELLS_PEOPLE.includes(kind))) escalation.peopleLearned()
    return learned
  })
}

function refreshCards(ledger: Ledger, deviceId: string): void {
  const { driver, vehicle } = ledger.directory.cardsOf(deviceId)
  for (const incident of ledger.incidents.liveOfDevice(deviceId)) {
    if (JSON.stringify([driver, vehicle]) === JSON.stringify([incident.driver, incident.vehicle])) continue
    const person = incident.person.startsWith('device:') ? personOf(driver, deviceId) : incident.person
    const lines: Line[] = [
      { type: 'position', body: { cards: { driver: driver?.id ?? null, vehicle: vehicle?.id ?? null } } },
    ]
    ledger.save({ before: incident, after: { ...incident, driver, vehicle, person }, lines, actor: SYSTEM })
  }
}

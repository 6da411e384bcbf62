// An operator of the demo, logged in: the token of a screen, and the queue as the room has it.

import type { IncidentSummary } from '../../../../src/domain/incident'
import type { Cluster } from '../cluster'

export type Operator = {
  token: string
  region: string
  incidents(status: 'open' | 'all'): Promise<{ incidents: IncidentSummary[] }>
}

const REGION = 'NCR'
/** What one answer may hold; a proof makes fewer. */
const MOST = 1_000

export async function logIn({ url, demo }: Pick<Cluster, 'url' | 'demo'>): Promise<Operator> {
  const person = demo?.operators.find(({ role, regions }) => role === 'operator' && regions.includes(REGION))
  if (!person) throw new Error(`the demo has no operator in ${REGION}`)
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: person.email, password: person.password }),
  })
  if (!response.ok) throw new Error(`log-in answered ${response.status}`)
  const { token } = (await response.json()) as { token: string }
  return {
    token,
    region: REGION,
    incidents: async (status) => {
      const answer = await fetch(`${url}/api/incidents?region=${REGION}&status=${status}&limit=${MOST}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      if (!answer.ok) throw new Error(`the queue answered ${answer.status}`)
      return (await answer.json()) as { incidents: IncidentSummary[] }
    },
  }
}

// Phones that press without end while a cluster is hurt: each press at its time, whatever became of the ones before, and again,
// as real phones do, where it was not answered.

import type { RegionId } from '../../../../src/domain/region'
import { parseKeys, signDeviceToken } from '../../../../src/ingest/device-token'

export type Told = {
  deviceId: string
  sosId: string
  /** Epoch ms at which it was pressed. */
  at: number
  /** From then to the answer, ms, all tries together. */
  ms: number
  /** 1: answered at the first try. */
  tries: number
  /** Answered from a machine's own disk. */
  local: boolean
}

export type Phones = {
  told: Told[]
  /** Pressed and not answered yet. */
  readonly open: number
  /** No further presses. Resolves when each has its answer, or was given up. */
  stop(): Promise<{ givenUp: number }>
}

type Target = { url: string; secrets: { DEVICE_KEYS: string } }

const REGION: RegionId = 'NCR'
const TOKEN_LIVES_S = 24 * 3600
const TRY_MS = 10_000
const BETWEEN_TRIES_MS = 250
const GIVES_UP_MS = 120_000

/** `devices` press in turn, `perSecond` altogether. */
export function startPhones(target: Target, plan: { perSecond: number; devices: number; name: string }): Phones {
  const keys = parseKeys(target.secrets.DEVICE_KEYS)
  const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_LIVES_S
  const phones = Array.from({ length: plan.devices }, (_, n) => {
    const deviceId = `${plan.name}-${n}`
    return { deviceId, token: signDeviceToken(keys, { deviceId, home: REGION, generation: 1, expiresAt }) }
  })
  const told: Told[] = []
  const all: Promise<boolean>[] = []
  let open = 0
  let made = 0
  const began = performance.now()
  const pressOne = async ({ deviceId, token }: (typeof phones)[number], due: number): Promise<boolean> => {
    open++
    const at = Date.now() - (performance.now() - due)
    const body = JSON.stringify({ id: crypto.randomUUID(), kind: 'crash', pressedAt: new Date(at).toISOString() })
    for (let tries = 1; performance.now() - due < GIVES_UP_MS; tries++) {
      const answer = await fetch(`${target.url}/api/sos`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(TRY_MS),
      }).catch(() => null)
      const ms = performance.now() - due
      const said = answer?.ok
        ? ((await answer.json().catch(() => null)) as { sosId: string; durability?: string } | null)
        : null
      if (said) {
        told.push({ deviceId, sosId: said.sosId, at, ms, tries, local: said.durability === 'local' })
        open--
        return true
      }
      await answer?.body?.cancel().catch(() => {})
      await Bun.sleep(BETWEEN_TRIES_MS)
    }
    open--
    return false
  }
  const timer = setInterval(() => {
    // Open loop: what is due is pressed, also after this process was held up.
    for (; (made * 1000) / plan.perSecond <= performance.now() - began; made++) {
      all.push(
        pressOne(phones[made % phones.length] as (typeof phones)[number], began + (made * 1000) / plan.perSecond),
      )
    }
  }, 5)
  return {
    told,
    get open() {
      return open
    },
    stop: async () => {
      clearInterval(timer)
      return { givenUp: (await Promise.all(all)).filter((answered) => !answered).length }
    },
  }
}

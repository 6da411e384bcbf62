// A process that presses with forged tokens: url, presses per second, milliseconds. Prints how often each status came.
// Apart from the test's own process, which measures the real presses beside it.

import { openHttp } from '../../scripts/bench/load/http-client'
import { run } from '../../scripts/bench/load/pace'

const [url = '', rate = '0', lasts = '0'] = process.argv.slice(2)
const { hostname, port, host } = new URL(url)
const client = await openHttp(hostname, Number(port), 64)
const body = '{"kind":"panic","position":{"lat":14.55,"lng":121.02}}'
const request = (n: number): Uint8Array =>
  new TextEncoder().encode(
    `POST /api/sos HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer d1.${n.toString(36)}.forged.token\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )

// Whoever asked for it may be gone, and its tower with it: then nobody answers, and this ends all the same.
setTimeout(() => process.exit(1), Number(lasts) * 3 + 15_000)

const statuses: Record<string, number> = {}
const answers: Promise<void>[] = []
const began = performance.now()
const total = Math.round((Number(rate) * Number(lasts)) / 1_000)
await run(
  { rate: Number(rate), startAt: began, total },
  () => performance.now(),
  (n) => {
    answers.push(
      client.request(request(n)).then(({ status }) => {
        statuses[status] = (statuses[status] ?? 0) + 1
      }),
    )
  },
)
await Promise.all(answers)
client.close()
console.log(JSON.stringify({ statuses, ms: performance.now() - began }))
process.exit(0)

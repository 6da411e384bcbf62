// A text as a QR code: one inline SVG without style or script, black on white in every theme, for cameras do not read it
// otherwise.

import { encode } from 'uqr'

/** Modules of white around it, as the standard asks for. */
const QUIET_ZONE = 4

export function QrCode({ text, label }: { text: string; label: string }) {
  const { data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${data.length} ${data.length}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect class="qr-ground" width={data.length} height={data.length} />
      <path class="qr-ink" d={pathOf(data)} />
    </svg>
  )
}

/** A bar for each run of dark modules in a row. */
function pathOf(rows: readonly boolean[][]): string {
  const bars: string[] = []
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      bars.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`)
    }
  }
  return bars.join('')
}

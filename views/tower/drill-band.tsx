// Says across the whole panel that nobody is in danger: everything else of it is as if it were real.

import { PriorityMark } from '../marks'
import type { Say } from '../words'

export const DrillBand = ({ say }: { say: Say }) => (
  <p class="panel-drill">
    <PriorityMark of="drill" />
    <strong>{say('drill.band')}</strong>
  </p>
)

// Says across the whole panel that nothing may ring or light up where the presser is.

import { Icon } from '../marks'
import type { Say } from '../words'

export const QuietBand = ({ say }: { say: Say }) => (
  <p class="panel-quiet hatch">
    <span>
      <Icon name="phone-off" />
      {say('policy.quiet')}
    </span>
  </p>
)

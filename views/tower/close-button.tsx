// Closes what it stands in, as Escape does.

import { Icon } from '../marks'
import type { Say } from '../words'

export const CloseButton = ({ closes, say }: { closes: 'drawer' | 'sheet'; say: Say }) => (
  <button type="button" class="button" data-look="plain" data-size="small" {...{ [`data-closes-${closes}`]: true }}>
    <Icon name="close" />
    <span class="visually-hidden">{say('act.dismiss')}</span>
    <kbd>Esc</kbd>
  </button>
)

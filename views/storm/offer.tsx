// Above the queue: that there is a storm, or could be one. Everybody chooses their own view; the storm itself is the supervisor's.

import type { Say } from '../words'

export const StormOffer = ({ say, mayManage }: { say: Say; mayManage: boolean }) => (
  <div class="offer" data-storm-offer hidden role="status">
    <span data-storm-offer-words />
    <button type="button" class="button" data-size="small" data-storm-toggle>
      {say('act.storm_on')}
    </button>
    {mayManage && <StormSwitch say={say} />}
  </div>
)

/** Asks once more before it does it: the leads are paged by it. Its words follow the storm. */
export const StormSwitch = ({ say }: { say: Say }) => (
  <button type="button" class="button" data-size="small" data-storm-switch="on">
    {say('storm.switch_on')}
  </button>
)

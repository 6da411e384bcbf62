// What the band says of a region that is looked after, decided once: the server renders it, and the browser draws the same.

import { type RegionId, regionById } from '../../src/domain/region'
import type { TakenOver } from '../../src/room/paging-contract'
import { minute } from '../format'
import type { Lang, Say } from '../words'

export type TakeOverView = { region: RegionId; since: string; by: string; what: string }

/** `here`: the region whose screen it is. */
export function takeOverView(each: TakenOver, here: RegionId, lang: Lang, say: Say): TakeOverView {
  const [from, region] = [each.from, each.region].map((id) => regionById(id).name[lang]) as [string, string]
  return {
    region: each.region,
    since: say('takeover.since', { from, region, time: minute(each.at) }),
    by: say('takeover.by', { by: each.by.alias, reason: each.reason }),
    what: say(each.region === here ? 'takeover.there' : 'takeover.here', { until: minute(each.until) }),
  }
}

// The devices of an incident, one line each: what it is, how old its place is and how sure, how far from the one that pressed.
// Rendered by the server, kept up to date by client/desk/sources.ts; the map draws the same.

import { age, ms } from '../format'
import { type ShownSource, sourceRest } from '../sources'
import type { Say } from '../words'

type Props = { sources: readonly ShownSource[]; separated: boolean; say: Say; now: number }

/** Nothing where there is nothing to tell apart. */
export function Sources({ sources, separated, say, now }: Props) {
  if (sources.length < 2) return null
  return (
    <ul
      class="panel-sources"
      aria-label={say('sources.title')}
      data-sources={JSON.stringify(sources)}
      data-separated={separated ? 'yes' : undefined}
    >
      {sources.map((each) => {
        const at = ms(each.position.fixedAt)
        return (
          <li data-source={each.source} data-device={each.deviceId}>
            <span class="source-mark" aria-hidden="true" />
            <strong>{say(`sources.${each.source}`)}</strong>
            {each.own && <span class="muted">{say('sources.pressed')}</span>}
            <time data-source-age data-since={at ?? undefined} data-as="age" data-words={say('sources.age')}>
              {at === null ? say('sources.unknown') : say('sources.age', { age: age(now - at) })}
            </time>
            <span data-source-rest>{sourceRest(each, sources, say, now)}</span>
          </li>
        )
      })}
    </ul>
  )
}

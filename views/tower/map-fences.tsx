// Geofences beside the map: which border was crossed last, the last ones on demand, and whether outlines are drawn. Calm:
// said politely, never by a sound. The browser fills it.

import type { RegionId } from '../../src/domain/region'
import type { Say } from '../words'

export function MapFences({ say, region }: { say: Say; region: RegionId }) {
  return (
    <>
      <details class="map-fences" id="map-fences">
        <summary class="button" data-size="small">
          <span>
            {say('fence.title')}
            <span data-fence-latest />
          </span>
        </summary>
        <div class="map-fences-body">
          <ul class="fence-events" data-fence-news>
            <li class="muted">{say('fence.map_none')}</li>
          </ul>
          <div class="map-fences-acts">
            <button type="button" class="button" data-size="small" data-fence-layer aria-pressed="true">
              {say('fence.layer')}
            </button>
            <a class="button" data-size="small" data-look="plain" href={`/geofences?region=${region}`}>
              {say('fence.all')}
            </a>
          </div>
        </div>
      </details>
      <p class="visually-hidden" id="fence-said" role="status" />
    </>
  )
}

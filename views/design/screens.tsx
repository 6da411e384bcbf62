// The screens of the tower with made-up data: at rest, one SOS, 400, and in an outage.

import type { Frame } from '../layout'
import { TowerPage } from '../tower/tower-page'
import type { SCREENS } from './design-page'
import { SAMPLE_NOW, SAMPLE_VIEWER, sampleEvents, sampleIncident, sampleStorm } from './sample'
import { SAMPLE_BESIDE, SAMPLE_TAKEN_OVER } from './sample-beside'

export function SampleScreen({ frame, screen }: { frame: Frame; screen: (typeof SCREENS)[number] }) {
  const incident = sampleIncident({ pressCount: 2, flags: ['re_pressed'] })
  const incidents = screen === 'rest' || screen === 'outage' ? [] : screen === 'one' ? [incident] : sampleStorm()
  return (
    <TowerPage
      frame={frame}
      viewer={SAMPLE_VIEWER}
      region="NCR"
      incidents={incidents}
      counts={[
        { id: 'NCR', open: incidents.length },
        { id: 'CEB', open: 0 },
        { id: 'DVO', open: 0 },
        { id: 'ILO', open: 0 },
      ]}
      unverified={screen === 'storm' ? 37 : 0}
      now={SAMPLE_NOW}
      tiles={null}
      framed={screen === 'one' ? { incident, events: sampleEvents(incident) } : null}
      storm={screen === 'storm'}
      {...(screen === 'outage' ? { beside: SAMPLE_BESIDE, takenOver: SAMPLE_TAKEN_OVER } : {})}
      demo
    />
  )
}

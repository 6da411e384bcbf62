// The XPRESS Design System on one page: tokens, every component with made-up data, and links to the screens.

import type { Child } from 'hono/jsx'
import { PRIORITIES } from '../../src/domain/incident'
import { type Frame, Page, Switches, Wordmark } from '../layout'
import { Icon, PriorityMark } from '../marks'
import { Card } from '../tower/card'
import { cardView } from '../tower/card-view'
import { Timeline } from '../tower/panel-log'
import { Band } from '../tower/queue'
import { QuietBand } from '../tower/quiet-band'
import { t } from '../words'
import { SAMPLE_NOW, SAMPLE_VIEWER, sampleCards, sampleEvents, sampleIncident } from './sample'

export const SCREENS = ['rest', 'one', 'storm', 'outage'] as const

const COLOURS = [
  ['ground', 'surface', 'raised', 'sunken', 'line', 'line-strong'],
  ['ink', 'ink-2', 'ink-3', 'focus'],
  ['p1-fill', 'p1-line', 'p1-wash', 'p2-fill', 'p2-line', 'p2-wash'],
  ['p3-fill', 'p3-line', 'p3-wash', 'p4-fill', 'p4-line', 'p4-wash'],
  ['drill-fill', 'drill-line', 'good-fill', 'good-line', 'quiet-black', 'quiet-white'],
] as const

const TYPE = [
  ['elapsed', '02:14', '64 px: elapsed since the press'],
  ['plate-size', 'NAB 1234', '48 px: plate'],
  ['2xl', 'EDSA, Mandaluyong', '28 px: place, age of position'],
  ['xl', 'Take', '22 px: the next step'],
  ['l', 'NCR-47', '17 px: codes'],
  ['m', 'White Toyota Vios', '15 px: text'],
  ['s', 'received 21:14:08', '13 px: lamps, labels'],
  ['xs', 'On a screen', '12 px: the smallest'],
] as const

export function DesignPage({ frame }: { frame: Frame }) {
  const say = t(frame.lang)
  const incident = sampleIncident()
  const list = { say, now: SAMPLE_NOW, me: SAMPLE_VIEWER.uid, framedId: null }
  return (
    <Page
      {...frame}
      title={say('design.title')}
      styles={['queue', 'tower', 'panel', 'design']}
      body={{ class: 'design' }}
    >
      <header class="design-head">
        <Wordmark />
        <Switches lang={frame.lang} theme={frame.theme} path="/design" />
      </header>
      <main class="design-main">
        <div class="design-hero">
          <h1>{say('design.title')}</h1>
          <p>{say('design.lead')}</p>
        </div>

        <Part title="Screens">
          <ul class="screens">
            {SCREENS.map((screen) => (
              <li>
                <a href={`/design?screen=${screen}`} class="screen-link">
                  <Miniature of={screen} />
                  <span>{{ rest: 'At rest', one: 'One SOS', storm: '400', outage: 'An outage' }[screen]}</span>
                </a>
              </li>
            ))}
          </ul>
        </Part>

        <Part title="Colour">
          {COLOURS.map((row) => (
            <ul class="swatches">
              {row.map((name) => (
                <li>
                  <span class="swatch" data-colour={name} />
                  <code>{name}</code>
                </li>
              ))}
            </ul>
          ))}
        </Part>

        <Part title="Marks: colour, shape and letter">
          <ul class="row marks">
            {PRIORITIES.map((priority) => (
              <li>
                <PriorityMark of={priority} />
                <strong>{priority}</strong> {say(`priority.${priority}`)}
              </li>
            ))}
            <li>
              <PriorityMark of="drill" />
              <strong>DRILL</strong>
            </li>
            <li>
              <Icon name="phone-off" /> {say('policy.quiet')}
            </li>
          </ul>
          <QuietBand say={say} />
        </Part>

        <Part title="Type">
          <dl class="type-scale">
            {TYPE.map(([name, sample, use]) => (
              <>
                <dt class="muted">{use}</dt>
                <dd data-type={name}>{sample}</dd>
              </>
            ))}
          </dl>
        </Part>

        <Part title="Cards of the queue">
          <ul class="gallery">
            {sampleCards().map((each) => (
              <li>
                <Card view={cardView(each, say, SAMPLE_VIEWER.uid)} say={say} now={SAMPLE_NOW} />
              </li>
            ))}
          </ul>
        </Part>

        <Part title="The P1 band">
          <Band {...list} incidents={sampleCards()} region="NCR" storm={false} />
        </Part>

        <Part title="Plate, chips, lamps">
          <div class="row">
            <span class="plate" data-kind="plate">
              NAB 1234
            </span>
            <span class="plate" data-kind="conduction">
              C7 K512
            </span>
          </div>
          <div class="row">
            <span class="chip" data-tone="alarm">
              {say('state.new')}
            </span>
            <span class="chip" data-tone="held">
              {say('state.taken_by', { name: 'Ana' })}
            </span>
            <span class="chip" data-tone="warn">
              {say('flag.requeued')}
            </span>
            <span class="chip" data-tone="good">
              {say('leg.on_the_way')}
            </span>
            <span class="chip">{say('flag.by_phone')}</span>
          </div>
          <div class="row">
            <span class="lamp" data-state="good">
              {say('lamp.link')}: 2 s
            </span>
            <span class="lamp" data-state="warn">
              {say('lamp.sound')}: {say('lamp.sound.locked')}
            </span>
            <span class="lamp" data-state="bad">
              {say('lamp.link')}: {say('lamp.link.away', { s: 9 })}
            </span>
          </div>
        </Part>

        <Part title="Buttons and fields">
          <div class="row">
            <button type="button" class="button" data-look="alarm" data-size="big">
              {say('act.take')} <kbd>A</kbd>
            </button>
            <button type="button" class="button" data-look="primary" data-size="big">
              {say('act.script')} <kbd>H</kbd>
            </button>
            <button type="button" class="button">
              {say('act.note')} <kbd>T</kbd>
            </button>
            <button type="button" class="button" data-look="plain">
              {say('act.dismiss')}
            </button>
            <button type="button" class="button" disabled>
              {say('act.close')}
            </button>
          </div>
          <div class="row">
            <label class="field">
              <span class="label">{say('panel.note')}</span>
              <input class="input" name="sample" />
            </label>
            <div class="choices" role="radiogroup" aria-label={say('sheet.safe.title')}>
              {(['own_voice', 'police_there', 'hospital'] as const).map((each, at) => (
                <label class="choice">
                  <input type="radio" name="sample-choice" value={each} checked={at === 0} />
                  <span>
                    <kbd>{at + 1}</kbd> {say(`confirmed.${each}`)}
                  </span>
                </label>
              ))}
            </div>
          </div>
        </Part>

        <Part title="Notices and the timeline">
          <p class="notice">{say('sheet.second', { name: 'Ana Reyes' })}</p>
          <p class="notice" data-tone="alarm">
            {say('link.lost')}
          </p>
          <Timeline events={sampleEvents(incident)} say={say} />
        </Part>
      </main>
    </Page>
  )
}

const Part = ({ title, children }: { title: string; children?: Child }) => (
  <section class="part">
    <h2>{title}</h2>
    {children}
  </section>
)

/** The layout of a screen in a few boxes: what opens where. */
function Miniature({ of }: { of: (typeof SCREENS)[number] }) {
  const boxes: Record<typeof of, readonly (readonly [string, number, number, number, number])[]> = {
    rest: [
      ['queue', 0, 6, 32, 80],
      ['map', 33, 6, 127, 80],
    ],
    one: [
      ['alarm', 0, 6, 160, 6],
      ['queue', 0, 13, 32, 73],
      ['map', 33, 13, 55, 73],
      ['panel', 89, 13, 71, 73],
    ],
    outage: [
      ['queue', 0, 6, 160, 8],
      ['queue', 0, 15, 32, 71],
      ['map', 33, 15, 127, 71],
    ],
    storm: [
      ['alarm', 0, 6, 160, 6],
      ['queue', 0, 13, 34, 73],
      ['queue', 35, 13, 34, 73],
      ['queue', 70, 13, 34, 73],
      ['map', 105, 13, 55, 73],
    ],
  }
  return (
    <svg class="miniature" viewBox="0 0 160 90" aria-hidden="true">
      <rect class="strip-box" x="0" y="0" width="160" height="5" />
      {boxes[of].map(([kind, x, y, width, height]) => (
        <rect class={`${kind}-box`} x={x} y={y} width={width} height={height} rx="1" />
      ))}
      <rect class="strip-box" x="0" y="87" width="160" height="3" />
    </svg>
  )
}

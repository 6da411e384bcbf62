// The left queue (B), the P1 band (A2), what stands there at rest, and the columns of a storm.

import type { Child } from 'hono/jsx'
import type { IncidentSummary } from '../../src/domain/incident'
import { KINDS } from '../../src/domain/press'
import type { RegionId } from '../../src/domain/region'
import { clock } from '../format'
import { Icon, PriorityMark } from '../marks'
import type { Say } from '../words'
import { BandItem, Card } from './card'
import { cardView, isAlarming, isUntaken } from './card-view'
import { inOrder } from './order'
import { bandWords, groupByKind, QUEUE_ROWS, realOf, stormFigures } from './summary'

/** Band items that fit one line of 1920 px. */
const BAND_ITEMS = 8

type QueueProps = { incidents: readonly IncidentSummary[]; say: Say; now: number; me: string; framedId: string | null }

export function Queue({ incidents, say, now, me, framedId, unverified }: QueueProps & { unverified: number }) {
  const rows = inOrder(incidents)
  const real = realOf(rows)
  const loose = real.filter(isUntaken).length
  return (
    <section class="queue" aria-label={say('queue.title')} id="queue">
      <div class="queue-head">
        <h2>{say('queue.title')}</h2>
        <span class="count" data-open-count>
          {say('queue.count', { n: real.length })}
        </span>
        <span class="count" data-untaken-count>
          {loose > 0 && say('queue.untaken', { n: loose })}
        </span>
      </div>
      <section class="queue-scroll" data-queue-scroll tabindex={0} aria-label={say('queue.rows')}>
        <button type="button" class="button waiting" data-queue-waiting hidden />
        <Rest say={say} now={now} hidden={rows.length > 0} />
        <ul class="queue-list" data-queue-list>
          {rows.slice(0, QUEUE_ROWS).map((incident) => (
            <li>
              <Card view={cardView(incident, say, me)} say={say} now={now} framed={incident.id === framedId} />
            </li>
          ))}
        </ul>
        <p class="queue-more muted" data-queue-more>
          {rows.length > QUEUE_ROWS && say('queue.more', { n: rows.length - QUEUE_ROWS })}
        </p>
      </section>
      <button
        type="button"
        class="button unverified"
        data-look="plain"
        data-drawer="unverified"
        data-unverified
        hidden={unverified === 0}
      >
        <Icon name="flag" />
        <span>{say('queue.unverified', { n: unverified })}</span>
      </button>
    </section>
  )
}

/** What the queue says when there is nothing: the clock and who is watching are the biggest. */
export function Rest({ say, now, hidden }: { say: Say; now: number; hidden: boolean }) {
  return (
    <div class="rest" data-rest hidden={hidden}>
      <time class="rest-clock figures" data-clock>
        {clock(now)}
      </time>
      <p class="rest-watching" data-watching>
        –
      </p>
      <p class="rest-none">
        <Icon name="check" />
        {say('rest.none')} <span data-rest-last />
      </p>
      <dl class="rest-facts">
        <dt>{say('rest.canary_label')}</dt>
        <dd data-rest-canary>{say('lamp.canary.none')}</dd>
      </dl>
    </div>
  )
}

type BandProps = QueueProps & { region: RegionId; storm: boolean }

/** P1 that nobody holds. Empty, it takes no room. In a storm its first words are the storm's figures. */
export function Band({ incidents, say, now, me, framedId, region, storm }: BandProps) {
  const loose = inOrder(incidents.filter((each) => each.priority === 'P1' && isAlarming(each)))
  const shown = loose.slice(0, BAND_ITEMS)
  const words = bandWords(loose, say)
  return (
    <section class="band" aria-label={say('band.title')} data-band hidden={loose.length === 0 && !storm}>
      <p class="band-title" role="alert">
        <strong data-band-title>{storm ? say('storm.title', { region }) : words.title}</strong>
        <span data-band-figures class="figures">
          {storm ? stormFigures(incidents, say, now) : words.figures}
        </span>
      </p>
      <ul class="band-list" data-band-list>
        {shown.map((incident) => (
          <li>
            <BandItem view={cardView(incident, say, me)} now={now} framed={incident.id === framedId} />
          </li>
        ))}
      </ul>
      <span class="more" data-band-more>
        {loose.length > shown.length && say('band.more', { n: loose.length - shown.length })}
      </span>
      <button type="button" class="button" data-press="next">
        {say('act.next')}{' '}
        <span class="figures" data-next-count>
          {storm ? incidents.filter(isUntaken).length : ''}
        </span>{' '}
        <kbd>N</kbd>
      </button>
    </section>
  )
}

/** The three fixed columns: every P1 not taken, mine, situations. */
export function Storm({
  incidents,
  say,
  now,
  me,
  framedId,
  on,
  children,
}: QueueProps & { on: boolean; children?: Child }) {
  const rows = inOrder(incidents)
  const p1 = rows.filter((each) => each.priority === 'P1' && isAlarming(each))
  const mine = rows.filter((each) => each.owner?.uid === me)
  const card = (incident: IncidentSummary) => (
    <li>
      <Card view={cardView(incident, say, me)} say={say} now={now} framed={incident.id === framedId} />
    </li>
  )
  return (
    <div class="storm" data-storm-columns hidden={!on}>
      <section aria-labelledby="storm-p1">
        <h2 id="storm-p1">
          {say('storm.p1')}{' '}
          <span class="figures" data-storm-count="p1">
            {p1.length}
          </span>
        </h2>
        <ul class="queue-list" data-storm-list="p1">
          {on && p1.map(card)}
        </ul>
      </section>
      <section aria-labelledby="storm-mine">
        <h2 id="storm-mine">
          {say('storm.mine')}{' '}
          <span class="figures" data-storm-count="mine">
            {mine.length}
          </span>
        </h2>
        <ul class="queue-list" data-storm-list="mine">
          {on && mine.map(card)}
        </ul>
      </section>
      <section aria-labelledby="storm-situations">
        <h2 id="storm-situations">{say('storm.situations')}</h2>
        <div class="storm-third">
          {children}
          <h3>{say('storm.kinds')}</h3>
          <ul class="queue-list" data-storm-kinds>
            {KINDS.map((kind) => {
              const group = on ? groupByKind(rows).find((each) => each.kind === kind) : undefined
              return (
                <li class="situation" data-kind={kind} hidden={!group}>
                  <PriorityMark of={group?.worst ?? 'P1'} slot="worst" />
                  <strong>{say(`kind.${kind}`)}</strong>
                  <span class="muted" data-situation-words>
                    {group && say('storm.by_kind', { n: group.open, untaken: group.untaken })}
                  </span>
                  <span class="big" data-situation-open>
                    {group?.open}
                  </span>
                  <progress
                    class="bar"
                    max={group?.open ?? 1}
                    value={group?.untaken ?? 0}
                    aria-label={say(`kind.${kind}`)}
                    data-situation-bar
                  />
                </li>
              )
            })}
          </ul>
        </div>
      </section>
    </div>
  )
}

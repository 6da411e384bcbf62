// One geofence: its border, what was entered and left, and for those who may, changing it, turning it off, taking it away.

import { intoPage } from '../devices/office'
import { day, minute } from '../format'
import { t } from '../words'
import { FenceFields, type FenceFieldsProps, WrongWords } from './editor'
import { FenceEventList, PurposeForm, type ShownEvent } from './events'
import { BackToFences, fenceAddress, KindWords, type ShownFence, StateWords } from './office'

export type FencePageProps = FenceFieldsProps & {
  nonce: string
  fence: ShownFence
  events: readonly ShownEvent[]
  purpose: string | null
  mayAsk: boolean
  /** What has just been done, in words. */
  done: string | null
  now: number
}

export function FencePage({ nonce, fence, events, purpose, mayAsk, done, now, ...fields }: FencePageProps) {
  const { lang, wrong, mayManage } = fields
  const say = t(lang)
  const address = fenceAddress(fence.id)
  const changed = `${day(fence.changedAt)}, ${minute(fence.changedAt)}`
  return (
    <main class="office-main" id="page" tabindex={-1} data-address={address}>
      <BackToFences lang={lang} region={fence.region} />
      <div class="office-title">
        <div>
          <h1>{fence.name}</h1>
          <p class="fence-facts">
            <KindWords kind={fence.kind} say={say} /> <StateWords active={fence.active} say={say} />{' '}
            {fence.active && (
              <span class="figures">
                {fence.inside === null ? say('fence.unknown') : say('fence.inside_n', { n: fence.inside })}
              </span>
            )}
          </p>
          <p class="muted">{say('fence.made', { by: fence.madeBy, at: changed })}</p>
        </div>
      </div>
      {done && (
        <p class="notice" role="status" id="done">
          {done}
        </p>
      )}
      <WrongWords wrong={wrong} />
      <form class="fence-form" hx-post={address} {...intoPage(nonce)}>
        <input type="hidden" name="version" value={String(fence.version)} />
        <FenceFields {...fields} />
        {mayManage && (
          <button class="button" data-look="primary" type="submit">
            {say('fence.save_change')}
          </button>
        )}
      </form>
      {mayManage && (
        <div class="office-acts">
          <form hx-post={`${address}/active`} {...intoPage(nonce)}>
            <button class="button" name="active" value={fence.active ? 'no' : 'yes'} type="submit">
              {say(fence.active ? 'fence.switch_off' : 'fence.switch_on')}
            </button>
          </form>
          <details class="sure">
            <summary class="button">{say('fence.take_away')}</summary>
            <form class="fence-sure" hx-post={`${address}/away`} {...intoPage(nonce)}>
              <p>{say('fence.take_away_sure')}</p>
              <button class="button" data-look="alarm" type="submit">
                {say('fence.take_away_now')}
              </button>
            </form>
          </details>
        </div>
      )}
      <FenceEventList
        {...{ say, events, purpose, now }}
        title={say('fence.events_of', { name: fence.name })}
        named={false}
      />
      {mayAsk && purpose === null && <PurposeForm say={say} action={address} region={null} />}
    </main>
  )
}

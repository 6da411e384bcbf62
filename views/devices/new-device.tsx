// The form that makes a device. Its region is chosen first, by a link: drivers and vehicles are of that region.

import type { DriverCard, VehicleCard } from '../../src/domain/directory'
import { UNIQUE_ID_MAX } from '../../src/domain/gateway'
import type { RegionId } from '../../src/domain/region'
import { type Lang, type Say, t } from '../words'
import { BackToList, intoPage, RegionLinks } from './office'

export type DriverOption = DriverCard & { devices: readonly string[] }
export type VehicleOption = VehicleCard & { devices: readonly string[] }
/** `more`: there are further ones, which a search brings. */
export type Choices<T> = { found: readonly T[]; more: boolean; chosen: string }

export type NewDeviceProps = {
  lang: Lang
  nonce: string
  region: RegionId
  regions: readonly RegionId[]
  id: string
  drivers: Choices<DriverOption>
  vehicles: Choices<VehicleOption>
  /** A server that speaks for a fleet, instead of a device; has neither driver nor vehicle. */
  kind?: 'device' | 'gateway'
  /** The gateway behind which it stands: then its name is what that server calls it. */
  gateway?: string | null
  /** Why it was refused, and at which field. */
  wrong: { words: string; field: 'id' | 'driver' | 'vehicle' | null } | null
}

export function NewDevice(props: NewDeviceProps) {
  const { lang, nonce, region, regions, id, drivers, vehicles, kind = 'device', gateway = null, wrong } = props
  const say = t(lang)
  const bad = (field: string) => (wrong?.field === field ? { 'aria-invalid': 'true' as const } : {})
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToList lang={lang} region={region} />
      <h1>{gateway === null ? say('device.new') : say('gateway.add_to', { id: gateway })}</h1>
      <p class="muted">{say('device.new_lead')}</p>
      {gateway === null && (
        <RegionLinks lang={lang} regions={regions} here={region} to={(each) => `/devices/new?region=${each}`} />
      )}
      {wrong && (
        <p class="notice" data-tone="alarm" role="alert" id="wrong">
          {wrong.words}
        </p>
      )}
      <form class="office-form" hx-post="/devices" {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        {gateway === null ? (
          <KindOfDevice kind={kind} say={say} />
        ) : (
          <input type="hidden" name="gateway" value={gateway} />
        )}
        <div class="field">
          <label for="id">{say(gateway === null ? 'device.new_id' : 'gateway.unique_id')}</label>
          <input
            class="input mono"
            id="id"
            name="id"
            value={id}
            required
            maxlength={gateway === null ? 40 : UNIQUE_ID_MAX}
            pattern={gateway === null ? '[A-Za-z0-9][A-Za-z0-9._\\-]*' : undefined}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-describedby="id-hint"
            autofocus
            {...bad('id')}
          />
          <p class="muted" id="id-hint">
            {say(gateway === null ? 'device.new_id_hint' : 'gateway.unique_id_hint')}
          </p>
        </div>
        <Finder of="driver" region={region} label={say('device.find_driver')} nonce={nonce}>
          <DriverSelect say={say} {...drivers} />
        </Finder>
        <Finder of="vehicle" region={region} label={say('device.find_vehicle')} nonce={nonce}>
          <VehicleSelect say={say} {...vehicles} />
        </Finder>
        <button class="button" data-look="primary" type="submit">
          {say(gateway === null ? 'device.make' : 'gateway.make')}
        </button>
      </form>
    </main>
  )
}

/** Without script: what a gateway has no use for is left out when it is made. */
function KindOfDevice({ kind, say }: { kind: 'device' | 'gateway'; say: Say }) {
  return (
    <fieldset class="field">
      <legend>{say('device.kind')}</legend>
      {(['device', 'gateway'] as const).map((each) => (
        <label class="office-kind">
          <input type="radio" name="kind" value={each} checked={each === kind} />
          <span>
            {say(`device.kind_${each}`)} <span class="muted">{say(`device.kind_${each}_how`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

type FinderProps = { of: 'driver' | 'vehicle'; region: RegionId; label: string; nonce: string; children: unknown }

/** Typing brings other choices into the list below, which stays where it is. */
function Finder({ of, region, label, nonce, children }: FinderProps) {
  return (
    <div class="finder">
      <div class="field">
        <label for={`find-${of}`}>{label}</label>
        <input
          class="input"
          id={`find-${of}`}
          type="search"
          name="q"
          maxlength={60}
          autocomplete="off"
          hx-get={`/devices/new/crew?region=${region}&of=${of}`}
          hx-trigger="input changed delay:250ms, search"
          hx-target={`#choose-${of}`}
          hx-swap="outerHTML"
          hx-nonce={nonce}
        />
      </div>
      {children}
    </div>
  )
}

export function DriverSelect({ say, ...choices }: Choices<DriverOption> & { say: Say }) {
  const options = choices.found.map(({ id, name, phone, devices }) => ({
    id,
    words: [name, phone ?? ''].filter(Boolean).join(', '),
    devices,
  }))
  return (
    <Choose
      of="driver"
      say={say}
      label={say('device.driver')}
      none={say('device.no_driver')}
      {...choices}
      found={options}
    />
  )
}

export function VehicleSelect({ say, ...choices }: Choices<VehicleOption> & { say: Say }) {
  const options = choices.found.map(({ id, plate, conduction, colour, make, model, devices }) => ({
    id,
    words: `${plate ?? conduction}, ${colour} ${make} ${model}`,
    devices,
  }))
  return (
    <Choose
      of="vehicle"
      say={say}
      label={say('device.vehicle')}
      none={say('device.no_vehicle')}
      {...choices}
      found={options}
    />
  )
}

type ChooseProps = Choices<{ id: string; words: string; devices: readonly string[] }> & {
  of: 'driver' | 'vehicle'
  say: Say
  label: string
  none: string
}

function Choose({ of, say, label, none, found, more, chosen }: ChooseProps) {
  return (
    <div class="field" id={`choose-${of}`}>
      <label for={of}>{label}</label>
      <select class="input" id={of} name={of}>
        <option value="">{none}</option>
        {found.map(({ id, words, devices }) => (
          <option value={id} selected={id === chosen}>
            {devices.length > 0 ? `${words} (${say('device.has', { devices: devices.join(', ') })})` : words}
          </option>
        ))}
      </select>
      <p class="muted" role="status">
        {say(more ? 'device.choices_more' : 'device.choices', { n: found.length })}
      </p>
    </div>
  )
}

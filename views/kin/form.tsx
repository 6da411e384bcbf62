// Whom a driver wants told: one page, one form, a row for each person.

import type { KinContact } from '../../src/domain/kin-check'
import type { RegionId } from '../../src/domain/region'
import { BackToList, intoPage } from '../devices/office'
import { Done, Field, told, type Wrongs } from '../rota/office'
import { type Lang, type Say, t } from '../words'

export type KinTyped = Omit<KinContact, 'id'> & { id: string }

type KinFormProps = {
  lang: Lang
  nonce: string
  driver: { id: string; region: RegionId; name: string }
  rows: readonly KinTyped[]
  version: number
  most: number
  wrongs: Wrongs
  done: string | null
}

export const kinAddress = (driverId: string): string => `/drivers/${encodeURIComponent(driverId)}/kin`

export function KinForm({ lang, nonce, driver, rows, version, most, wrongs, done }: KinFormProps) {
  const say = t(lang)
  const wrong = Object.keys(wrongs).length
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <BackToList lang={lang} region={driver.region} />
      <h1 tabindex={-1} autofocus={done !== null}>
        {say('kins.title', { name: driver.name })}
      </h1>
      <p class="muted">{say('kins.lead', { n: most })}</p>
      <Done words={done} />
      {wrong > 0 && (
        <p class="notice" data-tone="alarm" role="alert" id="wrong">
          {wrongs.form ?? say('kins.wrong', { n: wrong })}
        </p>
      )}
      <form class="office-form" hx-post={kinAddress(driver.id)} {...intoPage(nonce)}>
        <input type="hidden" name="version" value={String(version)} />
        {Array.from({ length: most }, (_, n) => (
          <Person n={n} given={rows[n] ?? null} wrongs={wrongs} say={say} />
        ))}
        <p class="muted">{say('kins.empty_row')}</p>
        <button class="button" data-look="primary" type="submit">
          {say('kins.keep')}
        </button>
      </form>
    </main>
  )
}

type PersonProps = { n: number; given: KinTyped | null; wrongs: Wrongs; say: Say }

function Person({ n, given, wrongs, say }: PersonProps) {
  const lang = given?.lang ?? 'fil'
  return (
    <fieldset class="field" data-kin={n}>
      <legend>{say('kins.person', { n: n + 1 })}</legend>
      <input type="hidden" name={`id${n}`} value={given?.id ?? ''} />
      <Text field={`name${n}`} label={say('kins.name')} value={given?.name} max={80} wrongs={wrongs} />
      <Text
        field={`relation${n}`}
        label={say('kins.relation')}
        hint={say('kins.relation_hint')}
        value={given?.relation}
        max={40}
        wrongs={wrongs}
      />
      <Text field={`phone${n}`} label={say('kins.phone')} value={given?.phone} max={20} wrongs={wrongs} type="tel" />
      <div class="field">
        <label for={`lang${n}`}>{say('kins.lang')}</label>
        <select class="input" id={`lang${n}`} name={`lang${n}`}>
          {(['fil', 'en'] as const).map((each) => (
            <option value={each} selected={each === lang}>
              {say(`kins.lang.${each}`)}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  )
}

type TextProps = {
  field: string
  label: string
  hint?: string
  value: string | undefined
  max: number
  wrongs: Wrongs
  type?: 'tel' | 'text'
}

function Text({ field, label, hint, value = '', max, wrongs, type = 'text' }: TextProps) {
  return (
    <Field id={field} label={label} {...(hint ? { hint } : {})} wrongs={wrongs}>
      <input
        class="input"
        id={field}
        name={field}
        type={type}
        value={value}
        maxlength={max}
        autocomplete="off"
        {...told(field, wrongs, hint !== undefined)}
      />
    </Field>
  )
}

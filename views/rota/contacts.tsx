// The people who can be told: their list, and the form of one.

import type { KeptContact } from '../../src/domain/duty-record'
import { type Address, CHANNELS } from '../../src/domain/page'
import type { RegionId } from '../../src/domain/region'
import { intoPage, nameOf } from '../devices/office'
import { Icon } from '../marks'
import { type Lang, type Say, t } from '../words'
import { address, Done, Field, Parts, told, WrongSummary, type Wrongs } from './office'

const ROWS = 6
const WAYS = CHANNELS.filter((channel) => channel !== 'lifeline')
/** What a new person is asked for. */
const FIRST: readonly Address[] = [
  { channel: 'voice', to: '' },
  { channel: 'sms', to: '' },
  { channel: 'email', to: '' },
]

type ListProps = {
  lang: Lang
  region: RegionId
  regions: readonly RegionId[]
  contacts: readonly KeptContact[]
  mayManage: boolean
  done: string | null
}

/** `contacts`: their addresses already shortened for who may not change them. */
export function ContactList({ lang, region, regions, contacts, mayManage, done }: ListProps) {
  const say = t(lang)
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <div class="office-title">
        <h1>{say('rota.people_of', { region: nameOf(region, lang) })}</h1>
        {mayManage && (
          <a class="button" data-look="primary" href={`/rota/contacts/new?region=${region}`}>
            {say('rota.person_add')}
          </a>
        )}
      </div>
      <Parts lang={lang} region={region} regions={regions} here="contacts" />
      <Done words={done} />
      {contacts.length === 0 ? (
        <p role="status">{say('rota.people_none')}</p>
      ) : (
        <section class="table-scroll" tabindex={0} aria-label={say('rota.people_of', { region: nameOf(region, lang) })}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say('rota.name')}</th>
                <th scope="col">{say('rota.addresses')}</th>
                <th scope="col">{say('rota.teams')}</th>
                <th scope="col">{say('rota.active')}</th>
              </tr>
            </thead>
            <tbody>
              {contacts.map(({ id, name, addresses, teams, active }) => (
                <tr data-contact={id}>
                  <th scope="row">
                    {mayManage ? (
                      <a href={`/rota/contacts/${encodeURIComponent(id)}?region=${region}`}>{name}</a>
                    ) : (
                      name
                    )}
                  </th>
                  <td>
                    <ol class="rota-ways">
                      {addresses.map(({ channel, to }) => (
                        <li>
                          {say(`rota.channel.${channel}`)} <span class="figures">{to}</span>
                        </li>
                      ))}
                    </ol>
                  </td>
                  <td>{teams.join(', ')}</td>
                  <td>
                    <span class="chip" data-tone={active ? 'good' : 'warn'}>
                      {say(active ? 'rota.active' : 'rota.inactive')}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </main>
  )
}

export type ContactTyped = {
  name: string
  lang: string
  addresses: readonly Address[]
  teams: string
  login: string
  active: boolean
}

type FormProps = {
  lang: Lang
  nonce: string
  region: RegionId
  /** Null for somebody new. */
  contact: { id: string; name: string; version: number } | null
  typed: ContactTyped | null
  wrongs: Wrongs
  done: string | null
}

export function ContactForm({ lang, nonce, region, contact, typed, wrongs, done }: FormProps) {
  const say = t(lang)
  const given = typed ?? { name: '', lang: 'fil', addresses: FIRST, teams: '', login: '', active: true }
  const own = contact ? `/rota/contacts/${encodeURIComponent(contact.id)}` : '/rota/contacts'
  return (
    <main class="office-main" id="page" tabindex={-1}>
      <a class="office-back" href={address('contacts', region)}>
        <Icon name="left" /> {say('rota.people_of', { region: nameOf(region, lang) })}
      </a>
      <h1>{contact?.name ?? say('rota.person_add')}</h1>
      <Done words={done} />
      <WrongSummary wrongs={wrongs} say={say} />
      <form class="office-form" hx-post={own} {...intoPage(nonce)}>
        <input type="hidden" name="region" value={region} />
        {contact && <input type="hidden" name="version" value={String(contact.version)} />}
        <Field id="name" label={say('rota.name')} wrongs={wrongs}>
          <input
            class="input"
            id="name"
            name="name"
            value={given.name}
            required
            maxlength={80}
            autocomplete="off"
            {...told('name', wrongs)}
          />
        </Field>
        <fieldset class="field">
          <legend>{say('rota.lang')}</legend>
          {(['fil', 'en'] as const).map((each) => (
            <label class="office-kind">
              <input type="radio" name="lang" value={each} checked={each === given.lang} />
              <span>{say(`rota.lang.${each}`)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="field rota-addresses" aria-describedby="addresses-hint">
          <legend>{say('rota.addresses')}</legend>
          {Array.from({ length: Math.max(ROWS, given.addresses.length) }, (_, n) => (
            <AddressRow n={n} given={given.addresses[n] ?? null} wrongs={wrongs} say={say} />
          ))}
          <p class="muted" id="addresses-hint">
            {say('rota.address_hint')}
          </p>
          {wrongs.addresses && <p class="rota-wrong">{wrongs.addresses}</p>}
        </fieldset>
        <Field id="teams" label={say('rota.teams')} wrongs={wrongs}>
          <input class="input" id="teams" name="teams" value={given.teams} maxlength={330} autocomplete="off" />
        </Field>
        <Field id="login" label={say('rota.login')} hint={say('rota.login_hint')} wrongs={wrongs}>
          <input
            class="input"
            id="login"
            name="login"
            type="email"
            value={given.login}
            maxlength={254}
            autocomplete="off"
            {...told('login', wrongs, true)}
          />
        </Field>
        <label class="rota-check">
          <input type="checkbox" name="active" value="yes" checked={given.active} />
          <span>{say('rota.active')}</span>
        </label>
        <button class="button" data-look="primary" type="submit">
          {say('rota.keep')}
        </button>
      </form>
      {contact && (
        <details class="sure">
          <summary class="button">{say('rota.person_away')}</summary>
          <form hx-post={`${own}/away`} {...intoPage(nonce)}>
            <input type="hidden" name="region" value={region} />
            <p>{say('rota.person_away_sure')}</p>
            <button class="button" data-look="alarm" type="submit">
              {say('rota.remove_now')}
            </button>
          </form>
        </details>
      )}
    </main>
  )
}

function AddressRow({ n, given, wrongs, say }: { n: number; given: Address | null; wrongs: Wrongs; say: Say }) {
  const id = `addresses.${n}.to`
  return (
    <div class="rota-address">
      <select class="input" name={`channel${n}`} aria-label={say('rota.address_n', { n: n + 1 })}>
        {WAYS.map((channel) => (
          <option value={channel} selected={channel === (given?.channel ?? 'voice')}>
            {say(`rota.channel.${channel}`)}
          </option>
        ))}
      </select>
      <input
        class="input"
        id={id}
        name={`to${n}`}
        value={given?.to ?? ''}
        maxlength={254}
        autocomplete="off"
        aria-label={say('rota.address_to', { n: n + 1 })}
        {...told(id, wrongs)}
      />
      {wrongs[id] && (
        <p class="rota-wrong" id={`${id}-wrong`}>
          {wrongs[id]}
        </p>
      )}
    </div>
  )
}

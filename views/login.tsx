// The log-in page. It posts to /login, and says in words why it came again.

import { Page, Switches, type Theme, Wordmark } from './layout'
import { isWord, type Lang, t } from './words'

export type LoginProps = {
  lang: Lang
  /** Why an earlier try failed; null on the first. */
  error: 'wrong' | 'throttled' | 'ended' | 'away' | null
  next: string
  nonce: string
  theme?: Theme
}

export function LoginPage({ lang, error, next, nonce, theme = 'auto' }: LoginProps) {
  const say = t(lang)
  const why = error && `login.error.${error}`
  const path = next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`
  return (
    <Page
      lang={lang}
      theme={theme}
      nonce={nonce}
      path={path}
      title={say('login.title')}
      styles={['login']}
      body={{ class: 'login' }}
    >
      <main class="login-main">
        <div class="login-card">
          <header>
            <Wordmark />
            <h1>{say('login.title')}</h1>
            <p class="muted">{say('login.lead')}</p>
          </header>
          {why && isWord(why) && (
            <p class="notice" data-tone="alarm" role="alert">
              {say(why)}
            </p>
          )}
          <form method="post" action="/login">
            <input type="hidden" name="next" value={next} />
            <div class="field">
              <label for="email">{say('login.email')}</label>
              <input class="input" id="email" name="email" type="email" autocomplete="username" required autofocus />
            </div>
            <div class="field">
              <label for="password">{say('login.password')}</label>
              <input
                class="input"
                id="password"
                name="password"
                type="password"
                autocomplete="current-password"
                required
              />
            </div>
            <button class="button" data-look="primary" data-size="big" type="submit">
              {say('act.log_in')}
            </button>
          </form>
          <footer>
            <Switches lang={lang} theme={theme} path={path} />
          </footer>
        </div>
        <p class="login-911">{say('login.911')}</p>
      </main>
    </Page>
  )
}

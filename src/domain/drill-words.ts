// What a driver is asked in a drill, and told after it. The mark of a drill goes before it by whatever way it is sent.
// [English, Filipino]. Filipino that no native speaker has read yet: `ask`.

import type { PageLang } from './page'
import { manilaClock } from './time'

const WORDS = {
  ask: [
    'When parked, press SOS once before {until}. Nobody will be alarmed.',
    'Habang nakaparada, pindutin ang SOS nang isang beses bago {until}. Walang aalarmahin.',
  ],
  works: ['Test: your button works, nobody was alarmed.', 'Test: gumagana ang button mo, walang inalarma.'],
} as const

export const askInWords = (lang: PageLang, until: number): string =>
  WORDS.ask[lang === 'fil' ? 1 : 0].replace('{until}', manilaClock(until).slice(0, 5))

export const worksInWords = (lang: PageLang): string => WORDS.works[lang === 'fil' ? 1 : 0]

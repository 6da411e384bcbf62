// What kinds of incident are in the terms of CAP 1.2, and the words of its documents. [English, Filipino].

import type { Kind } from './press'

export type CapLang = 'en' | 'fil'

type CapKind = { categories: readonly string[]; event: readonly [en: string, fil: string] }

/** Robbery and attack are Security, a crash Transport and Rescue, illness Health. An unknown cry is Security until known. */
export const CAP_KINDS: Record<Kind, CapKind> = {
  panic: { categories: ['Security'], event: ['Driver SOS', 'SOS ng drayber'] },
  security: { categories: ['Security'], event: ['Driver SOS: security', 'SOS ng drayber: seguridad'] },
  harassment: { categories: ['Security'], event: ['Driver SOS: harassment', 'SOS ng drayber: panggigipit'] },
  medical: { categories: ['Health'], event: ['Driver SOS: medical', 'SOS ng drayber: medikal'] },
  crash: { categories: ['Transport', 'Rescue'], event: ['Driver SOS: crash', 'SOS ng drayber: banggaan'] },
  fire: { categories: ['Fire'], event: ['Driver SOS: fire', 'SOS ng drayber: sunog'] },
  flood: { categories: ['Rescue', 'Met'], event: ['Driver SOS: flood', 'SOS ng drayber: baha'] },
  other: { categories: ['Safety'], event: ['Driver SOS', 'SOS ng drayber'] },
}

/** Filipino of our own making: all of it is to be read by a native speaker. */
export const CAP_WORDS = {
  ended: ['Ended', 'Tapos na'],
  plate: ['plate {plate}', 'plaka {plate}'],
  silent: ['Silent alarm. Do not call the driver.', 'Tahimik na alarma. Huwag tawagan ang drayber.'],
  moving_to: ['Moving {kmh} km/h heading {heading}.', 'Umaandar nang {kmh} km/h patungong {heading}.'],
  moving: ['Moving {kmh} km/h.', 'Umaandar nang {kmh} km/h.'],
  standing: ['Standing.', 'Nakatigil.'],
  no_position: ['Position not known', 'Hindi alam ang posisyon'],
  no_place: ['See circle', 'Tingnan ang bilog'],
  do_not_call: [
    'Do not call or text the driver: a ring can kill. Ask the Tower.',
    'Huwag tawagan o i-text ang drayber: nakamamatay ang isang ring. Magtanong sa Tower.',
  ],
  call_us: ['Ask the Tower for more.', 'Magtanong sa Tower para sa iba pa.'],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type CapWord = keyof typeof CAP_WORDS

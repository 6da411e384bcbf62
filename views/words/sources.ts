// Words of an incident's devices, told apart. [English, Filipino].

export const SOURCE_WORDS = {
  'sources.title': ['Where its devices are', 'Nasaan ang mga device nito'],
  'sources.phone': ['Phone', 'Telepono'],
  'sources.vehicle': ['Vehicle', 'Sasakyan'],
  'sources.press': ['Press', 'Pindot'],
  'sources.pressed': ['pressed', 'pinindot'],
  'sources.within': ['within {m} m', 'sa loob ng {m} m'],
  'sources.away': ['{m} m away', '{m} m ang layo'],
  'sources.age': ['{age} ago', '{age} ang nakaraan'],
  'sources.unknown': ['time unknown', 'di-alam ang oras'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

export const SOURCE_FOR_REVIEW = [
  'sources.title',
  'sources.within',
  'sources.away',
  'flag.separated',
  'flag.phone_silent',
  'event.crossed_over',
  'event.separated',
  'event.phone_silent',
  'event.heard_again',
] as const

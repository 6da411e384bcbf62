// Words for a place by landmark, road and municipality. The winds are in screen.ts. [English, Filipino].

export const PLACE_WORDS = {
  'where.on_road': ['on {road}', 'sa {road}'],
  'where.near_road': ['near {road}', 'malapit sa {road}'],
  'where.at': ['at {landmark}', 'sa {landmark}'],
  'where.from': ['{distance} {dir} of {landmark}', '{distance} {dir} ng {landmark}'],
  'where.border': ['{municipality} or {other}', '{municipality} o {other}'],
  'where.ahead': ['then {place}, in {distance}', 'susunod: {place}, sa loob ng {distance}'],
  'where.metres': ['{n} m', '{n} m'],
  'where.km': ['{n} km', '{n} km'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

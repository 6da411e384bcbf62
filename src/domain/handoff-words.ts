// The words of a hand-off by telephone. [English, Filipino], one line each, for one sitting with a native speaker.

import type { Kind } from './press'

/** What is said where the operator knows no more than the button that was pressed. */
export const HANDOFF_KINDS: Record<Kind, readonly [en: string, fil: string]> = {
  panic: [
    'The driver pressed the emergency button, reason not known yet',
    'Pinindot ng drayber ang emergency button, hindi pa alam ang dahilan',
  ],
  security: ['Security emergency, possible crime', 'Emerhensiya sa seguridad, posibleng krimen'],
  harassment: ['Harassment in the vehicle', 'Panggigipit sa sasakyan'],
  medical: ['Medical emergency', 'Medikal na emergency'],
  crash: ['Road crash', 'Banggaan'],
  fire: ['Fire', 'Sunog'],
  flood: ['Trapped by flood', 'Naipit sa baha'],
  other: [
    'The driver asks for help, reason not known yet',
    'Humihingi ng tulong ang drayber, hindi pa alam ang dahilan',
  ],
}

export const HANDOFF_WORDS = {
  drill: [
    'DRILL. Do not call 911. Read this aloud only.',
    'PAGSASANAY. Huwag tumawag sa 911. Basahin lang ito nang malakas.',
  ],
  hello: [
    'Emergency, Xpress transport, operator {alias}, callback {callback}.',
    'Emergency po, Xpress transport, operator {alias}, callback {callback}.',
  ],
  no_callback: ['the number on your display', 'ang numerong nasa display ninyo'],
  what: ['{what}', '{what}'],
  in_moving: ['{what}, in a moving car', '{what}, sa umaandar na sasakyan'],
  vehicle: ['{name}, plate {plate}.', '{name}, plaka {plate}.'],
  vehicle_sticker: [
    '{name}, no plate yet, conduction sticker {plate}.',
    '{name}, wala pang plaka, conduction sticker {plate}.',
  ],
  vehicle_bare: ['{name}, plate not known.', '{name}, hindi alam ang plaka.'],
  a_vehicle: ['A vehicle', 'Isang sasakyan'],
  no_vehicle: ['The vehicle is not known yet.', 'Hindi pa alam ang sasakyan.'],
  where: ['Now {where}', 'Ngayon ay nasa {where}'],
  where_last: ['Last known at {where}', 'Huling nakita sa {where}'],
  coordinates: ['coordinates {at}', 'coordinates {at}'],
  no_where: ['Its position is not known yet.', 'Hindi pa alam ang posisyon nito.'],
  heading: ['heading {wind}', 'patungong {wind}'],
  speed: ['about {kph} kph', 'mga {kph} kph'],
  age: ['{age} ago', '{age} ang nakaraan'],
  age_unknown: ['time not known', 'hindi alam ang oras'],
  quiet: ['Do not call the driver.', 'Huwag po tawagan ang drayber.'],
  stay: ['I can stay on the line and update.', 'Mananatili ako sa linya para mag-update.'],

  next_quiet: [
    'Say again: silent alarm, no call, no text and no siren near the vehicle unless they decide so.',
    'Ulitin: tahimik na alarma, walang tawag, walang text, at walang sirena malapit sa sasakyan maliban kung sila ang magpasya.',
  ],
  next_call: ['The driver may be called through us.', 'Maaaring tawagan ang drayber sa pamamagitan namin.'],
  next_coordinates: ['Coordinates, if asked: {at}.', 'Coordinates, kung tatanungin: {at}.'],
  next_people: ['People in the vehicle: {n}.', 'Mga tao sa sasakyan: {n}.'],
  next_driver: ['Driver: {driver}', 'Drayber: {driver}'],
  next_update: [
    'While it moves: the new place each minute, and at every city border ask who takes over.',
    'Habang umaandar: bagong lugar bawat minuto, at sa bawat hangganan ng lungsod itanong kung sino ang hahawak.',
  ],
  next_ref: ['Ask for their reference number and write it down.', 'Hingin ang reference number nila at isulat.'],
  next_eta: ['Ask who is coming and when.', 'Itanong kung sino ang darating at kailan.'],
  next_unknown: [
    'What you do not know, say so. Guess nothing.',
    'Ang hindi mo alam, sabihing hindi alam. Huwag manghula.',
  ],

  quiet_short: ['Do not call the driver', 'Huwag tawagan ang drayber'],
  field_code: ['Incident', 'Insidente'],
  field_what: ['What', 'Ano'],
  field_quiet: ['Silent', 'Tahimik'],
  field_plate: ['Plate', 'Plaka'],
  field_vehicle: ['Vehicle', 'Sasakyan'],
  field_place: ['Place', 'Lugar'],
  field_coordinates: ['Coordinates', 'Coordinates'],
  field_accuracy: ['Accuracy', 'Katumpakan'],
  field_heading: ['Heading', 'Patungo'],
  field_speed: ['Speed', 'Bilis'],
  field_age: ['Age of position', 'Edad ng posisyon'],
  field_pressed: ['Pressed', 'Pinindot'],
  field_people: ['People', 'Mga tao'],
  field_driver: ['Driver', 'Drayber'],
  field_callback: ['Callback', 'Callback'],
  field_operator: ['Operator', 'Operator'],

  wind_n: ['north', 'hilaga'],
  wind_ne: ['north-east', 'hilagang-silangan'],
  wind_e: ['east', 'silangan'],
  wind_se: ['south-east', 'timog-silangan'],
  wind_s: ['south', 'timog'],
  wind_sw: ['south-west', 'timog-kanluran'],
  wind_w: ['west', 'kanluran'],
  wind_nw: ['north-west', 'hilagang-kanluran'],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type HandoffWord = keyof typeof HANDOFF_WORDS

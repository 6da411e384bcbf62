// Names, plates and makes of simulated crews, all of it made up, and each name says that it is simulated.

import type { VehicleKind } from './kinds'
import { hashOf } from './random'

export type Papers = { driver: string; phone: string; plate: string; make: string; model: string; colour: string }

const FIRST = [
  'Andoy',
  'Belen',
  'Caloy',
  'Delia',
  'Efren',
  'Fely',
  'Gorio',
  'Hilda',
  'Isko',
  'Josie',
  'Kiko',
  'Lito',
  'Mylene',
  'Nards',
  'Omeng',
  'Pacing',
  'Quirino',
  'Rosing',
  'Sonny',
  'Tessie',
  'Uste',
  'Vangie',
  'Waldo',
  'Yoyong',
  'Zeny',
] as const
const LAST = [
  'Abueva',
  'Baluyot',
  'Cayabyab',
  'Dimaano',
  'Evangelio',
  'Fortaleza',
  'Galang',
  'Halili',
  'Ilagan',
  'Jacinto',
  'Katigbak',
  'Lacsamana',
  'Malonzo',
  'Natividad',
  'Ocampo',
  'Pangilinan',
  'Quiambao',
  'Roxas-Uy',
  'Sumulong',
  'Tolentino',
  'Umali',
  'Villanueva',
  'Ybarra',
  'Zamora',
] as const
const MODELS: Record<VehicleKind, readonly (readonly [make: string, model: string])[]> = {
  jeepney: [
    ['Sarao', 'Jeepney'],
    ['Morales', 'Jeepney'],
    ['Hino', 'Modern Jeepney'],
  ],
  taxi: [
    ['Toyota', 'Vios Taxi'],
    ['Mitsubishi', 'Mirage G4 Taxi'],
    ['Hyundai', 'Accent Taxi'],
  ],
  motorcycle: [
    ['Honda', 'Click 125'],
    ['Yamaha', 'Mio'],
    ['Suzuki', 'Raider'],
  ],
  bus: [
    ['Hino', 'City Bus'],
    ['Yutong', 'City Bus'],
    ['Daewoo', 'City Bus'],
  ],
}
const COLOURS = ['White', 'Blue', 'Red', 'Green', 'Yellow', 'Silver', 'Black', 'Orange'] as const

/** Of the n-th vehicle of the fleet, from 0: at most a thousand crews have papers of their own. */
export function papersOf(nth: number, id: string, kind: VehicleKind): Papers {
  const number = String(nth + 1).padStart(4, '0')
  const [make, model] = oneOf(MODELS[kind], id, 'model')
  return {
    // 25 and 24 have no common factor: 600 crews have 600 names.
    driver: `${FIRST[nth % FIRST.length]} ${LAST[nth % LAST.length]} (simulated)`,
    // No network has 0900, and no register a plate with these letters.
    phone: `+63900556${number}`,
    plate: `ZS${'ABCDEFGH'[nth % 8]} ${number}`,
    make,
    model: `${model} (simulated)`,
    colour: oneOf(COLOURS, id, 'colour'),
  }
}

const oneOf = <T>(from: readonly T[], ...parts: string[]): T => from[hashOf(...parts) % from.length] as T

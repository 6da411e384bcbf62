// The people, vehicles and desks of the demo. All of it is made up: plates begin with letters that are not given out, phone
// numbers with a prefix that no network has, addresses end in a domain that cannot exist.

import type { Role } from '../../src/domain/access'
import type { RegionId } from '../../src/domain/region'

export type DemoCrew = {
  region: RegionId
  driver: string
  plate?: string
  conduction?: string
  make: string
  model: string
  colour: string
}

export type DemoDesk = { name: string; alias: string; role: Role; home: RegionId; regions: RegionId[]; mail: string }

const crew = (
  region: RegionId,
  driver: string,
  mark: string,
  make: string,
  model: string,
  colour: string,
): DemoCrew => ({
  region,
  driver,
  // A plate is three letters and four digits; a conduction sticker stands on a car whose plate has not come yet.
  ...(/^[A-Z]{3} \d{4}$/.test(mark) ? { plate: mark } : { conduction: mark }),
  make,
  model,
  colour,
})

export const DEMO_CREWS: readonly DemoCrew[] = [
  crew('NCR', 'Ramon Dimaculangan', 'ZQA 1041', 'Toyota', 'Vios', 'White'),
  crew('NCR', 'Maricel Bautista-Ong', 'ZQB 2187', 'Mitsubishi', 'Mirage G4', 'Red'),
  crew('NCR', 'Jun-Jun Villaflor', 'Z1 K307', 'Toyota', 'Raize', 'Turquoise'),
  crew('NCR', 'Editha Macaraeg', 'ZQD 5562', 'Honda', 'City', 'Silver'),
  crew('NCR', 'Rodel Panganiban', 'ZQF 7740', 'Nissan', 'Urvan', 'White'),
  crew('NCR', 'Arnel Catacutan', 'ZQG 3318', 'Toyota', 'Innova', 'Grey'),
  crew('NCR', 'Lorna Magbanua', 'ZQH 9025', 'Hyundai', 'Accent', 'Blue'),
  crew('NCR', 'Dodong Salonga', 'Z3 M118', 'Kia', 'Soluto', 'Black'),
  crew('CEB', 'Nonoy Cabahug', 'ZGA 4406', 'Toyota', 'Vios', 'Silver'),
  crew('CEB', 'Inday Labrador', 'ZGB 6613', 'Suzuki', 'Dzire', 'White'),
  crew('CEB', 'Bebot Yap-Osmeña', 'Z7 P552', 'Toyota', 'Wigo', 'Orange'),
  crew('DVO', 'Datu Manlangit', 'ZLA 1129', 'Toyota', 'Hiace', 'White'),
  crew('DVO', 'Chona Dujali', 'ZLB 8034', 'Mitsubishi', 'Xpander', 'Grey'),
  crew('DVO', 'Jomar Tagum', 'Z9 R046', 'Honda', 'Brio', 'Yellow'),
  crew('ILO', 'Tatay Jaranilla', 'ZFA 2750', 'Toyota', 'Avanza', 'Brown'),
  crew('ILO', 'Merlyn Hofileña', 'ZFB 3901', 'Nissan', 'Almera', 'Red'),
  crew('ILO', 'Popoy Guimaras', 'Z5 T873', 'Suzuki', 'Ertiga', 'Blue'),
]

const EVERYWHERE: RegionId[] = ['NCR', 'CEB', 'DVO', 'ILO']

export const DEMO_DESKS: readonly DemoDesk[] = [
  { name: 'Ana Reyes', alias: 'Desk 1', role: 'operator', home: 'NCR', regions: ['NCR'], mail: 'ana' },
  { name: 'Ben Santos', alias: 'Desk 2', role: 'operator', home: 'NCR', regions: ['NCR'], mail: 'ben' },
  { name: 'Carla Mendoza', alias: 'Desk 3', role: 'operator', home: 'NCR', regions: ['NCR', 'CEB'], mail: 'carla' },
  { name: 'Susana Lim', alias: 'Shift lead', role: 'supervisor', home: 'NCR', regions: ['NCR'], mail: 'susana' },
  { name: 'Cris Ybañez', alias: 'Desk C1', role: 'operator', home: 'CEB', regions: ['CEB'], mail: 'cris' },
  { name: 'Dina Alcantara', alias: 'Desk D1', role: 'operator', home: 'DVO', regions: ['DVO'], mail: 'dina' },
  { name: 'Ilong Sumagaysay', alias: 'Desk I1', role: 'operator', home: 'ILO', regions: ['ILO'], mail: 'ilong' },
  { name: 'Tina Evangelista', alias: 'Trainee 1', role: 'trainee', home: 'NCR', regions: ['NCR'], mail: 'tina' },
  { name: 'Oscar Quizon', alias: 'Auditor', role: 'auditor', home: 'NCR', regions: EVERYWHERE, mail: 'oscar' },
  { name: 'Alma Ferrer', alias: 'Admin', role: 'admin', home: 'NCR', regions: EVERYWHERE, mail: 'alma' },
]

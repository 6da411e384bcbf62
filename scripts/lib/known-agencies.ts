// Agencies of each region as they are published: dated data with its source, to begin with. People of the tower verify and
// edit them; numbers that were found in no source of their own are of low confidence, and say so wherever they are shown.

import type { Agency, Confidence } from '../../src/domain/agency'
import type { RegionId } from '../../src/domain/region'

const DAYS = 180
const READ = 'read in its source'

type Known = Omit<Agency, 'region' | 'verifiedAt' | 'verifiedBy' | 'reverifyDays' | 'machine' | 'active' | 'note'> & {
  regions: readonly RegionId[]
  /** Day of the source, where it is of high confidence. */
  read?: string
  note?: string
}

const number = (label: string, digits: string, confidence: Confidence) => ({ label, number: digits, confidence })
const EVERY: readonly RegionId[] = ['NCR', 'CEB', 'DVO', 'ILO']
const SPOKEN = ['fil', 'en', 'ceb', 'ilo', 'war', 'tsg']
const GENERAL = 'General knowledge: verify before relying on it'

const KNOWN: readonly Known[] = [
  {
    id: '911',
    regions: EVERY,
    kind: 'unified_911',
    name: 'Unified 911',
    numbers: [number('Emergency', '911', 'high')],
    languages: SPOKEN,
    covers: 'Nationwide since 11 September 2025: police, fire, medical and local rescue, day and night, free of charge',
    source: 'tribune.net.ph 2025-09-06; pageone.ph; kalibo.bomboradyo.com',
    read: '2025-09-11',
    note: 'Never called to test: numbers of pranks are blocked. A person calls, never a machine.',
  },
  {
    id: 'red-cross',
    regions: EVERY,
    kind: 'ambulance',
    name: 'Philippine Red Cross',
    numbers: [number('Emergency', '143', 'high')],
    languages: ['fil', 'en'],
    covers: 'Nationwide: ambulances, rescue, blood',
    source: 'philippinesnewsdigest.com',
    read: '2025-09-01',
  },
  {
    id: 'pnp',
    regions: EVERY,
    kind: 'police',
    name: 'Philippine National Police',
    numbers: [
      number('Operations', '+63287220650', 'low'),
      number('By text', '+639178475757', 'low'),
      number('Former patrol line', '117', 'low'),
    ],
    languages: ['fil', 'en'],
    covers: 'Nationwide, by its national centre',
    source: GENERAL,
    note: '117 was replaced by 911.',
  },
  {
    id: 'bfp',
    regions: EVERY,
    kind: 'fire',
    name: 'Bureau of Fire Protection',
    numbers: [number('National centre', '+63284260219', 'low'), number('National centre', '+63284260246', 'low')],
    languages: ['fil', 'en'],
    covers: 'Nationwide, by its national centre',
    source: GENERAL,
  },
  {
    id: 'coast-guard',
    regions: EVERY,
    kind: 'coast_guard',
    name: 'Philippine Coast Guard',
    numbers: [number('Operations', '+63285278481', 'low'), number('Mobile', '+639177243682', 'low')],
    languages: ['fil', 'en'],
    covers: 'Ports, ferries and the sea around all islands',
    source: GENERAL,
  },
  {
    id: 'ndrrmc',
    regions: EVERY,
    kind: 'rescue',
    name: 'NDRRMC operations centre',
    numbers: [
      number('Operations', '+63289111406', 'low'),
      number('Operations', '+63289122665', 'low'),
      number('Trunk', '+63289115061', 'low'),
    ],
    languages: ['fil', 'en'],
    covers: 'Disasters, nationwide',
    source: GENERAL,
  },
  {
    id: 'mmda',
    regions: ['NCR'],
    kind: 'traffic',
    name: 'MMDA Metrobase',
    numbers: [number('Hotline', '136', 'medium')],
    languages: ['fil', 'en'],
    covers: 'Roads of Metro Manila: crashes, obstructions, floods, road emergency group',
    source: GENERAL,
  },
  {
    id: 'centre',
    regions: ['CEB'],
    kind: 'local_centre',
    name: 'Central Visayas 911 centre, Cebu City',
    numbers: [number('Emergency', '911', 'high'), number('Former city centre', '166', 'low')],
    languages: ['ceb', 'fil', 'en'],
    covers: 'Central Visayas since 25 October 2025, Lapu-Lapu included; also by Viber and WhatsApp; locates the caller',
    source: 'cebudailynews.inquirer.net 665235; sunstar.com.ph/cebu',
    read: '2025-10-25',
  },
  {
    id: 'eruf',
    regions: ['CEB'],
    kind: 'rescue',
    name: 'ERUF, Emergency Rescue Unit Foundation',
    numbers: [number('Rescue', '161', 'low')],
    languages: ['ceb', 'en'],
    covers: 'Metro Cebu, private foundation',
    source: GENERAL,
  },
  {
    id: 'centre',
    regions: ['DVO'],
    kind: 'local_centre',
    name: 'Davao City Central 911',
    numbers: [number('Emergency', '911', 'high')],
    languages: ['ceb', 'fil', 'en'],
    covers: 'Davao City: police, fire, ambulances, search and rescue; arrives within 3 to 5 minutes',
    source: 'davaotoday.com',
    read: '2025-09-01',
  },
  {
    id: 'icare',
    regions: ['ILO'],
    kind: 'local_centre',
    name: 'Iloilo City ICARE centres',
    numbers: [],
    languages: ['hil', 'fil', 'en'],
    covers: 'Iloilo City: rescue office, traffic, police, fire. It has no single short number',
    source: 'imtnews.ph; panaynews.net 371435',
    note: 'No published number was found: ask the city, and write it here.',
  },
]

/** One row for each region, since regions verify and edit their own. */
export const KNOWN_AGENCIES: readonly Agency[] = KNOWN.flatMap(({ regions, read, note = null, ...agency }) =>
  regions.map((region) => ({
    ...agency,
    id: `${region.toLowerCase()}-${agency.id}`,
    region,
    verifiedAt: read ? Date.parse(`${read}T00:00:00+08:00`) : null,
    verifiedBy: read ? READ : null,
    reverifyDays: DAYS,
    machine: null,
    note,
    active: true,
  })),
)

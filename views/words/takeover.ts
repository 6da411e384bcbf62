// Words of regions that are looked after from another. [English, Filipino].

export const TAKEOVER_WORDS = {
  'takeover.title': ['Regions looked after from another', 'Mga rehiyong binabantayan mula sa iba'],
  'takeover.since': ['{from} looks after {region} since {time}', 'Binabantayan ng {from} ang {region} mula {time}'],
  'takeover.by': ['({by}: {reason})', '({by}: {reason})'],
  'takeover.there': [
    'Cards of this region are shown and heard there, too, until {until} or until it is given back.',
    'Lumalabas at naririnig din doon ang mga card ng rehiyong ito, hanggang {until} o hanggang ibalik.',
  ],
  'takeover.here': [
    'Its cards are shown and heard here, until {until} or until it is given back. They are ours to take.',
    'Lumalabas at naririnig dito ang mga card nito, hanggang {until} o hanggang ibalik. Tayo ang kukuha sa mga iyon.',
  ],
  'takeover.open': ['Look after another region', 'Bantayan ang ibang rehiyon'],
  'takeover.lead': [
    'For a site that has lost its screens or its people. Its open cards and those that come are shown and heard here as well, and your people may take them.',
    'Para sa lugar na nawalan ng screen o ng tao. Lalabas at maririnig din dito ang mga bukas at darating na card nito, at maaaring kunin ng mga tao mo.',
  ],
  'takeover.region': ['Region', 'Rehiyon'],
  'takeover.reason': ['Why', 'Bakit'],
  'takeover.reason_hint': [
    'Both sides read it; it stays in the log.',
    'Mababasa ito ng dalawang panig; mananatili sa log.',
  ],
  'takeover.take': ['Look after it', 'Bantayan ito'],
  'takeover.sure_take': [
    'Press again: {from} looks after {region} from now on',
    'Pindutin muli: babantayan ng {from} ang {region} mula ngayon',
  ],
  'takeover.give': ['Give back', 'Ibalik'],
  'takeover.sure_give': ['Press again: {region} is on its own', 'Pindutin muli: mag-isa na ang {region}'],
  'takeover.close': ['Close', 'Isara'],
  'takeover.conflict': ['Another region looks after it already.', 'Binabantayan na ito ng ibang rehiyon.'],
  'takeover.failed': ['That was not possible. Try again.', 'Hindi nagawa. Subukan muli.'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

/** Ours, read by no native speaker yet. */
export const TAKEOVER_FOR_REVIEW = [
  'takeover.title',
  'takeover.since',
  'takeover.there',
  'takeover.here',
  'takeover.open',
  'takeover.lead',
  'takeover.reason_hint',
  'takeover.take',
  'takeover.sure_take',
  'takeover.sure_give',
  'takeover.conflict',
] as const

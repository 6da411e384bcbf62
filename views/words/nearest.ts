// Words for who could be there soonest, and for whose word a position is. [English, Filipino].

export const NEAREST_WORDS = {
  'nearest.title': ['Nearest', 'Pinakamalapit'],
  'nearest.lead': ['Soonest first, from where it is now', 'Ang pinakamabilis muna, mula sa kinaroroonan ngayon'],
  'nearest.looking': ['Looking who is near…', 'Hinahanap kung sino ang malapit…'],
  'nearest.none': ['No vehicle or station is near.', 'Walang sasakyan o istasyong malapit.'],
  'nearest.no_vehicles': ['No vehicle of ours is near.', 'Wala tayong sasakyang malapit.'],
  'nearest.failed': ['Who is near is not known now.', 'Hindi malaman ngayon kung sino ang malapit.'],
  'nearest.refresh': ['Refresh', 'I-refresh'],
  'nearest.ask': ['Ask', 'Hilingan'],
  'nearest.ask_whom': ['Ask {name}', 'Hilingan ang {name}'],
  'nearest.busy': ['asked for another', 'may hinihilingan nang iba'],
  'nearest.minutes': ['{n} min', '{n} min'],
  'nearest.under_minute': ['< 1 min', '< 1 min'],
  'nearest.hours': ['{h} h {m} min', '{h} h {m} min'],
  'nearest.estimated': ['estimated', 'tantiya'],
  'nearest.heard': ['heard {age} ago', 'narinig {age} ang nakalipas'],
  'nearest.from_station': ['from its station', 'mula sa istasyon nito'],
  'nearest.from_hospital': ['from this hospital', 'mula sa ospital na ito'],
  'nearest.as_of': ['as of {time}', 'noong {time}'],
  'nearest.road_factor': [
    'Estimated times: straight line × {factor}, usual speeds of this hour.',
    'Tantiyang oras: tuwid na linya × {factor}, karaniwang bilis sa oras na ito.',
  ],
  'nearest.stations': [
    'Stations are placed to about 500 m; a patrol may be nearer.',
    'Mga 500 m ang katumpakan ng mga istasyon; maaaring may mas malapit na patrol.',
  ],
  'nearest.away': [
    'Part of the fleet of {regions} does not answer: there may be nearer vehicles.',
    'Hindi sumasagot ang bahagi ng fleet ng {regions}: maaaring may mas malapit.',
  ],
  'nearest.vehicle': ['Vehicle', 'Sasakyan'],
  'key.nearest': ['Nearest vehicles and responders', 'Pinakamalapit na sasakyan at tagatugon'],

  'source.press': ['from the press', 'mula sa pindot'],
  'source.phone': ['from the phone', 'mula sa telepono'],
  'source.vehicle': ['from the vehicle', 'mula sa sasakyan'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

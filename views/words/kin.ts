// Words of the page on which a driver's emergency contacts are written down. [English, Filipino].

export const KIN_WORDS = {
  'kins.title': ['Emergency contacts of {name}', 'Mga contact sa emergency ni {name}'],
  'kins.of': ['Emergency contacts', 'Mga contact sa emergency'],
  'kins.edit': ['See and change them', 'Tingnan at baguhin'],
  'kins.lead': [
    'Whom the driver wants told. Nothing is ever sent to them by itself: an operator decides, for each incident. At most {n}.',
    'Ang gustong ipaalam ng drayber. Walang ipinapadala sa kanila nang kusa: operator ang nagpapasya sa bawat insidente. Hanggang {n}.',
  ],
  'kins.person': ['Person {n}', 'Tao {n}'],
  'kins.name': ['Name', 'Pangalan'],
  'kins.relation': ['Who they are to the driver', 'Kaano-ano ng drayber'],
  'kins.relation_hint': ['As: sister, wife, neighbour', 'Hal.: kapatid, asawa, kapitbahay'],
  'kins.phone': ['Phone', 'Telepono'],
  'kins.lang': ['Told in', 'Sasabihan sa'],
  'kins.lang.en': ['English', 'Ingles'],
  'kins.lang.fil': ['Filipino', 'Filipino'],
  'kins.empty_row': [
    'Whoever has neither name nor number is not kept.',
    'Hindi itatago ang walang pangalan at numero.',
  ],
  'kins.keep': ['Keep', 'Itago'],
  'kins.saved': [
    'Kept. The desks of {region} have it within a minute.',
    'Naitago na. Nasa mga desk ng {region} sa loob ng isang minuto.',
  ],
  'kins.changed': [
    'Somebody else has changed them meanwhile. Here is what they are now; yours were not kept.',
    'May ibang nagbago nito samantala. Ito na ang ngayon; hindi naitago ang sa iyo.',
  ],
  'kins.wrong': ['That cannot stand like this: {n}.', 'Hindi puwede nang ganito: {n}.'],
  'kins.wrong.name_empty': ['A person needs a name.', 'Kailangan ng pangalan.'],
  'kins.wrong.relation_empty': ['Say who they are to the driver.', 'Sabihin kung kaano-ano ng drayber.'],
  'kins.wrong.phone_wrong': [
    'Write a number of the Philippines, as 0917 123 4567.',
    'Isulat ang numerong pang-Pilipinas, gaya ng 0917 123 4567.',
  ],
  'kins.wrong.phone_own': [
    'That is the driver’s own phone: nobody else would be told.',
    'Sariling telepono iyan ng drayber: walang ibang masasabihan.',
  ],
  'kins.wrong.phone_twice': ['It stands there twice.', 'Dalawang beses itong nakasulat.'],
  'kins.wrong.too_many': ['Too many people.', 'Sobra sa bilang.'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

/** Ours, read by no native speaker yet. */
export const KIN_FOR_REVIEW = [
  'kins.title',
  'kins.lead',
  'kins.relation',
  'kins.relation_hint',
  'kins.lang',
  'kins.empty_row',
  'kins.saved',
  'kins.changed',
  'kins.wrong',
  'kins.wrong.phone_own',
] as const

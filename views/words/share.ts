// Words of the page that a live-location link opens: for people who know nothing of the tower. [English, Filipino].

export const SHARE_WORDS = {
  'share.title': ['Live location', 'Live na lokasyon'],
  'share.for': ['For {name}, until {time}', 'Para kay {name}, hanggang {time}'],
  'share.where': ['Where it is', 'Nasaan ito'],
  'share.unknown_place': ['No position is known yet.', 'Wala pang alam na posisyon.'],
  'share.not_now': ['The position is not shown any more.', 'Hindi na ipinapakita ang posisyon.'],
  'share.age': ['{age} ago', '{age} ang nakalipas'],
  'share.no_time': ['time of the fix not known', 'hindi alam ang oras ng posisyon'],
  'share.vehicle': ['Vehicle', 'Sasakyan'],
  'share.state': ['How it stands', 'Kalagayan'],
  'share.state.received': ['Our team has the SOS.', 'Nasa aming team na ang SOS.'],
  'share.state.taken': ['A person of our team has it.', 'May tao na ng aming team na humahawak.'],
  'share.state.help_asked': ['Help has been asked for.', 'Humingi na ng tulong.'],
  'share.state.help_on_the_way': ['Help is on the way.', 'Paparating na ang tulong.'],
  'share.state.safe': ['Safe, confirmed by our team.', 'Ligtas na, kumpirmado ng aming team.'],
  'share.do_not_call': [
    'DO NOT CALL OR TEXT THE DRIVER. A ring can put them in danger.',
    'HUWAG TAWAGAN O I-TEXT ANG DRAYBER. Maaaring ikapahamak ng tunog ng telepono.',
  ],
  'share.map': ['Map: the vehicle and the roads around it', 'Mapa: ang sasakyan at ang mga kalsada sa paligid'],
  'share.map_width': ['The map is {km} km wide.', '{km} km ang lapad ng mapa.'],
  'share.open_maps': ['Open in a map app', 'Buksan sa map app'],
  'share.again': ['This page looks again every 15 seconds.', 'Nag-a-update ang pahinang ito tuwing 15 segundo.'],
  'share.seen': ['Opening this page is recorded.', 'Itinatala ang pagbukas ng pahinang ito.'],
  'share.gone': ['This link is not open any more.', 'Sarado na ang link na ito.'],
  'share.gone_why': [
    'It has expired, or was closed. Ask whoever gave it to you.',
    'Lumipas na ito o isinara. Tanungin ang nagbigay nito sa iyo.',
  ],
  'share.none': ['There is no such link.', 'Walang ganitong link.'],
  'share.code': ['Code', 'Code'],
  'share.code_title': ['Enter the code that you were given', 'Ilagay ang code na ibinigay sa iyo'],
  'share.code_hint': ['Six letters and digits, as K7P-3QD', 'Anim na letra at numero, gaya ng K7P-3QD'],
  'share.code_open': ['Open', 'Buksan'],
  'share.code_wrong': [
    'That code opens nothing: look at each letter, or it has expired.',
    'Walang binubuksan ang code na iyan: suriin ang bawat letra, o lumipas na ito.',
  ],
  'share.code_wait': ['Too many tries. Wait {n} seconds.', 'Masyadong maraming subok. Maghintay ng {n} segundo.'],
  'share.code_away': ['Not possible now. Try again in a minute.', 'Hindi magagawa ngayon. Subukan muli mayamaya.'],
} as const satisfies Record<string, readonly [en: string, fil: string]>

export const SHARE_FOR_REVIEW = [
  'share.not_now',
  'share.state.received',
  'share.do_not_call',
  'share.seen',
  'share.gone',
  'share.code_wrong',
] as const satisfies readonly (keyof typeof SHARE_WORDS)[]

// The texts of one segment. [English, Filipino], one line each, for one sitting. `[...]` vanishes when a slot in it is empty.
// Filipino that no native speaker has read yet: FOR_REVIEW.

export const SMS = {
  escalation: [
    'SOS {code} {priority}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {silent}][ {warning}] Nobody has it.[ {others}] {tower}',
    'SOS {code} {priority}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {silent}][ {warning}] Wala pang humahawak.[ {others}] {tower}',
  ],
  room_away: [
    'SOS {code} {priority}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {warning}] The desk may not see it.[ {others}] {tower}',
    'SOS {code} {priority}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {warning}] Baka hindi ito makita ng desk.[ {others}] {tower}',
  ],
  storm: [
    'SOS STORM {region}: [{waiting} waiting][, {p1} P1][, oldest {oldest}][, {operators} operators]. ONE text for all. {open}',
    'DAGSA NG SOS {region}: [{waiting} naghihintay][, {p1} P1][, pinakamatagal {oldest}][, {operators} operator]. ISANG text para sa lahat. {open}',
  ],
  tower_down: [
    'TOWER DOWN {region}: all screens lost {at}.[ {waiting} open][, {p1} P1][: {code}]. {openPhone}',
    'OFFLINE ANG TOWER {region}: nawala lahat ng screen {at}.[ {waiting} bukas][, {p1} P1][: {code}]. {openPhone}',
  ],
  drill: [
    'DRILL ONLY - not real. SOS {code} test page {at}. Answer as usual: pick up the call and press 1. {tower}',
    'DRILL LANG - hindi totoo. SOS {code} test {at}. Sagutin gaya ng dati: sagutin ang tawag at pindutin ang 1. {tower}',
  ],
  drill_phone: ['DRILL - not real.[ {text}] {info}', 'DRILL - hindi totoo.[ {text}] {info}'],
  kin_pressed: [
    'Xpress Tower: {driver} pressed SOS {at}. Our team is working on it. Please keep your phone free. {info}',
    'Xpress Tower: Nag-SOS {driver} {at}. Inaasikaso na ng aming team. Panatilihing libre ang telepono mo. {info}',
  ],
  kin_quiet: [
    'Xpress Tower: {driver} pressed SOS {at}. DO NOT CALL OR TEXT {driver}, FOR SAFETY. Our team is working on it. {info}',
    'Xpress Tower: Nag-SOS {driver} {at}. HUWAG SIYANG TAWAGAN O I-TEXT, para sa kaligtasan niya. Inaasikaso na namin. {infoShort}',
  ],
  kin_safe: [
    'Xpress Tower: {driver} is safe as of {at}, confirmed by our team. You may call {driver} now. {info}',
    'Xpress Tower: Ligtas na {driver} {at}, kumpirmado ng aming team. Maaari mo na siyang tawagan. {info}',
  ],
  kin_safe_quiet: [
    'Xpress Tower: {driver} is safe as of {at}, confirmed by our team. DO NOT CALL OR TEXT yet, wait for a call. {info}',
    'Xpress Tower: Ligtas na {driver} {at}, kumpirmado ng aming team. HUWAG munang tumawag o mag-text. {info}',
  ],
  driver: ['Xpress Tower: {text} {info}', 'Xpress Tower: {text} {info}'],
  queue_question: [
    'Xpress Tower: SOS received, you are in line. {reply} 1 trapped/water rising 2 hurt 3 stuck but safe 4 OK. Danger now? Call 911',
    'Xpress Tower: Natanggap ang SOS, nasa pila ka. {reply} 1 naipit/tumataas tubig 2 nasaktan 3 stranded, ligtas 4 OK. Panganib? 911',
  ],
  area: [
    'Xpress Tower: {what}[ {place}]. {doing} If safe do nothing; if you need help press SOS.[ Until {until}.][ Ref {ref}]',
    'Xpress Tower: {what}[ {place}]. {doing} Kung kailangan mo ng tulong, pindutin ang SOS.[ Hanggang {until}.][ Ref {ref}]',
  ],
  area_text: [
    'Xpress Tower: {text} If you need help press SOS.[ Until {until}.][ Ref {ref}]',
    'Xpress Tower: {text} Kung kailangan mo ng tulong, pindutin ang SOS.[ Hanggang {until}.][ Ref {ref}]',
  ],
  agency: [
    'Xpress Tower: hand-off {code}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {warning}] {info}',
    'Xpress Tower: hand-off {code}[ {kind}][ {plate}][ {vehicle}][, {place}][, {moving}].[ {warning}] {info}',
  ],
  share: [
    'Xpress Tower:[ the code of the live location is {spoken}.][ Until {until}.] Enter it on our share page. {info}',
    'Xpress Tower:[ ang code ng live location ay {spoken}.][ Hanggang {until}.] Ilagay ito sa aming share page. {info}',
  ],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type SmsWord = keyof typeof SMS

export const BITS = {
  quiet: ['SILENT: do NOT call driver.', 'TAHIMIK: HUWAG tawagan drayber.'],
  some_quiet: ['Some SILENT: do NOT call drivers.', 'May TAHIMIK: HUWAG tawagan mga drayber.'],
  moving: ['moving', 'umaandar'],
  no_vehicle: ['vehicle not known', 'di alam ang sasakyan'],
  no_place: ['place not known', 'di alam ang lugar'],
  silent: ['Phone silent {s}.', 'Walang signal {s}.'],
  others: ['Also {n} more', 'May {n} pa'],
  tower: ['Tower {phone}', 'Tower {phone}'],
  no_tower: ['Open the Tower', 'Buksan ang Tower'],
  open: ['Open the Tower[ or call {phone}]', 'Buksan ang Tower[ o tawag {phone}]'],
  open_phone: ['Open the Tower on your phone now[ or call {phone}]', 'Buksan ang Tower sa phone[ o tawag {phone}]'],
  info: ['Info: {phone}[, ref {code}]', 'Tanong: {phone}[, ref {code}]'],
  info_short: ['Info: {phone}[, ref {code}]', '{phone}[, ref {code}]'],
  info_code: ['Ref {code}', 'Ref {code}'],
  reply: ['Reply', 'I-reply'],
  text_to: ['Text {phone}:', 'I-text sa {phone}:'],
  somebody: ['the driver', 'ang drayber'],
  help_coming: ['Help is on the way.', 'Paparating na ang tulong.'],
  has_it: ['We have your SOS.', 'Nasa amin na ang SOS mo.'],
  button_works: ['Test: your button works, nobody was alarmed.', 'Test: gumagana ang button mo, walang inalarma.'],
  many: ['many', 'marami'],
  drill_word: ['DRILL.', 'PAGSASANAY.'],
  drill_mark: ['DRILL - not real.', 'PAGSASANAY - hindi totoo.'],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type Bit = keyof typeof BITS

/** Where the kind says more than that somebody pressed. */
export const SMS_KIND: Record<string, readonly [en: string, fil: string]> = {
  medical: ['MEDICAL', 'MEDIKAL'],
  crash: ['CRASH', 'BANGGAAN'],
  fire: ['FIRE', 'SUNOG'],
  flood: ['FLOOD', 'BAHA'],
  security: ['SECURITY', 'SEGURIDAD'],
  harassment: ['HARASSMENT', 'PANGGIGIPIT'],
}

/** Of an area, by its kind: what it is, and what to do about it. */
export const AREA_KIND: Record<string, { what: readonly [string, string]; doing: readonly [string, string] }> = {
  flood: { what: ['FLOOD around', 'BAHA sa'], doing: ['Do not enter.', 'Huwag pumasok.'] },
  fire: { what: ['FIRE around', 'SUNOG sa'], doing: ['Keep away.', 'Lumayo.'] },
  crash: { what: ['CRASH around', 'BANGGAAN sa'], doing: ['Take another way.', 'Umiba ng daan.'] },
  security: { what: ['DANGER around', 'PANGANIB sa'], doing: ['Keep away.', 'Lumayo.'] },
  other: { what: ['WARNING for', 'BABALA sa'], doing: ['Take care.', 'Mag-ingat.'] },
}

/** Both languages in one text, by kind. */
export const AREA_BOTH_KIND: Record<string, { what: string; doing: string }> = {
  flood: { what: 'FLOOD / BAHA', doing: 'Do not enter / Huwag pumasok.' },
  fire: { what: 'FIRE / SUNOG', doing: 'Keep away / Lumayo.' },
  crash: { what: 'CRASH / BANGGAAN', doing: 'Take another way / Umiba ng daan.' },
  security: { what: 'DANGER / PANGANIB', doing: 'Keep away / Lumayo.' },
  other: { what: 'WARNING / BABALA', doing: 'Take care / Mag-ingat.' },
}

/** Longest first: the first that fits one segment is sent. `own`: in the words of whoever sends it. */
export const AREA_BOTH = {
  kind: [
    'Xpress Tower: {what} {place}. {doing} Need help? Press SOS / Kailangan ng tulong? Pindutin SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {what} {place}. {doing} Need help / Tulong? Press SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {what} {place}. {doing} Help/Tulong? SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {what} {place}. {doing} Help/Tulong? SOS.[ {until}.][ Ref {ref}]',
  ],
  own: [
    'Xpress Tower: {en} / {fil} Need help? Press SOS / Kailangan ng tulong? Pindutin SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {en} / {fil} Need help / Tulong? Press SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {en} / {fil} Help/Tulong? SOS.[ Until/Hanggang {until}.][ Ref {ref}]',
    'Xpress Tower: {en} / {fil} Help/Tulong? SOS.[ {until}.][ Ref {ref}]',
  ],
} as const

/** Filipino of our own making. */
export const FOR_REVIEW = [
  'room_away',
  'storm',
  'kin_safe_quiet',
  'drill_phone',
  'area_text',
  'agency',
  'share',
  'some_quiet',
  'others',
  'has_it',
  'drill_mark',
] as const satisfies readonly (SmsWord | Bit)[]

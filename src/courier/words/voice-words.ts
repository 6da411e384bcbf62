// What a call says. [English, Filipino]. Before a key no plate, no place, no name: voicemail hears this.
// Filipino that no native speaker has read yet: all of this file (FOR_REVIEW).

export const VOICE = {
  drill: ['Drill. Hindi ito totoo. This is not real.', 'Drill. Hindi ito totoo.'],

  ask_escalation: [
    'Emergency. Xpress Tower, {code}.[ And {more} more incidents.] {keys}',
    'Emerhensiya. Xpress Tower, {code}.[ At {more} pang insidente.] {keys}',
  ],
  ask_storm: [
    'Emergency. Xpress Tower, {region}, storm of S O S.[ {waiting} waiting.] {keys}',
    'Emerhensiya. Xpress Tower, {region}, dagsa ng S O S.[ {waiting} ang naghihintay.] {keys}',
  ],
  ask_tower_down: [
    'Emergency. Xpress Tower, {region}. The tower is down, all screens are lost. {keys}',
    'Emerhensiya. Xpress Tower, {region}. Offline ang tower, nawala ang lahat ng screen. {keys}',
  ],
  ask_message: [
    'This is Xpress Tower with a message for you. Press 1 to hear it. Star repeats.',
    'Ito ang Xpress Tower, may mensahe para sa iyo. Pindutin ang 1 para marinig. Pindutin ang star para ulitin.',
  ],
  ask_queue_question: [
    'This is Xpress Tower. Your S O S was received, you are in line. Press 1 if you are trapped or water is rising, 2 if somebody is hurt, 3 if you are stuck but safe, 4 if you are OK. In danger now, call nine one one.',
    'Ito ang Xpress Tower. Natanggap ang S O S mo, nasa pila ka. Pindutin ang 1 kung naipit ka o tumataas ang tubig, 2 kung may nasaktan, 3 kung stranded pero ligtas, 4 kung OK ka. Kung may panganib ngayon, tumawag sa nine one one.',
  ],
  keys: [
    'Press 1 to take it, 2 if you cannot, 9 to call everyone.',
    'Pindutin ang 1 para kunin, 2 kung hindi mo kaya, 9 para tawagin ang lahat.',
  ],
  keys_drill: ['Answer as usual: press 1.', 'Sagutin gaya ng dati: pindutin ang 1.'],

  have_it: ['You have it.', 'Hawak mo na.'],
  quiet: ['Silent alarm: do not call the driver.', 'Tahimik na alarma: huwag tawagan ang drayber.'],
  plate: ['Plate {plate}.', 'Plaka {plate}.'],
  vehicle: ['{vehicle}.', '{vehicle}.'],
  no_vehicle: ['The vehicle is not known.', 'Hindi alam ang sasakyan.'],
  kind: ['{kind}.', '{kind}.'],
  place: ['{place}[, {moving}].', '{place}[, {moving}].'],
  no_place: ['The place is not known.', 'Hindi alam ang lugar.'],
  moving: ['moving', 'umaandar'],
  silent: ['The phone has been silent for {span}.', 'Walang signal ang telepono nang {span}.'],
  more: ['And {more} more: {codes}.', 'At {more} pa: {codes}.'],
  counts: ['{waiting} waiting, {p1} of priority one.', '{waiting} ang naghihintay, {p1} ang P 1.'],
  open: [
    'Open the Tower within two minutes, or it goes to the next person. Star repeats.',
    'Buksan ang Tower sa loob ng dalawang minuto, kundi ipapasa ito sa iba. Pindutin ang star para ulitin.',
  ],
  cannot: ['Understood. The next person is called now. Goodbye.', 'Sige. Tatawagan na ang susunod. Paalam.'],
  everyone: ['Everyone is called now. Open the Tower now.', 'Tinatawagan na ang lahat. Buksan ang Tower ngayon.'],
  drill_done: [
    'Thank you. Your answer was counted. Nobody was alarmed. Goodbye.',
    'Salamat. Nabilang ang sagot mo. Walang inalarma. Paalam.',
  ],
  answered: [
    'Thank you, it is noted. In danger now, call nine one one. Goodbye.',
    'Salamat, naitala na. Kung may panganib ngayon, tumawag sa nine one one. Paalam.',
  ],
  area_keys: [
    'Press 1 if you are safe, 2 if you need help.',
    'Pindutin ang 1 kung ligtas ka, 2 kung kailangan mo ng tulong.',
  ],
  message: ['{text} Star repeats.', '{text} Pindutin ang star para ulitin.'],

  kin_pressed: [
    '{driver} pressed S O S at {at}. Our team is working on it. Please keep your phone free.',
    'Nag-S O S {driver} nang {at}. Inaasikaso na ng aming team. Panatilihing libre ang telepono mo.',
  ],
  kin_quiet: [
    '{driver} pressed S O S at {at}. For safety, do not call or text. Our team is working on it.',
    'Nag-S O S {driver} nang {at}. Huwag siyang tawagan o i-text, para sa kaligtasan niya. Inaasikaso na namin.',
  ],
  kin_safe: [
    '{driver} is safe as of {at}, confirmed by our team. You may call now.',
    'Ligtas na {driver}, {at}, kumpirmado ng aming team. Maaari mo na siyang tawagan.',
  ],
  kin_safe_quiet: [
    '{driver} is safe as of {at}, confirmed by our team. Do not call or text yet.',
    'Ligtas na {driver}, {at}, kumpirmado ng aming team. Huwag munang tumawag o mag-text.',
  ],
  share: ['The code of the live location is {spoken}.', 'Ang code ng live location ay {spoken}.'],
  area: ['{what} {place}. {doing}', '{what} {place}. {doing}'],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type VoiceWord = keyof typeof VOICE

/** "Six minutes" for a voice; figures are left to its reading. */
export const KIND_SPOKEN: Record<string, readonly [en: string, fil: string]> = {
  medical: ['Medical emergency', 'Medikal na emergency'],
  crash: ['Crash', 'Banggaan'],
  fire: ['Fire', 'Sunog'],
  flood: ['Flood', 'Baha'],
  security: ['Security', 'Seguridad'],
  harassment: ['Harassment', 'Panggigipit'],
}

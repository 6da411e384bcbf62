// Words of mail and of the driver's channel. [English, Filipino].

export const MAIL = {
  subject_escalation: [
    'SOS {code} {priority}[ {plate}]: nobody has it',
    'SOS {code} {priority}[ {plate}]: wala pang humahawak',
  ],
  subject_storm: ['SOS STORM {region}[: {waiting} waiting]', 'DAGSA NG SOS {region}[: {waiting} naghihintay]'],
  subject_tower_down: ['TOWER DOWN {region}: all screens lost', 'OFFLINE ANG TOWER {region}: nawala lahat ng screen'],
  subject_drill: ['DRILL ONLY - not real. SOS {code}', 'DRILL LANG - hindi totoo. SOS {code}'],
  subject_kin: ['Xpress Tower[, ref {code}]', 'Xpress Tower[, ref {code}]'],
  subject_message: ['Xpress Tower: a message[, ref {ref}]', 'Xpress Tower: mensahe[, ref {ref}]'],
  subject_agency: ['Xpress Tower hand-off {code}[ {plate}]', 'Xpress Tower hand-off {code}[ {plate}]'],

  state_escalation: ['Nobody has taken this SOS yet.', 'Wala pang humahawak ng SOS na ito.'],
  state_room_away: [
    'The desk may not see this SOS: its room does not answer.',
    'Baka hindi makita ng desk ang SOS na ito: hindi sumasagot ang room nito.',
  ],
  state_storm: [
    'More SOS are waiting than the desk can take.',
    'Mas marami ang naghihintay na SOS kaysa kaya ng desk.',
  ],
  state_tower_down: ['All screens of this tower are lost.', 'Nawala ang lahat ng screen ng tower na ito.'],
  state_drill: ['This is a drill. Nothing has happened.', 'Ito ay pagsasanay. Walang nangyari.'],
  state_agency: ['A person at our desk hands this over to you.', 'Ipinapasa ito sa inyo ng isang tao sa aming desk.'],

  do_take: [
    'Open the Tower and take it, or answer the call and press 1. This mail cannot take it.',
    'Buksan ang Tower at kunin ito, o sagutin ang tawag at pindutin ang 1. Hindi ito makukuha sa mail na ito.',
  ],
  do_drill: [
    'Answer as usual: pick up the call and press 1.',
    'Sagutin gaya ng dati: sagutin ang tawag at pindutin ang 1.',
  ],
  do_quiet: [
    'SILENT: do NOT call or text the driver. A ring can kill.',
    'TAHIMIK: HUWAG tawagan o i-text ang drayber. Nakamamatay ang isang ring.',
  ],
  do_call: ['Or call the Tower: {phone}', 'O tawagan ang Tower: {phone}'],

  code: ['Incident', 'Insidente'],
  priority: ['Priority', 'Prayoridad'],
  kind: ['Kind', 'Uri'],
  plate: ['Plate', 'Plaka'],
  vehicle: ['Vehicle', 'Sasakyan'],
  place: ['Place', 'Lugar'],
  pressed: ['Pressed', 'Pinindot'],
  silent: ['Phone silent for', 'Walang signal nang'],
  waiting: ['Waiting', 'Naghihintay'],
  p1: ['Of these P1', 'P1 sa mga ito'],
  oldest: ['Oldest', 'Pinakamatagal'],
  operators: ['Operators at desks', 'Mga operator sa desk'],
  others: ['Also waiting', 'Naghihintay din'],
  not_known: ['not known', 'hindi alam'],
  moving: ['moving', 'umaandar'],

  answer_trapped: ['Trapped, or water is rising', 'Naipit, o tumataas ang tubig'],
  answer_hurt: ['Somebody is hurt', 'May nasaktan'],
  answer_stuck: ['Stuck but safe', 'Stranded pero ligtas'],
  answer_ok: ['OK', 'OK'],
  answer_safe: ['I am safe', 'Ligtas ako'],
  answer_cannot: ['Not now: skip this drill', 'Hindi ngayon: laktawan ang drill na ito'],
  answer_need_help: ['I need help', 'Kailangan ko ng tulong'],
  ask_queue: [
    'SOS received, you are in line. What is it? In danger now, call 911.',
    'Natanggap ang SOS, nasa pila ka. Ano ang nangyari? Kung may panganib ngayon, tumawag sa 911.',
  ],
} as const satisfies Record<string, readonly [en: string, fil: string]>
export type MailWord = keyof typeof MAIL

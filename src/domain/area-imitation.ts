// What a broadcast of ours must never look like: RA 10639 leaves alerts to the warning agencies, and a driver who takes one of
// ours for one of theirs may believe the wrong one. Whatever names an agency or a form of theirs is refused.

/** Those whose warnings they are. Also read with dots or spaces between the letters. */
const AGENCIES = [
  ...['NDRRMC', 'RDRRMC', 'LDRRMC', 'NDRRMO', 'RDRRMO', 'PDRRMO', 'CDRRMO', 'MDRRMO', 'BDRRMC', 'LDRRMO', 'MMDRRMC'],
  ...['PAGASA', 'PHIVOLCS', 'DILG', 'DOST', 'DSWD', 'OCD', 'NTC', 'DND', 'AFP', 'DOH', 'MMDA', 'DICT'],
] as const

/** Their own forms of words. Matched on letters and single spaces, without accents. */
const FORMS: readonly RegExp[] = [
  /\bEMERGENCY (ALERT|BROADCAST|WARNING|BULLETIN)S?\b/,
  /\b(PUBLIC|GOVERNMENT|NATIONAL|OFFICIAL|PRESIDENTIAL|CIVIL) (ALERT|WARNING|ADVISORY|BULLETIN|NOTICE|ORDER)S?\b/,
  /\b(CELL|SMS|TEXT) BROADCAST\b/,
  /\bEMERGENCY CELL\b/,
  /\b(RED|ORANGE|YELLOW) (RAINFALL|WARNING|ALERT)\b/,
  /\bRAINFALL (WARNING|ALERT|ADVISORY)\b/,
  /\b(TSUNAMI|TYPHOON|STORM SURGE|VOLCANO|VOLCANIC|EARTHQUAKE|FLOOD|WEATHER|HEAVY RAIN|THUNDERSTORM|GALE) (WARNING|ALERT|ADVISORY|BULLETIN|SIGNAL)\b/,
  /\b(STORM|WIND|TYPHOON|TCWS) SIGNAL\b/,
  /\bSIGNAL (NO|NUMBER|NUM|BLG|BILANG) ?\d\b/,
  /\bALERT LEVEL ?\d\b/,
  /\b(MANDATORY|FORCED|PREEMPTIVE|PRE EMPTIVE|COMPULSORY) EVACUATION\b/,
  /\bEVACUATION ORDER\b/,
  /\bSAPILITANG (PAG ?)?LIKAS\b/,
  /\bSTATE OF (CALAMITY|EMERGENCY)\b/,
  /\bOFFICE OF CIVIL DEFEN[CS]E\b/,
  /\b(BABALA|PAALALA|UTOS|ALERTO|ABISO) (NG|MULA SA) (PAMAHALAAN|GOBYERNO)\b/,
  /\bBY ORDER OF\b/,
]

const SPELLED = AGENCIES.map((name) => new RegExp(`(^|[^A-Z])${[...name].join('[ .]{1,2}')}([^A-Z]|$)`))
const WHOLE = new RegExp(`(^|[^A-Z])(${AGENCIES.join('|')})([^A-Z]|$)`)

/** The words by which it would pass for a government's alert; null where nothing does. */
export function imitates(text: string): string | null {
  const plain = plainly(text)
  const whole = WHOLE.exec(plain)
  if (whole?.[2]) return whole[2]
  const spelled = SPELLED.findIndex((each) => each.test(plain))
  if (spelled >= 0) return AGENCIES[spelled] as string
  const words = plain.replaceAll(/[^A-Z0-9]+/g, ' ')
  for (const form of FORMS) {
    const found = form.exec(words)
    if (found) return found[0].trim()
  }
  return null
}

/** Capitals without accents; what nobody sees is away, and digits that stand for letters are read as those within words. */
function plainly(text: string): string {
  const capitals = text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .replaceAll(/\s+/g, ' ')
  return capitals.replaceAll(/[A-Z0-9@$]*[A-Z][A-Z0-9@$]*/g, (word) =>
    word.replaceAll(/[013457@$]/g, (sign) => LOOKS_LIKE[sign] ?? sign),
  )
}

const LOOKS_LIKE: Record<string, string> = { 0: 'O', 1: 'I', 3: 'E', 4: 'A', 5: 'S', 7: 'T', '@': 'A', $: 'S' }

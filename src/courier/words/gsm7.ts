// The alphabet of a plain SMS (3GPP TS 23.038): what one segment holds, and how other characters are written in it.

/** Septets of one segment; a message of two costs twice and arrives in two pieces. */
export const SEGMENT_SEPTETS = 160

const BASIC = new Set(
  '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Each takes an escape beside itself. */
const EXTENDED = new Set('^{}\\[~]|€')

/** What has no base letter that Unicode knows of. An own row where the plain letter would read wrong. */
const WRITTEN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
  '−': '-',
  '•': '-',
  '·': '-',
  '₱': 'PHP ',
  ç: 'c',
  '×': 'x',
  '`': "'",
  '´': "'",
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
}

/** How much of a segment this text takes. Counts a character outside the alphabet as one: clean it first. */
export function septets(text: string): number {
  let count = 0
  for (const char of text) count += EXTENDED.has(char) ? 2 : 1
  return count
}

export const isGsm7 = (text: string): boolean => [...text].every((char) => BASIC.has(char) || EXTENDED.has(char))

/** The same text in that alphabet, on one line. What cannot be written in it (emoji, other scripts) is left out. */
export function toGsm7(text: string): string {
  let out = ''
  for (const char of text.normalize('NFC')) out += written(char)
  return out.replace(/ {2,}/g, ' ').trim()
}

function written(char: string): string {
  if (BASIC.has(char) || EXTENDED.has(char)) return char
  const own = WRITTEN[char]
  if (own !== undefined) return own
  if (/\s/u.test(char)) return ' '
  // Full-width forms, ligatures and accents fall apart into their plain letters.
  const plain = [...char.normalize('NFKD')].filter((part) => !/\p{M}/u.test(part))
  const kept = plain.map((part) => (BASIC.has(part) || EXTENDED.has(part) ? part : (WRITTEN[part] ?? ''))).join('')
  return kept
}

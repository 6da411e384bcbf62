// One spelling for a phone number, so that what a network, a form and a directory write can be compared. Pure.

/** As +639171234567; null for what is no number. Numbers without a country are of the Philippines. */
export function e164(said: unknown): string | null {
  if (typeof said !== 'string' || !/^[+\d\s().-]+$/.test(said.trim())) return null
  const text = said.trim()
  const digits = text.replaceAll(/\D/g, '')
  if (text.startsWith('+') || digits.startsWith('00')) return international(digits.replace(/^00/, ''))
  if (/^63\d{8,10}$/.test(digits)) return `+${digits}`
  if (/^0[2-9]\d{7,9}$/.test(digits)) return `+63${digits.slice(1)}`
  return /^9\d{9}$/.test(digits) ? `+63${digits}` : null
}

// Countries and their numbers together: 8 to 15 digits, and none begins with 0.
const international = (digits: string): string | null => (/^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : null)

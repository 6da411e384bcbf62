// Just enough XML to write documents of others' standards: text that cannot break out of its element.

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** For text and attributes. Characters that XML 1.0 forbids, and those that turn the direction of writing, are left out. */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(/[\p{Cf}\uFFFE\uFFFF]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '')

/** `<name>text</name>`; nothing where there is nothing to say. */
export const xmlElement = (name: string, text: string | number | null): string =>
  text === null || text === '' ? '' : `<${name}>${xmlText(String(text))}</${name}>`

export const xmlParent = (name: string, children: readonly string[]): string =>
  `<${name}>${children.filter((child) => child !== '').join('')}</${name}>`

/** Manila's time with its offset, as CAP demands: 2026-08-24T13:05:00+08:00, never `Z`. */
export const manilaStamp = (at: number): string => `${new Date(at + 8 * 60 * 60_000).toISOString().slice(0, 19)}+08:00`

// Where a browser is sent on: a path of ours, whatever the address said.

/** Any base will do: what counts is whether `next` leaves it. */
const HERE = 'https://here.invalid'

/** `next` as path and query, or `/` where it would lead to another site: "//host" and "/\host" would. */
export function ownPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])[\x20-\x7e]*$/.test(next) || next.includes('\\')) return '/'
  const url = URL.parse(next, HERE)
  // "/.//host" has the path "//host", which is a path here and another site in the answer.
  return url?.origin === HERE && !url.pathname.startsWith('//') ? url.pathname + url.search : '/'
}

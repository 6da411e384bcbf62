// What an app calls itself, by the User-Agent that it sends: the only place in which most of them name their version.

const LONGEST = 60
/** Libraries and browsers that many apps have in common: they say nothing of the app. */
const NOT_AN_APP = /^(dalvik|okhttp|mozilla|java|curl|axios|node|bun|python|go-http-client|cfnetwork)\b/i

/** "TraccarClient 10.0" of "TraccarClient/10.0 (iPhone; iOS 19)"; null where it names none. */
export function appName(userAgent: string | null): string | null {
  const [product = ''] = (userAgent ?? '').trim().split(/\s+/)
  if (product === '' || NOT_AN_APP.test(product)) return null
  const [name = '', ...version] = spelled(product).split('/')
  const last = version.at(-1) ?? ''
  const plain = `${name} ${last}`.replaceAll(/[^\w .+-]/g, '').trim()
  return plain === '' ? null : plain.slice(0, LONGEST)
}

/** iOS sends the app's name with its spaces escaped. */
function spelled(product: string): string {
  try {
    return decodeURIComponent(product)
  } catch {
    return product
  }
}

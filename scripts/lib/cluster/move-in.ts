// Gives exported objects to a cluster, one after the other, by the loopback address of one of its members.

import { join } from 'node:path'
import { readManifest } from './moved-files'

/** Names of those that had taken something already: they stayed as they were. Throws where one cannot be reached. */
export async function importObjects(from: string, internalUrl: string, log: (line: string) => void): Promise<string[]> {
  const refused: string[] = []
  for (const { className, name, file, rows } of readManifest(from).objects) {
    const query = new URLSearchParams({ class: className, name })
    const response = await fetch(`${internalUrl}/objects?${query}`, {
      method: 'POST',
      body: Bun.file(join(from, file)),
    })
    if (response.status === 409) refused.push(`${className} ${name}`)
    else if (!response.ok)
      throw new Error(`${className} ${name} was answered ${response.status}: ${await response.text()}`)
    else log(`${className} ${name}: ${rows} rows`)
  }
  return refused
}

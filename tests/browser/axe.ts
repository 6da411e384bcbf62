// What axe finds on a page, in words. It runs within the page: told that violations alone are wanted, it looks at everything
// and describes only those, which on a page as long as the API's reference is a third of the work.

import axe from 'axe-core'
import type { Desk } from './desk'

type Looked = Pick<Desk, 'page'>
type Violation = { id: string; nodes: { target: string[]; why: string[] }[] }

/** `rule: selector (why)` of each violation; of these parts of the page alone, where some are given. */
export const violations = (on: Looked, ...parts: string[]): Promise<string[]> =>
  run(on, parts.length === 0 ? null : { include: parts })

/** The same of all but what matches the selector. */
export const violationsWithout = (on: Looked, selector: string): Promise<string[]> => run(on, { exclude: [selector] })

async function run({ page }: Looked, of: { include: string[] } | { exclude: string[] } | null): Promise<string[]> {
  // A page that was looked at before has it still.
  if (!(await page.evaluate<boolean>(`typeof axe === 'object'`))) await page.evaluate(axe.source)
  const context = of === null ? 'document' : JSON.stringify(of)
  const found = await page.evaluate<Violation[]>(`axe.run(${context}, { resultTypes: ['violations'] }).then(
    ({ violations }) => violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ target, any, all, none }) => ({
        target: target.map(String),
        why: [...any, ...all, ...none].map(({ message }) => message),
      })),
    })),
  )`)
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, why }) => `${id}: ${target.join(' ')} (${why.join('; ')})`),
  )
}

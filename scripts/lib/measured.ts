// What benches have written under docs/measured, in the order in which a reader wants them.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../bench/report'

/** What a driver in danger depends on comes first. */
const ORDER = ['sos', 'page', 'capacity', 'positions', 'api', 'map', 'queries']

/** Reports of benches alone: the histograms and other findings lie beside them. */
export async function reportsIn(folder: string): Promise<Report[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.endsWith('.histograms.json'))
  const read = await Promise.all(names.map((name) => Bun.file(join(folder, name)).json()))
  const place = ({ name }: Report) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return read.filter(isReport).sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name))
}

const isReport = (value: unknown): value is Report =>
  typeof value === 'object' && value !== null && 'bars' in value && Array.isArray(value.bars) && 'machine' in value

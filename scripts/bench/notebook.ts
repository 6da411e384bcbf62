// What a bench writes down while it runs: figures by system, raw histograms, and what went wrong.

import { Histogram, type RawHistogram } from './histogram'
import { type Figure, median, type RawHistograms, type Unit } from './report'

export type Notebook = {
  /** One value of one round; the report tells the median of the rounds, the sum of counts. */
  note(system: string, what: string, value: number, unit: Unit): void
  /** Adds a histogram to those of earlier rounds. */
  keep(system: string, what: string, raw: RawHistogram): void
  /** Of all rounds together; NaN where nothing was measured. */
  value(system: string, what: string): number
  latency(system: string, what: string): Histogram
  figures(): Figure[]
  histograms(): RawHistograms
}

type Rounds = { system: string; what: string; unit: Unit; values: number[] }

/** One press lost in one round of three is one press lost. */
const together = ({ unit, values }: Rounds): number =>
  unit === 'count' ? values.reduce((sum, each) => sum + each, 0) : median(values)

export function openNotebook(): Notebook {
  const rounds = new Map<string, Rounds>()
  const kept = new Map<string, Histogram>()
  const key = (system: string, what: string) => `${system}: ${what}`
  return {
    note: (system, what, value, unit) => {
      const row = rounds.get(key(system, what)) ?? { system, what, unit, values: [] }
      row.values.push(value)
      rounds.set(key(system, what), row)
    },
    keep: (system, what, raw) => {
      kept.set(key(system, what), (kept.get(key(system, what)) ?? new Histogram()).merge(raw))
    },
    value: (system, what) => {
      const row = rounds.get(key(system, what))
      return row ? together(row) : Number.NaN
    },
    latency: (system, what) => kept.get(key(system, what)) ?? new Histogram(),
    figures: () =>
      [...rounds.values()].map((row) => ({ system: row.system, what: row.what, unit: row.unit, value: together(row) })),
    histograms: () => Object.fromEntries([...kept].map(([name, histogram]) => [name, histogram.raw()])),
  }
}

// The one form in which a fault says what came of it: a line in the output of its test, which `bun run faults` reads again.

export type Told = {
  /** Its id in the list: "R29". */
  fault: string
  /** What was done. */
  did: string
  /** Presses, or whatever else the fault is about, that were answered. */
  answered?: number
  lost?: number
  doubled?: number
  /** From the end of the fault until all was as it should be. */
  convergedMs?: number
  /** What people saw meanwhile. */
  seen?: string
}

/** Prints it. The test itself has already failed where something was lost or doubled that must not be. */
export function tell(told: Told): void {
  console.log(lineOf(told))
}

export function lineOf({ fault, did, answered, lost, doubled, convergedMs, seen }: Told): string {
  const counted = [
    answered === undefined ? [] : [`answered ${answered}`],
    lost === undefined ? [] : [`lost ${lost}`],
    doubled === undefined ? [] : [`duplicated ${doubled}`],
    convergedMs === undefined ? [] : [`converged ${Math.round(convergedMs)} ms`],
    seen === undefined ? [] : [seen],
  ].flat()
  return `FAULT ${fault} ${did}: ${counted.join('; ')}`
}

/** Null for a line that is none. What a line does not say stays undefined. */
export function readLine(line: string): Told | null {
  const parts = /^FAULT ([A-Z]+\d*) (.+?):(?: (.*))?$/.exec(line.trim())
  if (!parts) return null
  const [, fault = '', did = '', rest = ''] = parts
  const number = (name: RegExp): number | undefined => {
    const found = name.exec(rest)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const counts = {
    answered: number(/\banswered (\d+)/),
    lost: number(/\blost (\d+)/),
    doubled: number(/\bduplicated (\d+)/),
    convergedMs: number(/\bconverged (\d+) ms/),
  }
  const seen = rest
    .split('; ')
    .filter((part) => !/^(answered|lost|duplicated) \d+$|^converged \d+ ms$/.test(part))
    .map((part) => part.replace(/^lost \d+, /, ''))
    .join('; ')
  const known = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined))
  return { fault, did, ...known, ...(seen === '' ? {} : { seen }) }
}

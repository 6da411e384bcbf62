export async function soak(_minutes: number, _log: (line: string) => void): Promise<{ flat: boolean }> {
  throw new Error('not yet')
}

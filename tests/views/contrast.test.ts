// The tokens' promise: every text on its ground is at least 4.7 : 1, in light and in dark.

import { expect, test } from 'bun:test'

const css = await Bun.file(new URL('../../views/styles/tokens.css', import.meta.url)).text()

const THEMES = ['light', 'dark'] as const
const LEAST = 4.7

function colour(name: string, theme: (typeof THEMES)[number]): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1]?.trim() ?? ''
  const [, light, dark] = /^light-dark\((#\w{6}),\s*(#\w{6})\)$/.exec(value) ?? []
  const found = light && dark ? (theme === 'light' ? light : dark) : value
  if (!/^#[0-9a-f]{6}$/i.test(found)) throw new Error(`--${name} is no colour: ${value}`)
  return found
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function ratio(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['ground', 'surface', 'raised']
const TEXTS = ['ink', 'ink-2', 'ink-3', 'p1-line', 'p2-line', 'p3-line', 'p4-line', 'drill-line', 'good-line']
const PAIRS: [string, string][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string] => [text, ground])),
  ...['p1', 'p2', 'p3', 'p4', 'drill', 'good'].map((name): [string, string] => [`${name}-on`, `${name}-fill`]),
  ...['p1', 'p2', 'p3', 'p4'].flatMap((name): [string, string][] => [
    ['ink', `${name}-wash`],
    ['ink-2', `${name}-wash`],
  ]),
  ['ink-inverse', 'ink'],
  ['quiet-white', 'quiet-black'],
]

for (const theme of THEMES) {
  test(`every text is readable on its ground in ${theme}`, () => {
    const weak = PAIRS.map(([text, ground]) => ({
      text,
      ground,
      ratio: ratio(colour(text, theme), colour(ground, theme)),
    }))
    expect(weak.filter((pair) => pair.ratio < LEAST)).toEqual([])
  })
}

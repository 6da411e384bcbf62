import { expect, test } from 'bun:test'
import { bucketOf, Histogram, highestOf } from '../../scripts/bench/histogram'

test('every value lies in a bucket whose highest value is at most 0.8 % above it', () => {
  for (let us = 0; us < 40_000_000; us = Math.max(us + 1, Math.floor(us * 1.003))) {
    const highest = highestOf(bucketOf(us))
    expect(highest).toBeGreaterThanOrEqual(us)
    expect(highest).toBeLessThanOrEqual(us * 1.008)
  }
})

test('a larger value never lies in a lower bucket', () => {
  for (let us = 1; us < 20_000; us++) expect(bucketOf(us)).toBeGreaterThanOrEqual(bucketOf(us - 1))
})

test('percentiles are those of the sorted samples', () => {
  const histogram = new Histogram()
  for (let ms = 1; ms <= 1000; ms++) histogram.addMs(ms)
  const { count, mean, p50, p99, max } = histogram.latency()
  expect([count, mean, max]).toEqual([1000, 500.5, 1000])
  expect(p50).toBeWithin(500, 504.1)
  expect(p99).toBeWithin(990, 998.1)
})

test('one slow answer of two hundred is the p99.9 and not the p99', () => {
  const histogram = new Histogram()
  for (let n = 0; n < 199; n++) histogram.addMs(2)
  histogram.addMs(900)
  expect(histogram.percentile(0.99)).toBeCloseTo(2, 1)
  expect(histogram.percentile(0.999)).toBe(900)
})

test('two histograms merged are the histogram of all their samples', () => {
  const [one, two, all] = [new Histogram(), new Histogram(), new Histogram()]
  for (const ms of [0.2, 5, 70]) {
    one.addMs(ms)
    all.addMs(ms)
  }
  for (const ms of [0, 5, 3_000]) {
    two.addMs(ms)
    all.addMs(ms)
  }
  expect(Histogram.of(one.raw()).merge(two.raw()).raw()).toEqual(all.raw())
})

test('a raw histogram survives JSON', () => {
  const histogram = new Histogram()
  for (const ms of [1, 2, 3.5, 400]) histogram.addMs(ms)
  const again = Histogram.of(JSON.parse(JSON.stringify(histogram.raw())))
  expect(again.latency()).toEqual(histogram.latency())
})

test('a clock that runs backwards counts as no time at all', () => {
  const histogram = new Histogram()
  histogram.addMs(-3)
  expect(histogram.latency()).toMatchObject({ count: 1, max: 0 })
})

import { expect, test } from 'bun:test'
import { e164 } from '../../src/domain/phone-number'

test('a number has one spelling, however it was written', () => {
  for (const said of [
    '+639171234567',
    '+63 917 123 4567',
    '09171234567',
    '0917-123-4567',
    '639171234567',
    '9171234567',
    '00639171234567',
  ])
    expect([said, e164(said)]).toEqual([said, '+639171234567'])
  expect(e164('(02) 8654-0000')).toBe('+63286540000')
  expect(e164('032 415 0000')).toBe('+63324150000')
  expect(e164('+1 500 555 0006')).toBe('+15005550006')
})

test('what is no number is none', () => {
  for (const said of [
    '',
    '911',
    '8888',
    'GLOBE',
    '+63917CALLME',
    '0917',
    '12345678901234567890',
    '+0123456789',
    null,
    7,
    undefined,
  ])
    expect([said, e164(said)]).toEqual([said, null])
})

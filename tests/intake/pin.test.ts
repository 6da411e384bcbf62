import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { judgePin, mayBeDuressPin, pinMac } from '../../src/intake/pin'

const pepper = new Uint8Array(32).fill(1)
const row = { pinMac: pinMac(pepper, 'bus-1', '4711'), duressPinMac: pinMac(pepper, 'bus-1', '9285') }

describe('the MAC of a PIN', () => {
  test('has 32 hex characters and tells devices, peppers and PINs apart', () => {
    const mac = pinMac(pepper, 'bus-1', '4711')
    expect(mac).toMatch(/^[0-9a-f]{32}$/)
    expect(pinMac(pepper, 'bus-2', '4711')).not.toBe(mac)
    expect(pinMac(new Uint8Array(32).fill(2), 'bus-1', '4711')).not.toBe(mac)
    expect(pinMac(pepper, 'bus-1', '4712')).not.toBe(mac)
  })
})

describe('judging a PIN', () => {
  test('knows the true one, the one under duress, and wrong ones', () => {
    expect(judgePin(row, pinMac(pepper, 'bus-1', '4711'))).toBe('true')
    expect(judgePin(row, pinMac(pepper, 'bus-1', '9285'))).toBe('duress')
    expect(judgePin(row, pinMac(pepper, 'bus-1', '0000'))).toBe('wrong')
  })
  test('another device’s right PIN is wrong', () => {
    expect(judgePin(row, pinMac(pepper, 'bus-2', '4711'))).toBe('wrong')
  })
  test('without a row nothing is known, whatever was typed', () => {
    expect(judgePin(null, row.pinMac)).toBe('unknown')
  })
  test('where no PIN is set, nothing is right: no text stands for "none"', () => {
    const none = { pinMac: null, duressPinMac: null }
    for (const mac of [row.pinMac, '', '-'.repeat(32), '+'.repeat(32), 'null'])
      expect(judgePin(none, mac)).toBe('wrong')
  })
  test('a MAC that is cut or goes on is wrong', () => {
    expect(judgePin(row, row.pinMac.slice(0, 31))).toBe('wrong')
    expect(judgePin(row, `${row.pinMac}0`)).toBe('wrong')
  })
  test('any text is judged, none throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (mac) => judgePin(row, mac) === 'wrong'))
  })
  test('where both PINs are the same by mistake, the driver is taken to be in danger', () => {
    expect(judgePin({ pinMac: row.pinMac, duressPinMac: row.pinMac }, row.pinMac)).toBe('duress')
  })
})

describe('a duress PIN', () => {
  test('may be any other number of the same length', () => expect(mayBeDuressPin('4711', '9285')).toBe(true))
  test('may not be the PIN, nor shorter or longer', () => {
    expect(mayBeDuressPin('4711', '4711')).toBe(false)
    expect(mayBeDuressPin('4711', '928')).toBe(false)
    expect(mayBeDuressPin('4711', '92851')).toBe(false)
  })
  test('may not be one slip away: the next digit, the next number, or two swapped', () => {
    for (const near of ['4712', '4710', '4811', '3711', '7411', '4171'])
      expect(mayBeDuressPin('4711', near)).toBe(false)
    expect(mayBeDuressPin('1999', '2000')).toBe(false)
    expect(mayBeDuressPin('0000', '9999')).toBe(false)
    expect(mayBeDuressPin('0123', '9123')).toBe(false)
  })
  test('is digits', () => {
    expect(mayBeDuressPin('4711', '47a1')).toBe(false)
    expect(mayBeDuressPin('', '')).toBe(false)
  })
  test('is a neighbour both ways or neither way', () => {
    const pin = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'))
    fc.assert(fc.property(pin, pin, (a, b) => mayBeDuressPin(a, b) === mayBeDuressPin(b, a)))
  })
})

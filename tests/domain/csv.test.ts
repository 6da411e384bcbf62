import { expect, test } from 'bun:test'
import { csv } from '../../src/domain/csv'

test('a table is quoted where it must be, and says what alphabet it is in', () => {
  expect(
    csv([
      ['a', 'b'],
      ['EDSA, NB', 'say "hi"'],
      ['two\nlines', null],
      [12.5, ''],
    ]),
  ).toBe('\uFEFFa,b\r\n"EDSA, NB","say ""hi"""\r\n"two\nlines",\r\n12.5,\r\n')
})

test('what a spreadsheet would run is text', () => {
  expect(csv([['=1+1', '+63', '-2', '@x', '\tx', 'NCR-47', '{"a":1}']])).toBe(
    `\uFEFF'=1+1,'+63,'-2,'@x,'\tx,NCR-47,"{""a"":1}"\r\n`,
  )
})

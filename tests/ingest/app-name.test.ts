// Apps by their User-Agent.

import { expect, test } from 'bun:test'
import { appName } from '../../src/ingest/app-name'

test('an app is named with its version, and a library, a browser or nothing is no app', () => {
  expect(appName('TraccarClient/10.0 (iPhone; iOS 19.0)')).toBe('TraccarClient 10.0')
  expect(appName('Traccar%20Client/137 CFNetwork/1568 Darwin/24.0.0')).toBe('Traccar Client 137')
  expect(appName('Owntracks-Android/gms/420503000')).toBe('Owntracks-Android 420503000')
  expect(appName('Overland/1.3')).toBe('Overland 1.3')
  expect(appName('Thing')).toBe('Thing')
  for (const none of [null, '', ' ', 'okhttp/4.12.0', 'Dalvik/2.1.0 (Linux)', 'Mozilla/5.0 (X11) Chrome/130', '<>'])
    expect(appName(none)).toBeNull()
})

test('what somebody writes into it is cut short and cleaned', () => {
  expect(appName(`${'x'.repeat(500)}/1`)).toHaveLength(60)
  expect(appName('a<script>/1%0a2')).toBe('ascript 12')
  expect(appName('bad%/1')).toBe('bad 1')
})

// Every key of the tower, as data: the hints at the bottom, the page of keys and client/desk/key-rules.ts read it.

import type { Word } from '../words'

export type KeyAct =
  | 'next'
  | 'take'
  | 'pass'
  | 'help'
  | 'new'
  | 'contact'
  | 'script'
  | 'send'
  | 'leg_way'
  | 'leg_there'
  | 'priority'
  | 'policy'
  | 'message'
  | 'kin'
  | 'share'
  | 'note'
  | 'link'
  | 'follow'
  | 'nearest'
  | 'safe'
  | 'false_alarm'
  | 'undo'
  | 'mute'
  | 'broadcast'
  | 'find'
  | 'keys'

/** `needs`: acts on the framed incident, so it rests for a moment after the frame changes. */
export type Key = { key: string; act: KeyAct; word: Word; needs: 'frame' | 'screen' }

export const KEYS: readonly Key[] = [
  { key: 'n', act: 'next', word: 'act.next', needs: 'screen' },
  { key: 'a', act: 'take', word: 'act.take', needs: 'frame' },
  { key: 'p', act: 'pass', word: 'act.pass', needs: 'frame' },
  { key: 'e', act: 'help', word: 'act.help', needs: 'frame' },
  { key: 'c', act: 'new', word: 'act.new', needs: 'screen' },
  { key: 'k', act: 'contact', word: 'act.contact', needs: 'frame' },
  { key: 'h', act: 'script', word: 'act.script', needs: 'frame' },
  { key: 's', act: 'send', word: 'act.send', needs: 'frame' },
  { key: 'w', act: 'leg_way', word: 'key.leg_way', needs: 'frame' },
  { key: 'o', act: 'leg_there', word: 'key.leg_there', needs: 'frame' },
  { key: 'i', act: 'priority', word: 'act.priority', needs: 'frame' },
  { key: 'q', act: 'policy', word: 'act.policy', needs: 'frame' },
  { key: 'd', act: 'message', word: 'act.message', needs: 'frame' },
  { key: 'f', act: 'kin', word: 'act.kin', needs: 'frame' },
  { key: 'j', act: 'share', word: 'act.share', needs: 'frame' },
  { key: 't', act: 'note', word: 'act.note', needs: 'frame' },
  { key: 'l', act: 'link', word: 'act.link', needs: 'frame' },
  { key: 'v', act: 'nearest', word: 'key.nearest', needs: 'frame' },
  { key: 'g', act: 'follow', word: 'act.follow', needs: 'screen' },
  { key: 'r', act: 'safe', word: 'act.safe', needs: 'frame' },
  { key: 'x', act: 'false_alarm', word: 'act.false_alarm', needs: 'frame' },
  { key: 'z', act: 'undo', word: 'act.undo', needs: 'screen' },
  { key: 'b', act: 'broadcast', word: 'act.broadcast', needs: 'screen' },
  { key: 'm', act: 'mute', word: 'act.mute', needs: 'screen' },
  { key: '/', act: 'find', word: 'act.find', needs: 'screen' },
  { key: '?', act: 'keys', word: 'act.keys', needs: 'screen' },
]

export const keyOf = (act: KeyAct): string => KEYS.find((each) => each.act === act)?.key ?? ''

/** Which of them stand at the bottom of the screen. */
export const HINTED: readonly KeyAct[] = [
  'next',
  'take',
  'contact',
  'script',
  'send',
  'safe',
  'note',
  'undo',
  'mute',
  'new',
  'find',
  'keys',
]

import { describe, expect, test } from 'bun:test'
import { GroupCommit } from '../../src/durable/group-commit'
import { memoryStorage } from '../support/storage'
import { ManualClock, settle } from './manual-clock'

function setUp(options: { maxItems?: number } = {}) {
  const clock = new ManualClock()
  const storage = memoryStorage()
  storage.sql.exec('CREATE TABLE item (n INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  let transactions = 0
  let commits = 0
  const group = new GroupCommit<string, number>({
    storage: {
      transactionSync: (run) => {
        transactions++
        return storage.transactionSync(run)
      },
    },
    apply: (text) => {
      storage.sql.exec('INSERT INTO item (text) VALUES (?)', text)
      if (text === 'poison') throw new Error('poison')
      return text.length
    },
    committed: () => {
      commits++
    },
    after: (ms, run) => clock.after(ms, run),
    now: () => clock.now(),
    ...options,
  })
  const stored = () =>
    storage.sql
      .exec<{ text: string }>('SELECT text FROM item ORDER BY n')
      .toArray()
      .map(({ text }) => text)
  return { clock, group, stored, counts: () => ({ transactions, commits }) }
}

describe('group commit', () => {
  test('writes what arrives together in one transaction, then answers everybody', async () => {
    const { clock, group, stored, counts } = setUp()
    const answers = Promise.all([group.submit('a'), group.submit('bb'), group.submit('ccc')])
    expect(stored()).toEqual([])
    await clock.advance(2)
    expect(await answers).toEqual([1, 2, 3])
    expect(stored()).toEqual(['a', 'bb', 'ccc'])
    expect(counts()).toEqual({ transactions: 1, commits: 1 })
  })

  test('answers nobody before the commit', async () => {
    const { clock, group } = setUp()
    let answered = false
    const answer = group.submit('a').then(() => {
      answered = true
    })
    await settle()
    expect(answered).toBe(false)
    await clock.advance(2)
    await answer
    expect(answered).toBe(true)
  })

  test('does not wait for more when the group is full, nor commit an empty one later', async () => {
    const { clock, group, stored, counts } = setUp({ maxItems: 2 })
    await Promise.all([group.submit('a'), group.submit('b')])
    expect(stored()).toEqual(['a', 'b'])
    const third = group.submit('c')
    await clock.advance(7)
    expect(await third).toBe(1)
    expect(counts().transactions).toBe(2)
  })

  test('waits longer for company while groups follow each other closely, and not after a quiet moment', async () => {
    const { clock, group, counts } = setUp()
    const pressed = async (ms: number) => {
      const answer = group.submit('a')
      await clock.advance(ms)
      await answer
    }
    await pressed(1)
    const second = group.submit('b')
    await clock.advance(3)
    const third = group.submit('c')
    await clock.advance(3)
    await Promise.all([second, third])
    expect(counts().transactions).toBe(2)
    await clock.advance(20)
    await pressed(1)
    expect(counts().transactions).toBe(3)
  })

  test('refuses a poison item alone, and undoes what it wrote', async () => {
    const { clock, group, stored, counts } = setUp()
    const answers = Promise.allSettled([group.submit('a'), group.submit('poison'), group.submit('b')])
    await clock.advance(2)
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(stored()).toEqual(['a', 'b'])
    expect(counts().commits).toBe(1)
  })
})

// The disk of one object: real SQLite in memory, which outlives every life of the object and is clean again for the next
// world. It dies with its object at any commit that it is told to, before it or after it, and may refuse one.

import { Database, type SQLQueryBindings, type Statement } from 'bun:sqlite'
import { migrate, type Storage } from '../../../src/durable/storage'

/** What a dead object's code runs into. */
export class Crashed extends Error {
  override name = 'Crashed'
}

/** What is to happen to the n-th commit from now on. `refused`: it fails, and the object lives on. */
export type CommitFault = { left: number; what: 'before' | 'after' | 'refused' }

export type Owner = {
  isAlive(): boolean
  /** The process ends here. */
  die(): void
  /** A commit was refused. */
  refused(): void
}

type Held = { db: Database; statements: Map<string, Statement>; reads: Map<string, boolean> }

/** Databases with their tables, clean. Making one costs more than a whole world. */
const shelf = new Map<string, Held[]>()

export class Disk {
  fault: CommitFault | null = null
  commits = 0
  private readonly held: Held
  private depth = 0
  private readonly unread = new Set<object>()

  constructor(
    private readonly kind: string,
    migrations: readonly string[],
  ) {
    const known = shelf.get(kind)?.pop()
    this.held = known ?? { db: new Database(':memory:'), statements: new Map(), reads: new Map() }
    if (!known) migrate(this.storage({ isAlive: () => true, die: () => {}, refused: () => {} }), migrations)
    this.raw('BEGIN')
    this.commits = 0
  }

  /** Of one life. Nothing of it works any more when that is over. */
  storage(owner: Owner): Storage {
    const exec = (query: string, ...bindings: SQLQueryBindings[]) => {
      if (!owner.isAlive()) throw new Crashed('dead')
      if (this.depth > 0 || this.isRead(query)) return this.exec(query, bindings)
      // A statement by itself is a transaction of its own.
      return this.transact(owner, () => this.exec(query, bindings))
    }
    const transactionSync = <T>(run: () => T): T => {
      if (!owner.isAlive()) throw new Crashed('dead')
      return this.transact(owner, run)
    }
    return { sql: { exec }, transactionSync } as unknown as Storage
  }

  /** For those who check: what is on it, whoever lives. */
  read<T>(query: string, ...bindings: SQLQueryBindings[]): T[] {
    return this.statement(query).all(...bindings) as T[]
  }

  get isCommitted(): boolean {
    return this.depth === 0
  }

  /** The world is over. */
  putAway(): void {
    this.raw('ROLLBACK')
    const clean = shelf.get(this.kind)
    if (clean) clean.push(this.held)
    else shelf.set(this.kind, [this.held])
  }

  private transact<T>(owner: Owner, run: () => T): T {
    const name = `s${this.depth}`
    this.unread.clear()
    this.raw(`SAVEPOINT ${name}`)
    this.depth++
    let result: T
    try {
      result = run()
      if (this.depth === 1) {
        // workerd cannot end a transaction over rows that nobody has read.
        if (this.unread.size > 0) throw new Error('cannot release savepoint - SQL statements in progress: SQLITE_BUSY')
        this.mayFail(owner)
      }
    } catch (error) {
      this.depth--
      this.raw(`ROLLBACK TO ${name}`)
      this.raw(`RELEASE ${name}`)
      throw error
    }
    this.depth--
    this.raw(`RELEASE ${name}`)
    if (this.depth === 0) {
      this.commits++
      if (this.fault?.what === 'after' && this.fault.left <= 0) this.end(owner, 'after a commit')
    }
    return result
  }

  private mayFail(owner: Owner): void {
    if (!this.fault) return
    this.fault.left--
    if (this.fault.left > 0) return
    if (this.fault.what === 'before') this.end(owner, 'before a commit')
    if (this.fault.what === 'refused') {
      this.fault = null
      owner.refused()
      throw new Error('database or disk is full: SQLITE_FULL')
    }
  }

  private end(owner: Owner, when: string): never {
    this.fault = null
    owner.die()
    throw new Crashed(when)
  }

  private exec(query: string, bindings: SQLQueryBindings[]) {
    // Several statements in one string, as workerd allows: only the last gives rows.
    let rows: unknown[] = []
    if (bindings.length > 0 || !query.includes(';')) rows = this.statement(query).all(...bindings)
    else for (const part of query.split(/;\s*\n/)) if (part.trim() !== '') rows = this.statement(part).all()
    const cursor = {
      toArray: () => {
        this.unread.delete(cursor)
        return rows
      },
      one: () => {
        this.unread.delete(cursor)
        if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
        return rows[0]
      },
    }
    if (rows.length > 0 && this.depth > 0) this.unread.add(cursor)
    return cursor
  }

  private isRead(query: string): boolean {
    const known = this.held.reads.get(query)
    if (known !== undefined) return known
    const reads = query.trimStart().slice(0, 6).toUpperCase() === 'SELECT'
    this.held.reads.set(query, reads)
    return reads
  }

  private raw(statement: string): void {
    this.statement(statement).run()
  }

  private statement(query: string): Statement {
    const known = this.held.statements.get(query)
    if (known) return known
    const made = this.held.db.prepare(steady(query))
    this.held.statements.set(query, made)
    return made
  }
}

/**
 * SQLite looks at bound values where they may decide a plan (LIMIT ?, tables with partial indexes), and then compiles the statement
 * anew at each run. A plus hides them from that, and changes nothing else: a world costs a third.
 */
const steady = (query: string): string => query.replaceAll(/\?\d*/g, '+$&')

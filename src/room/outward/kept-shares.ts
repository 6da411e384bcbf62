// The live-location links of a room on disk: found by incident, by what opens them (hashes alone), and by who has opened them.
// Most incidents have none, and are not looked up for it.

import { createHash, randomBytes } from 'node:crypto'
import type { ShareLink } from '../../domain/outward-record'
import { CODE_LENGTH, CODE_LETTERS, type Grant, type ShareKind } from '../../domain/share'
import type { Storage } from '../../durable/storage'

/** `salt`: of the hashes of who looked. `pageId`: of the text that carries its code. */
export type KeptShare = Omit<ShareLink, 'granted'> & {
  granted: Grant[]
  kind: ShareKind
  salt: string
  pageId: string | null
}

/** One code opens on so many phones. */
const CODE_OPENS = 5

export class KeptShares {
  /** Incidents that may have one; may name one too many, and never one too few. */
  private readonly known: Set<string>

  constructor(private readonly storage: Storage) {
    const rows = storage.sql.exec<{ incident: string }>('SELECT DISTINCT incident FROM share WHERE open = 1')
    this.known = new Set(rows.toArray().map(({ incident }) => incident))
  }

  mayHave(incidentId: string): boolean {
    return this.known.has(incidentId)
  }

  add(link: KeptShare): void {
    this.known.add(link.incidentId)
    this.storage.sql.exec(
      'INSERT INTO share (id, incident, code, open, opened, body) VALUES (?, ?, ?, 1, 0, ?)',
      link.id,
      link.incidentId,
      link.codeHash,
      JSON.stringify(link),
    )
    this.addToken(link.id, link.tokenHash)
  }

  /** A token of its own for whoever said the code. */
  openedByCode(id: string, tokenHash: string): void {
    this.storage.sql.exec('UPDATE share SET opened = opened + 1 WHERE id = ?', id)
    this.addToken(id, tokenHash)
  }

  end(link: KeptShare): void {
    this.storage.sql.exec('UPDATE share SET open = 0, body = ? WHERE id = ?', JSON.stringify(link), link.id)
  }

  /** Newest first. */
  ofIncident(incidentId: string): KeptShare[] {
    return this.rows('SELECT body FROM share WHERE incident = ?', incidentId).sort((a, b) => b.madeAt - a.madeAt)
  }

  byToken(tokenHash: string): KeptShare | null {
    const [link] = this.rows(
      'SELECT body FROM share JOIN share_token ON share = id WHERE share_token.hash = ?',
      tokenHash,
    )
    return link ?? null
  }

  /** Null also where it has opened on as many phones as it may. */
  byCode(codeHash: string): KeptShare | null {
    const query = `SELECT body FROM share WHERE code = ? AND open = 1 AND opened < ${CODE_OPENS}`
    return this.rows(query, codeHash)[0] ?? null
  }

  /** When this one looked last; null for the first time. */
  lookedAt(id: string, who: string): number | null {
    const [row] = this.storage.sql
      .exec<{ at: number }>('SELECT at FROM share_seen WHERE share = ? AND who = ?', id, who)
      .toArray()
    return row?.at ?? null
  }

  looked(id: string, who: string, at: number): void {
    this.storage.sql.exec(
      `INSERT INTO share_seen (share, who, at, count) VALUES (?, ?, ?, 1)
       ON CONFLICT (share, who) DO UPDATE SET at = excluded.at, count = count + 1`,
      id,
      who,
      at,
    )
  }

  looks(id: string): { count: number; lastAt: number | null } {
    return this.storage.sql
      .exec<{ count: number; lastAt: number | null }>(
        'SELECT coalesce(sum(count), 0) AS count, max(at) AS lastAt FROM share_seen WHERE share = ?',
        id,
      )
      .one()
  }

  /** They go with their incidents. */
  forget(): void {
    this.storage.sql.exec('DELETE FROM share WHERE incident NOT IN (SELECT id FROM incident)')
    this.storage.sql.exec('DELETE FROM share_token WHERE share NOT IN (SELECT id FROM share)')
    this.storage.sql.exec('DELETE FROM share_seen WHERE share NOT IN (SELECT id FROM share)')
  }

  private addToken(id: string, tokenHash: string): void {
    this.storage.sql.exec('INSERT INTO share_token (hash, share) VALUES (?, ?)', tokenHash, id)
  }

  private rows(query: string, key: string): KeptShare[] {
    return this.storage.sql
      .exec<{ body: string }>(query, key)
      .toArray()
      .map(({ body }) => JSON.parse(body) as KeptShare)
  }
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** 32 letters: five bits of each random byte, none likelier than another. Networks hold back a text with WWW in it. */
export function newCode(draw: (size: number) => Uint8Array = randomBytes): string {
  const code = Array.from(draw(CODE_LENGTH), (byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join('')
  return code.includes('WWW') ? newCode(draw) : code
}

export const newSalt = (): string => randomBytes(12).toString('base64url')

/** 128 bits, after the number of its room. */
export const newToken = (regionNumber: number): string => `${regionNumber}${randomBytes(16).toString('base64url')}`

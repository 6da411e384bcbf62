// One line of a room's log: who did what to which incident, when, and its place in the hash chain.

import type { Actor } from './command'
import type { RegionId } from './region'

export const EVENT_TYPES = [
  'epoch', // first event of a storage: names the last known (epoch, seq, hash)
  'created',
  'pressed',
  'press_cancelled',
  'duress_pin',
  'wrong_pin',
  'pin_guessing',
  'duress_lifted',
  'shown',
  'taken',
  'passed',
  'released',
  'help_called',
  'noted',
  'priority_set',
  'policy_set',
  'contact_tried',
  'leg_asked',
  'leg_moved',
  'safe',
  'false_alarm',
  'closed',
  'reopened',
  'second_asked',
  'linked',
  'unlinked',
  'merged',
  'unmerged',
  'desk_moved',
  'position',
  'realarmed',
  'untaken_told',
  'cancel_verified',
  'mirrored',
  'promoted',
  'takeover',
  'looked',
  'check_began', // a question after somebody's welfare
  'check_ended',
  'check_answered', // by the phone, when the check was an incident already
  'coverage_began', // an area without coverage
  'coverage_ended',
  'separated', // the phone and the vehicle are no longer in one place
  'phone_silent',
  'heard_again',
  'crossed_over', // taken, and driving through another region: it stays with its owner
  'escalated', // a step of the policy came due: who is told, or why nobody is
  'paged', // an attempt began or changed: somebody outside the screen is being told
  'page_answered', // by key, text or link: take, cannot, everyone
  'page_exhausted', // every way to somebody has failed
  'ack_expired', // a phone had said it takes care, and no desk followed
  'storm_began',
  'storm_ended',
  'queue_asked', // the presser was told that they are in line, and asked what it is
  'queue_answered',
  'leased', // the gravest is held for one operator for 30 s
  'situation', // made, joined, left, renamed, ended
  'tower_down', // many screens of a site were lost at once
  'taken_over', // a region is looked after from another, by a named act
  'handed_off', // 911 or an agency was told by a person: reference, times
  'tell_again', // what 911 was told is too old, or the vehicle is elsewhere by now
  'disclosed', // what was given to whom on whose decision
  'agency_status', // an agency's machine says where its unit is
  'kin_told',
  'shared', // a live-location link was made, seen, revoked
  'message', // to or from the driver
  'area', // a broadcast was sent, answered, cancelled, expired
  'drill',
  'clock_set_back', // the room's own clock: what waited went back with it
] as const
export type EventType = (typeof EVENT_TYPES)[number]

export type LogEvent = {
  room: RegionId
  epoch: string
  /** Gap-free inside one epoch, from 1. */
  seq: number
  /** Epoch ms by the room's clock. */
  at: number
  type: EventType
  incident: string | null
  actor: Pick<Actor, 'uid' | 'alias' | 'kind'>
  /** What happened, in the terms of its type; beside the chain, can be erased. Null once erased. */
  body: Record<string, unknown> | null
  salt: string | null
  bodyHash: string
  prevHash: string
  hash: string
}

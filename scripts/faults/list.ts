// The faults that the campaign knows, in its order. Each is a test whose name begins with its id, in the file that is named here.

export type Fault = {
  /** R1 to R54 of the list of faults; ROOMS: all rooms away; H1 to H5: what happens to people and their screens. */
  id: string
  /** In tests/faults. */
  file: string
  what: string
  /** Of the fast subset. */
  quick?: true
}

export const FAULTS: readonly Fault[] = [
  { id: 'R1', file: 'killed', what: 'workerd is killed with -9, again and again, under presses', quick: true },
  { id: 'R2', file: 'killed-early', what: 'killed after the write and before the answer', quick: true },
  { id: 'R3', file: 'clocks-held', what: 'workerd is stopped for 30 s and goes on' },
  { id: 'R4', file: 'clocks-held', what: 'killed while alarms ring' },
  { id: 'R5', file: 'born-again', what: 'an object ends in the middle of its work' },
  { id: 'R6', file: 'born-again', what: 'a migration breaks off half-way; yesterday’s code reads tomorrow’s storage' },
  { id: 'R7', file: 'asleep', what: 'an intake hibernates with its lifelines open' },
  { id: 'R8', file: 'disk-full', what: 'the disk is full', quick: true },
  { id: 'R9', file: 'postgres-down', what: 'Postgres is down for ten minutes under load' },
  { id: 'R10', file: 'postgres-down', what: 'kill -9 of Postgres in the middle of inserts' },
  { id: 'R11', file: 'postgres-storms', what: 'tables are locked and no connection is left' },
  { id: 'R13', file: 'postgres-storms', what: 'serialisation failures and unique violations by the dozen' },
  { id: 'R14', file: 'postgres-black-hole', what: 'Postgres swallows packets' },
  { id: 'R15', file: 'redis-faults', what: 'Redis is down', quick: true },
  { id: 'R16', file: 'redis-faults', what: 'Redis takes 5 s' },
  { id: 'R17', file: 'redis-faults', what: 'Redis answers garbage, and 401', quick: true },
  { id: 'R18', file: 'redis-faults', what: 'Redis has lost its data' },
  { id: 'R19', file: 'providers', what: 'a provider answers 500' },
  { id: 'R20', file: 'providers', what: 'a provider answers 429 with Retry-After' },
  { id: 'R21', file: 'providers', what: 'a provider hangs for 60 s' },
  { id: 'R22', file: 'providers', what: 'connections refused, without TLS, torn down' },
  { id: 'R23', file: 'providers', what: 'a provider accepts and never calls back' },
  { id: 'R24', file: 'receipts', what: 'receipts doubled, reordered, late, unknown, forged, replayed' },
  { id: 'R25', file: 'providers', what: '“delivered”, and nobody says anything' },
  { id: 'R26', file: 'providers', what: 'a provider dies' },
  { id: 'R27', file: 'providers', what: 'accepted, and the answer never comes' },
  { id: 'R28', file: 'providers', what: 'the maps’ provider is dead' },
  { id: 'R29', file: 'presses', what: 'the same SOS many times at once', quick: true },
  { id: 'R30', file: 'presses', what: 'cancel, location and take before the press', quick: true },
  { id: 'R31', file: 'presses', what: 'no fix, (0,0), an old fix, another country', quick: true },
  { id: 'R32', file: 'presses', what: 'phones’ clocks from −1 y to +1 y, the server’s set by ±5 min', quick: true },
  { id: 'R33', file: 'presses', what: '500 buffered positions and one SOS', quick: true },
  {
    id: 'R34',
    file: 'broken-bodies',
    what: 'bodies cut off, of 10 MB, a byte at a time, not UTF-8, with BOM',
    quick: true,
  },
  { id: 'R35', file: 'parted', what: 'intakes and their room cannot reach each other for 5 min' },
  { id: 'R37', file: 'slow-reader', what: 'a screen that reads nothing' },
  { id: 'R38', file: 'reconnects', what: 'all sockets come back at once' },
  { id: 'R39', file: 'slow-reader', what: 'a line that is gone and says nothing of it' },
  { id: 'R41', file: 'reconnects', what: 'the tower is started again under load' },
  { id: 'R42', file: 'one-floods', what: 'a flood of messages on one lifeline', quick: true },
  { id: 'R43', file: 'poison', what: 'a page that can never leave' },
  { id: 'R44', file: 'alarms', what: 'alarms that die, are lost, throw' },
  { id: 'R45', file: 'alarms', what: 'alarms twice, an hour late, by a clock set back' },
  { id: 'R46', file: 'backlog', what: 'a backlog of pages in all regions' },
  { id: 'ROOMS', file: 'rooms-away', what: 'every room of every region is dead under load' },
  { id: 'CLUSTER', file: 'cluster', what: 'each member of a cluster is killed in turn' },
  { id: 'ROLLING', file: 'cluster', what: 'a cluster’s members start on another version, one after the other' },
  { id: 'BUCKET', file: 'cluster', what: 'a cluster’s store takes two seconds, and is away' },
  { id: 'H1', file: 'room', what: 'the owner’s screen dies while they hold a P1' },
  { id: 'H2', file: 'people', what: 'all screens of a site die' },
  { id: 'H3', file: 'people', what: 'every outward way of a quiet incident, under faults' },
  { id: 'H4', file: 'bad-night', what: '400 SOS in ten minutes' },
  { id: 'H5', file: 'coverage-lost', what: '3,000 devices fall silent' },
]

// The tower's screen in the browser: puts together socket, store, queue, panel, sound and hands.
// What each of them decides is in its own file; here is only who hears of what.

import { type IncidentSummary, OPEN_STATES } from '../../src/domain/incident'
import { REGIONS, type RegionId, regionById } from '../../src/domain/region'
import { isAlarming, isUntaken } from '../tower/card-view'
import { nextOf } from '../tower/order'
import { isLang, t } from '../words'
import { drawTitle, notify, offerNotifications } from './chrome/attention'
import { drawAges, roomNow, setRoomTime } from './chrome/clock'
import { drawDemoLamps } from './chrome/demo'
import { drawCanary, drawLast, drawLink, drawOpen, drawTick, type Tick } from './chrome/lamps'
import { arrivalOf } from './desk/arrival'
import { drawCall } from './desk/call-button'
import { bindControls, isDrawerOpen, isKeysOpen } from './desk/controls'
import { DrawPace } from './desk/draw-pace'
import { FreshFix } from './desk/fresh-fix'
import { LadderControl } from './desk/ladder'
import { MapNews } from './desk/map-news'
import { NearestControl } from './desk/nearest'
import { Next } from './desk/next'
import { PanelControl } from './desk/panel'
import { drawFramed, showPanel } from './desk/panel-in-view'
import { restPointerAfterShift } from './desk/pointer-rest'
import { Presence } from './desk/presence'
import { StormView } from './desk/storm-view'
import { isTyping } from './desk/typing'
import { UndoToast } from './desk/undo-toast'
import { IntakeWatch } from './live/intake-watch'
import { LATE_MS, linkState, TICK_EVERY_MS } from './live/link'
import { Receipts } from './live/receipts'
import { LiveSocket } from './live/socket'
import { emptyStore, note, receive } from './live/store'
import { ASK_EVERY_MS } from './live/unplaced'
import type { ToScreen } from './live/wire'
import { QueueView } from './queue/queue-view'
import { DeskSound } from './sound/desk-sound'

const body = document.body
const lang = isLang(document.documentElement.lang) ? document.documentElement.lang : 'en'
const say = t(lang)
const me = body.dataset.me ?? ''
const region = (REGIONS.find(({ id }) => id === body.dataset.region)?.id ?? 'NCR') satisfies RegionId
const regionName = regionById(region).name[lang]
const demo = body.dataset.demo
const main = document.querySelector<HTMLElement>('.tower-main')

const store = emptyStore()
const openedAt = Date.now()
let tick: Tick | null = null
let tickAt: number | null = null
let watchLost = false
let fresh = true

const all = (): IncidentSummary[] => [...store.queue.values(), ...intakes.unplaced]
const find = (id: string): IncidentSummary | undefined => store.queue.get(id) ?? intakes.find(id)
const loose = () => all().filter(isUntaken).length
const storm = () => stormView.state(loose(), tick?.free ?? 1)
/** There is one, whatever this desk shows of it. */
const inStorm = () => stormView.isOn(loose(), tick?.free ?? 1)

const stormView = new StormView(say, region, demo === undefined ? null : body.dataset.storm === 'on' ? 'on' : 'off')
const next = new Next(region)
const pace = new DrawPace(() => draw())
const presence = new Presence()
const queue = new QueueView(say, me, region)
const sound = new DeskSound(say, me, regionName, lang, () => reportHere())
const panel = new PanelControl({ say, me, find, onFrame, onDrawn: panelDrawn })
const map = new MapNews({
  say,
  incidents: all,
  queue: () => store.queue,
  framedId: () => panel.framedId,
  redraw: () => panel.refresh(),
})
const fix = new FreshFix(say, () => panel.refresh())
const nearest = new NearestControl(say('nearest.failed'))
const ladder = new LadderControl()
const toast = new UndoToast(say, find, () => panel.refresh())
const receipts = new Receipts((seqs) => socket.send({ t: 'shown', seqs }))
const intakes = new IntakeWatch({
  region,
  queue: () => store.queue,
  // Asked every 2 s: a little early, the answer is there when the tick is late by the book.
  isRoomAway: () => Date.now() - (tickAt ?? openedAt) - TICK_EVERY_MS > LATE_MS - ASK_EVERY_MS || !socket.isOpen,
  arrived,
  over: draw,
})
const socket = new LiveSocket({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/regions/${region}/live`,
  onMessage,
  onOpen: () => {},
  onEnded: () => location.assign(`/login?ended&next=${encodeURIComponent(location.pathname)}`),
})

function onMessage(message: ToScreen): void {
  if (message.t === 'hello') {
    setRoomTime(message.at)
    socket.send({ t: 'since', epoch: store.epoch, seq: store.seq })
  }
  if (message.t === 'tick') onTick(message)
  if (message.t === 'notices') noticed(message)
  const effect = receive(store, message)
  if (message.t === 'moved' && message.sources) map.sourcesMoved(message.sources)
  if (effect.reset) receipted.clear()
  if (effect.ask) socket.send({ t: 'since', epoch: store.epoch, seq: store.seq })
  if (effect.changed.length > 0 || effect.reset) arrived(effect.changed)
  else if (effect.moved) {
    if (message.t === 'moved') fix.moved(message.moved)
    map.tell()
  }
  if (message.t !== 'live') return
  // The first word that all is there needs no tick to be believed. Later ones do: a room may answer and yet be stuck.
  tickAt ??= Date.now()
  everySecond()
  reportHere()
}

function onTick(next: Tick): void {
  tick = next
  // A room that ticks and cannot say what is queued is no room yet.
  if (store.epoch !== null) tickAt = Date.now()
  setRoomTime(next.at)
  drawTick(say, next)
  reportHere()
  // The room had more queued than it sent, and what it sent has run short.
  if (store.more > 0 && store.queue.size < 200) socket.send({ t: 'since', epoch: null, seq: 0 })
}

function noticed(message: Extract<ToScreen, { t: 'notices' }>): void {
  document.dispatchEvent(new CustomEvent('tower:notices', { detail: message }))
  if (!message.storm) return
  stormView.heard(message.storm)
  pace.ask()
}

/** New states, from the room or from the intakes while it is away. */
function arrived(changed: readonly IncidentSummary[]): void {
  const news = changed.filter((each) => each.priority === 'P1' && isAlarming(each) && find(each.id) !== undefined)
  sound.hear(changed, inStorm(), fresh)
  pace.ask()
  // Hundreds of them would hide each other, and everything else.
  if (!inStorm()) for (const incident of news) notify(say, incident, regionName)
  const [first] = news
  if (first && panel.framedId !== first.id && arrivalOf(desk()) === 'open') {
    void panel.open(nextOf(all(), null, me)?.id ?? first.id)
  }
  const framed = changed.find(({ id }) => id === panel.framedId)
  if (framed && framed.seq > panel.shownSeq) panel.refresh()
  fresh = false
}

function desk() {
  const framed = panel.framedId === null ? undefined : find(panel.framedId)
  return {
    framed: framed ? { id: framed.id, mine: framed.owner?.uid === me, open: true } : null,
    holdsP1: all().some((each) => each.priority === 'P1' && each.owner?.uid === me),
    typing: isTyping(document.activeElement),
    onCall: presence.onCall,
    asking: panel.sheet !== null || isDrawerOpen() || isKeysOpen(),
    storm: inStorm(),
    visible: document.visibilityState === 'visible',
  }
}

function draw(): void {
  const incidents = all()
  const state = storm()
  const seqs = queue.draw(incidents, store.more, panel.framedId, state === 'on', roomNow())
  if (demo === undefined) receipts.draw(seqs.filter((seq) => !receipted.has(seq)))
  for (const seq of seqs) receipted.add(seq)
  if (demo === undefined) sound.decide(incidents, inStorm(), watchLost)
  // What is only practised counts for nothing.
  const real = incidents.filter((each) => !each.flags.includes('drill'))
  const untaken = real.filter(isUntaken)
  drawTitle(say, region, untaken.length, untaken.filter((each) => each.priority === 'P1' && isAlarming(each)).length)
  drawLast(say, store.last)
  // What the room did not send, only its ticks can count.
  if (store.more === 0) drawOpen(real.filter((each) => OPEN_STATES.includes(each.state)).length)
  stormView.draw(state, untaken.length, store.more, roomNow())
  map.tell()
}

/** In a storm the room says who is next; without its word, or without a storm, what this screen knows. */
async function goNext(): Promise<void> {
  const given = demo === undefined && inStorm() ? await next.ask() : 'unasked'
  if (given === 'under way') return
  if (given === null) {
    toast.tell(say('storm.next_none'))
    return
  }
  if (given !== 'unasked' && note(store, given)) draw()
  const one = given === 'unasked' ? nextOf(all(), panel.framedId, me) : given
  if (one) void panel.open(one.id)
}

/** Seqs of the room's present epoch that have been told to it as painted. */
const receipted = new Set<number>()

function onFrame(id: string | null): void {
  drawFramed(main, id)
  queue.frame(id)
  panelDrawn()
  if (id !== null) showPanel()
}

function panelDrawn(): void {
  fix.draw()
  nearest.draw()
  ladder.draw()
  map.tell()
}

function reportHere(): void {
  socket.send(presence.report(store.seq, sound.unlocked))
}

function everySecond(): void {
  const now = Date.now()
  socket.check()
  presence.probe()
  drawAges(roomNow())
  ladder.tick(roomNow())
  fix.tick()
  toast.tick()
  if (demo !== undefined) return
  const link = linkState(tickAt, openedAt, now)
  body.dataset.link = link
  drawLink(say, link, tickAt, now)
  const canaryLost = drawCanary(say, tick, roomNow())
  const lost = document.querySelector<HTMLElement>('[data-link-lost]')
  if (lost) lost.hidden = link !== 'lost'
  if (watchLost !== (link === 'lost' || canaryLost)) {
    watchLost = !watchLost
    draw()
  }
  sound.tick()
}

bindControls({
  region,
  panel,
  say,
  next: () => void goNext(),
  mute: () => sound.mute(),
  undo: () => void toast.press(),
  follow: () => document.dispatchEvent(new CustomEvent('tower:follow')),
  toggleStorm: () => {
    stormView.choose(storm() === 'on' ? 'off' : 'on')
    draw()
  },
  toggleCall: () => {
    presence.setOnCall(!presence.onCall)
    drawCall(presence.onCall)
    reportHere()
  },
  testSound: () => sound.test(),
  tell: (words) => toast.tell(words),
})

queue.onRelease(draw)
restPointerAfterShift(document.querySelector('.above'))
offerNotifications(document.querySelector('[data-notify]'))
drawCall(presence.onCall)
document.addEventListener('tower:frame', (event) => void panel.open((event as CustomEvent<string>).detail))
document.addEventListener('tower:map-ready', () => map.tell())
document.addEventListener('visibilitychange', () => {
  sound.tick()
  reportHere()
})
addEventListener('online', () => socket.wake())
addEventListener('pageshow', () => socket.wake())

setRoomTime(new Date(Number(body.dataset.now)).toISOString())
// What came with the page stands until the room has said more: it may be away.
for (const incident of JSON.parse(main?.dataset.rows ?? '[]') as IncidentSummary[]) note(store, incident)
main?.removeAttribute('data-rows')

if (demo === undefined) {
  sound.hear(all(), false, true)
  draw()
  socket.connect()
  intakes.begin()
} else {
  drawDemoLamps(say, store.queue.size)
  draw()
}
setInterval(everySecond, 1_000)
everySecond()

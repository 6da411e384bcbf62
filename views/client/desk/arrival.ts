// No theft of focus: whether a new P1 may open itself, or enters the band. Only a desk at rest is ever moved.

export type Desk = {
  /** The framed incident, and whether somebody here is at work on it. */
  framed: { id: string; mine: boolean; open: boolean } | null
  /** This person owns an open P1, framed or not. */
  holdsP1: boolean
  typing: boolean
  onCall: boolean
  /** A sheet, the drawer or the page of keys is open. */
  asking: boolean
  storm: boolean
  visible: boolean
}

export function arrivalOf(desk: Desk): 'open' | 'band' {
  const busy =
    desk.holdsP1 ||
    desk.typing ||
    desk.onCall ||
    desk.asking ||
    desk.storm ||
    !desk.visible ||
    (desk.framed !== null && (desk.framed.mine || desk.framed.open))
  return busy ? 'band' : 'open'
}

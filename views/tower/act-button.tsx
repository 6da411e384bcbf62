// A button that does something to the framed incident: posts one act and puts the answered panel in the old one's place.
// Keys click these buttons, so the keyboard and the pointer can never do different things.

import type { Child } from 'hono/jsx'
import type { ActType } from '../../src/domain/command'

export type ActContext = { incidentId: string; nonce: string }

/** Attributes of whatever posts an act: a button with fixed values, or a form. */
export const posts = ({ incidentId, nonce }: ActContext, act: ActType) => ({
  'hx-post': `/desk/incidents/${incidentId}/${act}`,
  'hx-target': '#panel',
  'hx-swap': 'outerMorph',
  // A refusal comes as 409 with the panel that shows it.
  'hx-status:409': 'swap:outerMorph',
  'hx-status:422': 'swap:outerMorph',
  'hx-nonce': nonce,
  'data-act': act,
})

type ActButtonProps = {
  on: ActContext
  act: ActType
  /** Fixed fields: enums and ids of ours only, never what somebody wrote. */
  with?: Record<string, string>
  keyName?: string | undefined
  digit?: number | undefined
  look?: 'primary' | 'alarm' | 'plain' | undefined
  size?: 'big' | 'small' | undefined
  disabled?: boolean | undefined
  children?: Child
}

export function ActButton({ on, act, with: fields, keyName, digit, look, size, disabled, children }: ActButtonProps) {
  return (
    <button
      type="button"
      class="button"
      data-look={look}
      data-size={size}
      data-key={keyName}
      data-digit={digit}
      disabled={disabled}
      hx-vals={fields && JSON.stringify(fields)}
      hx-disable="this"
      {...posts(on, act)}
    >
      {digit !== undefined && <kbd>{digit}</kbd>}
      {children}
      {keyName && <kbd>{keyName.toUpperCase()}</kbd>}
    </button>
  )
}

/** A button that opens one of the panel's sheets. */
export function SheetButton(props: {
  sheet: string
  keyName?: string
  look?: 'primary' | 'alarm' | 'plain' | undefined
  size?: 'big' | 'small' | undefined
  disabled?: boolean | undefined
  children?: Child
}) {
  const { sheet, keyName, look, size, disabled, children } = props
  return (
    <button
      type="button"
      class="button"
      data-look={look}
      data-size={size}
      data-opens={sheet}
      data-key={keyName}
      aria-controls={`sheet-${sheet}`}
      aria-expanded="false"
      disabled={disabled}
    >
      {children}
      {keyName && <kbd>{keyName.toUpperCase()}</kbd>}
    </button>
  )
}

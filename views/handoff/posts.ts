// Attributes of the forms and buttons of what goes outside.

type On = { incidentId: string; nonce: string }

const address = (incidentId: string, what: string): string => `/desk/incidents/${incidentId}/outward/${what}`

/** The answer is the panel as it then is. */
export const postsPanel = ({ incidentId, nonce }: On, what: string) => ({
  'hx-post': address(incidentId, what),
  'hx-target': '#panel',
  'hx-swap': 'outerMorph',
  'hx-status:409': 'swap:outerMorph',
  'hx-status:422': 'swap:outerMorph',
  'hx-nonce': nonce,
  'data-act': what,
})

/** The answer is the sheet's own content. */
export const postsSheet = ({ incidentId, nonce }: On, what: string, slot: string) => ({
  'hx-post': address(incidentId, what),
  'hx-target': `#${slot}`,
  'hx-swap': 'innerHTML',
  'hx-status:409': 'swap:innerHTML',
  'hx-status:422': 'swap:innerHTML',
  'hx-nonce': nonce,
})

/** A slot that is filled when its sheet opens. */
export const filledWhenOpen = ({ incidentId, nonce }: On, what: string) => ({
  'hx-get': address(incidentId, what),
  'hx-trigger': 'sheet-open',
  'hx-target': 'this',
  'hx-swap': 'innerHTML',
  'hx-nonce': nonce,
})

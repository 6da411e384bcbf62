// The part of htmx that the tower's script uses. htmx itself is a script of its own on the page.

export type HtmxContext = {
  sourceElement: Element
  swap: string
  response?: { raw: Response; status?: number }
  request: { action: string; method: string; body?: unknown }
}

type Htmx = {
  ajax(
    verb: string,
    path: string,
    options: { target: string; swap: string; source?: Element; values?: Record<string, string> },
  ): Promise<void>
}

export const htmx = (): Htmx => (window as unknown as { htmx: Htmx }).htmx

export function onHtmx(name: string, run: (context: HtmxContext, event: CustomEvent) => void): void {
  document.addEventListener(`htmx:${name}`, (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: HtmxContext }>).detail ?? {}
    if (ctx) run(ctx, event as CustomEvent)
  })
}

/** An act without a button of its own: undo. Answers whether it was done. */
export async function postAct(incidentId: string, act: string, fields: Record<string, string>): Promise<boolean> {
  try {
    const answer = await fetch(`/desk/incidents/${incidentId}/${act}`, {
      method: 'POST',
      headers: { 'HX-Request': 'true' },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(10_000),
    })
    return answer.ok
  } catch {
    return false
  }
}

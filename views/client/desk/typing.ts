// Whether the focus is where letters are letters.

const NOT_TEXT = ['radio', 'checkbox', 'button', 'submit', 'range', 'color', 'file', 'reset']

export function isTyping(element: Element | null): boolean {
  if (element instanceof HTMLInputElement) return !NOT_TEXT.includes(element.type)
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true
  return element instanceof HTMLElement && element.isContentEditable
}

export const isControl = (element: Element | null): boolean =>
  element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement || (element?.matches('summary') ?? false)

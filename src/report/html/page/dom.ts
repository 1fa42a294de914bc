import { printable } from '../../../diagnostics/printable.ts'

/** The element of that id; `undefined` where the page has none, as when no device was asked for. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T | undefined {
  const found = document.getElementById(id)
  return found instanceof type ? found : undefined
}

/** The data that the page holds; what wrote the page had it in this form. */
export const readData = (): unknown => JSON.parse(document.getElementById('data')?.textContent ?? 'null')

/** An element with text or children. Text never becomes HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  made.append(...children.map((child) => (typeof child === 'string' ? printable(child) : child)))
  return made
}

const SVG = 'http://www.w3.org/2000/svg'

export function svgElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

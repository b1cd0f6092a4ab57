/** What may stand between the tags: nodes and text, never HTML. Empty values are skipped. */
export type Child = Node | string | number | null | undefined | false;

type Listeners = { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };

/** Attributes by their HTML names. `true` sets an empty attribute; `false`, `null` and `undefined` set none. */
export type Attributes = {
  [name: string]: string | number | boolean | null | undefined | Listeners;
  class?: string;
  on?: Listeners;
};

/**
 * Makes an element. Text becomes text nodes and attributes go through `setAttribute`, so nothing that a person wrote
 * can become markup; event-handler, style and HTML-carrying attributes are refused.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  const { on, ...plain } = attributes;
  setAttributes(element, plain);
  for (const [name, listener] of Object.entries(on ?? {})) {
    // Object.entries widens the listener's event type; the mapped type above ties it to the name.
    element.addEventListener(name, listener as EventListener);
  }
  append(element, ...children);
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an SVG element, under the same rules as `h`. */
export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  setAttributes(element, attributes);
  append(element, ...children);
  return element;
}

/** Appends nodes and text, skipping empty values. */
export function append(parent: Node, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces everything inside `parent`. */
export function replaceContent(parent: Node, ...children: Child[]): void {
  while (parent.firstChild !== null) parent.removeChild(parent.firstChild);
  append(parent, ...children);
}

/** Sets the text of an element, touching the page only when it differs (a selection or a live region stays undisturbed). */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute, touching the page only when it differs. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function setAttributes(element: Element, attributes: { [name: string]: unknown }): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'string' && typeof value !== 'number' && value !== true) continue;
    if (/^on|^style$|^srcdoc$/i.test(name)) throw new TypeError(`attribute not allowed: ${name}`);
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

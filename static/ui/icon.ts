import { s } from './h.ts';
import type { laterIconShapes } from './icon-shapes-later.ts';
import { iconShapes } from './icon-shapes.ts';

type LaterShapes = typeof laterIconShapes;
type Shapes = (typeof iconShapes & LaterShapes)[IconName];

export type IconName = keyof typeof iconShapes | keyof LaterShapes;

/** By name; the only thing here that changes, once, when the later shapes have come. */
const shapesByName = new Map<string, Shapes>(Object.entries(iconShapes));

/** Later pieces are shown after this; a page that needs all icons at once calls it at its start. */
export function addIconShapes(shapes: LaterShapes): void {
  for (const [name, drawn] of Object.entries(shapes)) shapesByName.set(name, drawn);
}

/** A Lucide icon, silent for screen readers: the control around it carries the words. */
export function icon(name: IconName, size: 'xs' | 's' | 'm' | 'l' = 'm'): SVGSVGElement {
  const element = s('svg', {
    class: size === 'm' ? 'icon' : `icon icon--${size}`,
    viewBox: '0 0 24 24',
    'aria-hidden': 'true',
    focusable: 'false',
  });
  for (const [tag, attributes] of shapesByName.get(name) ?? []) element.appendChild(s(tag, attributes));
  return element;
}

import { s } from './h.ts';

/**
 * The product's mark: the open hall of a hanok, roof above a floor of boards. The same drawing as favicon.svg; its
 * colours come from the style sheet, so that it follows the theme.
 */
export function mark(size: 'm' | 'l' = 'm'): SVGSVGElement {
  return s(
    'svg',
    { class: `mark mark--${size}`, viewBox: '0 0 64 64', 'aria-hidden': 'true', focusable: 'false' },
    s('rect', { class: 'mark__ground', width: '64', height: '64', rx: '16' }),
    s('path', { class: 'mark__roof', d: roof }),
    s('path', { class: 'mark__roof', d: pillars }),
    s('path', { class: 'mark__floor', d: floor }),
    s('path', { class: 'mark__joint', d: joints }),
  );
}

const roof = 'M8 29.5c9.5-1.2 18-6 24-13.5 6 7.5 14.5 12.3 24 13.5l-2.400 4.5H10.400z';
const pillars = 'M16.5 34h4v9h-4zM43.5 34h4v9h-4z';
const floor = 'M13.5 43h37l5 8.5h-47z';
const joints = 'M25.5 43l-2.800 8.5M38.5 43l2.800 8.5';

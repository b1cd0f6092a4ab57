/**
 * The product's pictures for operating systems, as SVG. The mark is that of `static/icons/favicon.svg`: a roof above a floor
 * of boards. In the tray it is drawn coarser, because sixteen pixels hold no joints, with the server's state beside it.
 */

export const trayStates = ['running', 'starting', 'stopped', 'problem'] as const;
export type TrayState = (typeof trayStates)[number];

/** `light` and `dark` name the panel that the icon stands on; a template is black and transparent, macOS tints it. */
export const trayThemes = ['light', 'dark', 'template'] as const;
export type TrayTheme = (typeof trayThemes)[number];

const roof = 'M8 29.5c9.5-1.2 18-6 24-13.5 6 7.5 14.5 12.3 24 13.5l-2.4 4.5H10.4z';
const pillars = 'M16.5 34h4v9h-4zM43.5 34h4v9h-4z';
const floor = 'M13.5 43h37l5 8.5h-47z';
const joints = 'M25.5 43l-2.8 8.5M38.5 43l2.8 8.5';

/** The application's icon. macOS expects air around it, the others do not. */
export function appIcon({ hasMargin }: { hasMargin: boolean }): string {
  const inset = hasMargin ? 6 : 0;
  const scale = (64 - 2 * inset) / 64;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">',
    `<g transform="translate(${inset} ${inset}) scale(${scale})">`,
    '<rect width="64" height="64" rx="14" fill="#2c6a4d"/>',
    `<path d="${roof}" fill="#fff"/><path d="${pillars}" fill="#fff"/><path d="${floor}" fill="#e3bf86"/>`,
    `<path d="${joints}" fill="none" stroke="#2c6a4d" stroke-width="1.6"/>`,
    '</g></svg>',
  ].join('');
}

// thicker than the mark: at 16 pixels one unit of these 16 is one pixel
const trayRoof = 'M0.5 7.6C3.6 7.100 6.200 5 8 2.200 9.800 5 12.400 7.100 15.500 7.600L14.600 9.500H1.400z';
const trayPillars = 'M3 9.500h2v2.500H3zM11 9.500h2v2.500h-2z';
const trayFloor = 'M1.500 12h13l1 2.500h-15z';

const colours: Record<TrayTheme, { line: string; floor: string }> = {
  light: { line: '#2c6a4d', floor: '#a5742a' },
  dark: { line: '#ffffff', floor: '#e3bf86' },
  template: { line: '#000000', floor: '#000000' },
};

const signs: Record<Exclude<TrayState, 'running'>, string> = {
  starting: '#d98e04',
  stopped: '#8a8f98',
  problem: '#d3302f',
};

/**
 * The tray's icon: running is the plain mark; otherwise a sign in the corner, told apart by shape as well as by colour (a
 * ring: starting; a bar: stopped; an exclamation mark: problem).
 */
export function trayIcon(state: TrayState, theme: TrayTheme): string {
  const { line, floor: boards } = colours[theme];
  const opacity = state === 'stopped' ? 0.55 : 1;
  const mark = `<g opacity="${opacity}"><path d="${trayRoof}${trayPillars}" fill="${line}"/><path d="${trayFloor}" fill="${boards}"/></g>`;
  if (state === 'running') return svg(mark);
  // a hole around the sign keeps it apart from the mark on every panel
  const hole =
    '<mask id="m"><rect width="16" height="16" fill="#fff"/><circle cx="11.500" cy="11.500" r="5" fill="#000"/></mask>';
  return svg(`${hole}<g mask="url(#m)">${mark}</g>${sign(state, theme)}`);
}

function sign(state: Exclude<TrayState, 'running'>, theme: TrayTheme): string {
  const isTemplate = theme === 'template';
  const colour = isTemplate ? '#000000' : signs[state];
  const disc = `<circle cx="11.500" cy="11.500" r="4.200" fill="${colour}"/>`;
  switch (state) {
    case 'starting':
      return `<circle cx="11.500" cy="11.500" r="3.100" fill="none" stroke="${colour}" stroke-width="1.900" stroke-dasharray="4.600 1.900"/>`;
    case 'stopped':
      return cut(disc, '<rect x="9.200" y="10.700" width="4.600" height="1.600"/>', isTemplate);
    case 'problem':
      return cut(
        disc,
        '<path d="M10.700 8.700h1.600v3.200h-1.600zM10.700 12.700h1.600v1.600h-1.600z"/>',
        isTemplate,
      );
    default:
      return state satisfies never;
  }
}

/** White on the disc; in a template, which has no white, a hole through it. */
const cut = (disc: string, shape: string, isTemplate: boolean): string =>
  isTemplate
    ? `<mask id="s"><rect width="16" height="16" fill="#fff"/><g fill="#000">${shape}</g></mask><g mask="url(#s)">${disc}</g>`
    : `${disc}<g fill="#fff">${shape}</g>`;

const svg = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${content}</svg>`;

/** What CSS the oldest browsers drop, and where dropping it costs more than a nicety. */

type Block = {
  selector: string;
  declarations: [property: string, value: string][];
  /** Inside `@supports`: whoever reads it knows what it asks for. */
  isGuarded: boolean;
};

/** Values that make an old browser drop the declaration: fine after one that it keeps, for the same property. */
const laterValues = /color-mix\(|oklch\(|oklab\(|light-dark\(|\d(dvh|svh|lvh|dvw|svw|lvw)\b|\bround\(/;

/** Selectors that make an old browser drop the whole rule. */
const laterSelectors = /:has\(|:is\(|:where\(|:user-valid|:user-invalid|:popover-open/;

const laterAtRules = /^@(container|layer|scope|starting-style|property|position-try)\b/;

/** Findings as sentences. Expects minified CSS, as the bundle has it. */
export function scanCss(text: string): string[] {
  return blocksOf(text).flatMap((block) => [
    ...selectorFindings(block),
    ...valueFindings(block),
    ...gapFindings(block),
  ]);
}

function selectorFindings({ selector }: Block): string[] {
  if (laterAtRules.test(selector)) return [`at-rule of later browsers: ${selector.slice(0, 60)}`];
  const later = selector.startsWith('@') ? null : laterSelectors.exec(selector);
  return later ? [`selector of later browsers, which drops its rule: ${selector.slice(0, 80)}`] : [];
}

function valueFindings({ selector, declarations, isGuarded }: Block): string[] {
  if (isGuarded) return [];
  return declarations.flatMap(([property, value], index) => {
    if (!laterValues.test(value) || property.startsWith('--')) return [];
    const hasFallback = declarations
      .slice(0, index)
      .some(([earlier, plain]) => earlier === property && !laterValues.test(plain));
    return hasFallback
      ? []
      : [`${selector} { ${property}: ${value} } has no value for older browsers before it`];
  });
}

/** Safari 14.0 has no gap between flex items: margins do it everywhere. Grids have theirs everywhere. */
function gapFindings({ selector, declarations }: Block): string[] {
  const isFlex = declarations.some(([property, value]) => property === 'display' && value.endsWith('flex'));
  const hasGap = declarations.some(([property]) => /^(gap|row-gap|column-gap)$/.test(property));
  return isFlex && hasGap
    ? [`${selector} has a gap between flex items, which Safari 14.0 does not know`]
    : [];
}

/** Flat rules with what encloses them forgotten: enough for questions about one rule at a time. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const bare = text.replace(/\/\*[^]*?\*\//g, '').replace(/"[^"]*"|'[^']*'/g, '""');
  let start = 0;
  const open: { selector: string; at: number }[] = [];
  for (let at = 0; at < bare.length; at += 1) {
    const character = bare[at];
    if (character === '{') {
      const selector = bare.slice(start, at).trim();
      open.push({ selector, at: at + 1 });
      if (selector.startsWith('@')) blocks.push({ selector, declarations: [], isGuarded: false });
      start = at + 1;
    } else if (character === '}') {
      const block = open.pop();
      const body = block === undefined ? '{' : bare.slice(block.at, at);
      const isGuarded = open.some(({ selector }) => selector.startsWith('@supports'));
      if (block && !body.includes('{')) blocks.push({ ...blockOf(block.selector, body), isGuarded });
      start = at + 1;
    } else if (character === ';' && open.length === 0) {
      start = at + 1;
    }
  }
  return blocks;
}

function blockOf(selector: string, body: string): Omit<Block, 'isGuarded'> {
  const declarations = body
    .split(';')
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    })
    .filter(([property]) => property !== '');
  return { selector, declarations };
}

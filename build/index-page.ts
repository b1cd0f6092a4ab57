export type PageParts = {
  main: string;
  preloads: readonly string[];
  styles: string;
  /** What only later pieces need. */
  laterStyles: string;
  fonts: string;
  cryptoWorker: string;
  argon2Worker: string;
  /** Of the administrator's page alone. */
  adminStyles?: string;
};

/**
 * Fills a page of `static/`: `{{main}}`, `{{styles}}`, `{{laterStyles}}`, `{{fonts}}`, `{{cryptoWorker}}` and the like are addresses,
 * `{{preloads}}` is a row of link elements. Every part must be used and no other may be asked for.
 */
export function fillPage(name: string, template: string, parts: PageParts): string {
  const values: Record<string, string> = {
    ...parts,
    preloads: parts.preloads
      .map((address) => `<link rel="modulepreload" href="${address}" />`)
      .join('\n    '),
  };
  const used = new Set<string>();
  const page = template.replace(/\{\{(\w+)\}\}/g, (_, part: string) => {
    const value = values[part];
    if (value === undefined) throw new Error(`static/${name} asks for {{${part}}}, which does not exist`);
    used.add(part);
    return value;
  });
  const unused = Object.keys(values).filter((part) => !used.has(part));
  if (unused.length > 0) throw new Error(`static/${name} does not use {{${unused.join('}}, {{')}}}`);
  return page;
}

/**
 * What a formatted text consists of. Everything that a person typed is in it: what is not meant as formatting, or is of a kind
 * that messages do not have (headings, tables, images, HTML), stays as it was typed.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  /** A link under other words; `host` says where it leads. */
  | { kind: 'named-link'; children: readonly Inline[]; href: string; host: string }
  | { kind: 'strong' | 'emphasis' | 'strike'; children: readonly Inline[] }
  | { kind: 'code'; text: string };

export type Block =
  /** Lines as they were typed, blank ones included. */
  | { kind: 'lines'; children: readonly Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: readonly Block[] }
  | { kind: 'list'; isOrdered: boolean; items: readonly ListItem[] };

/** `marker` is the number as it was typed; of a list without numbers it is a bullet. */
export type ListItem = { marker: string; children: readonly Block[] };

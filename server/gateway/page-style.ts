/**
 * The one style sheet of all pages that the server makes, with the colours and the type of the client (a test compares them
 * with its tokens). `fontSheets` are the client's own, on this server; without its bundle the system's font shows.
 */
export const pageStyle = (fontSheets: readonly string[]): string =>
  fontSheets.map((address) => `@import "${address}";\n`).join('') + pageRules;

const pageRules = `
:root {
  color-scheme: light dark;
  --paper: #faf8f4; --surface: #ffffff; --sunken: #f2eee7; --line: #e5dfd5; --ink: #211d18; --ink-2: #5f574c;
  --pine: #2c6a4d; --pine-strong: #235840; --pine-ink: #ffffff; --focus: #2c6a4d; --selection: #cfe6d7;
  --font: 'Pretendard Variable', Pretendard, -apple-system, BlinkMacSystemFont, 'Malgun Gothic', 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', system-ui, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono', 'D2Coding', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171513; --surface: #1f1c19; --sunken: #131110; --line: #302b26; --ink: #eee8df; --ink-2: #b8aea1;
    --pine: #7cc9a0; --pine-strong: #97d8b5; --pine-ink: #10241a; --focus: #7cc9a0; --selection: #2f5a43;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--font); letter-spacing: -0.005em; word-break: keep-all; overflow-wrap: anywhere; }
::selection { background: var(--selection); }
a { color: var(--pine); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
h1 { margin: 0 0 8px; font-size: 22px; font-weight: 650; line-height: 1.3; letter-spacing: -0.01em; }
h3 { margin: 12px 0 4px; font-size: 13.5px; font-weight: 600; color: var(--ink-2); }
.friendly { max-width: 440px; margin: 16vh auto 24px; padding: 36px 28px 32px; background: var(--surface); border: 1px solid var(--line); border-radius: 18px; text-align: center; }
.friendly p { margin: 0 0 16px; color: var(--ink-2); }
.friendly p:last-child { margin: 24px 0 0; }
.reference { padding: 8px 12px; border-radius: 8px; background: var(--sunken); font: 12.5px/1.5 var(--mono); }
.button { display: inline-block; min-height: 40px; padding: 9px 20px; border-radius: 12px; background: var(--pine); color: var(--pine-ink); font-weight: 600; line-height: 22px; text-decoration: none; }
.button:hover { background: var(--pine-strong); }
.docs { max-width: 920px; margin: 0 auto; padding: 32px 20px 64px; }
.docs h2 { margin: 36px 0 8px; font-size: 17px; font-weight: 650; }
.docs p { max-width: 720px; margin: 4px 0 12px; }
.docs code, .docs pre { font: 13px/1.5 var(--mono); }
.docs pre { overflow-x: auto; margin: 8px 0; padding: 12px; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; }
details { margin: 8px 0; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
summary { padding: 10px 14px; border-radius: 12px; cursor: pointer; }
details > div { padding: 0 14px 14px; }
.method { display: inline-block; min-width: 64px; font-size: 12.5px; font-weight: 650; color: var(--pine); }
.quiet { color: var(--ink-2); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); }
th { color: var(--ink-2); font-weight: 600; }
`;

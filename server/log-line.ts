const colours: Record<string, string> = { warn: '\u001b[33m', error: '\u001b[31m', fatal: '\u001b[31m' };
const grey = '\u001b[90m';
const plain = '\u001b[0m';
const hidden = new Set(['time', 'level', 'area', 'msg']);

export type ReadLogLine = { at: number; level: string; area: string; text: string };

/** One JSON line of the log taken apart for a page; null for what is none. */
export function readLogLine(line: string): ReadLogLine | null {
  try {
    const record: Record<string, unknown> = { ...JSON.parse(line) };
    const at = Date.parse(String(record['time']));
    const text = escapeControls(textOf(record['msg'])) + fieldsOf(record);
    return Number.isNaN(at)
      ? null
      : { at, level: String(record['level']), area: textOf(record['area']), text };
  } catch {
    return null;
  }
}

/** One JSON line of the log as a short line for people: time, level, area, message, fields. */
export function formatLogLine(line: string, isColoured: boolean): string {
  let record: Record<string, unknown>;
  try {
    record = { ...JSON.parse(line) };
  } catch {
    return line;
  }
  const level = String(record['level']);
  const time = new Date(String(record['time'])).toTimeString().slice(0, 8);
  const fields = fieldsOf(record);
  const head = `${time} ${level.padEnd(5)} ${textOf(record['area'])}: `;
  const text = escapeControls(textOf(record['msg']));
  if (!isColoured) return `${head}${text}${fields}\n`;
  return `${colours[level] ?? ''}${head}${plain}${text}${grey}${fields}${plain}\n`;
}

const fieldsOf = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .filter(([name, value]) => !hidden.has(name) && value !== undefined)
    .map(([name, value]) => ` ${name}=${shortValue(value)}`)
    .join('');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** JSON has no word for the second half of the control characters (U+009B opens a terminal's commands), nor for those that turn text around. */
const escapeControls = (text: string): string =>
  text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });

/** Control characters come out escaped: a name in a log line must not be able to steer the terminal. */
function shortValue(value: unknown): string {
  if (isErrorRecord(value)) return escapeControls(JSON.stringify(value.stack));
  const text =
    typeof value === 'string' && /^[\p{L}\p{N}._:/@+-]+$/u.test(value) ? value : JSON.stringify(value);
  const shown = escapeControls(text);
  return shown.length > 300 ? `${shown.slice(0, 299)}…` : shown;
}

const isErrorRecord = (value: unknown): value is { stack: string } =>
  typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';

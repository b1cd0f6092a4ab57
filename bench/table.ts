/** Prints measurements as a Markdown table whose columns also line up in a terminal. */
import type { Measurement } from './row.ts';

const columns = ['what', 'budget', 'measured', 'reference, same run', 'verdict'] as const;

const cells = (measurement: Measurement): string[] => [
  measurement.what,
  measurement.budget,
  measurement.measured,
  measurement.reference,
  measurement.verdict === 'ok' ? 'ok' : `**${measurement.verdict}**`,
];

/** The table as lines of text, then the notes as a numbered list under it. */
export function formatTable(measurements: readonly Measurement[]): string {
  const rows = [[...columns], ...measurements.map(cells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const notes = measurements.flatMap(({ what, notes: lines = [] }) =>
    lines.map((text) => `- ${what}: ${text}`),
  );
  return [line(head), rule, ...body.map(line), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

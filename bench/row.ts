/** What a row of the bench is: one budget of docs/architecture.md, measured, with what it is measured against. */

/** `missed` fails the bench's exit code; `not measured` says why in `notes`. */
export type Verdict = 'ok' | 'MISSED' | 'not measured';

export type Measurement = {
  what: string;
  budget: string;
  measured: string;
  /** The same thing done by the reference, in the same run; '-' where the budget is absolute and nothing compares. */
  reference: string;
  verdict: Verdict;
  /** Printed below the table: spread, what saturated, how it was taken. */
  notes?: string[];
};

export type Row = {
  /** The word for `npm run bench -- <name>`. */
  name: string;
  measure: () => Promise<Measurement[]>;
};

/** `ok` if every condition holds. */
export const verdictOf = (...conditions: boolean[]): Verdict => (conditions.every(Boolean) ? 'ok' : 'MISSED');

/** A row that could not run here, with the reason in place of a number. */
export const notMeasured = (what: string, budget: string, reason: string): Measurement => ({
  what,
  budget,
  measured: '-',
  reference: '-',
  verdict: 'not measured',
  notes: [reason],
});

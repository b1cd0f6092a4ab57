/** The tables of wrapped room keys: a part of `tables.ts`. */
import type { Generated } from 'kysely';

/** One wrap per identity version of a person. `giver_id`: who shared it; null for the maker of the epoch. */
export type WrapsTable = {
  room_id: number;
  user_id: number;
  epoch: number;
  version: Generated<number>;
  wrap: string;
  giver_id: Generated<number | null>;
};

/** A wrap that its person reported: another one may take its place, and this one stays to be tried. */
export type WrapsPutAsideTable = {
  id: Generated<number>;
  room_id: number;
  user_id: number;
  epoch: number;
  version: number;
  /** Who gave it, or made the epoch; null once that account is deleted. */
  giver_id: number | null;
  /** Null for one that was reported before they were kept. */
  wrap: string | null;
};

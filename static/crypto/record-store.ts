import type { StatementRow } from '#contract/sealed.ts';
import { isObject, isWholeNumber } from './encoding.ts';
import type { CryptoStorage } from './engine-types.ts';
import type { ChainLink } from './room-step.ts';

/**
 * The records that this browser accepted, as they came, with its own wraps (sealed to this person) and the statements of
 * whom they name: what it gives back to a server that was restored (docs/e2e-protocol.md section 8).
 */
export type RecordStore = {
  /** Which epochs are kept without a gap; `hash` is the record's at `to`. */
  range(roomUid: string): Promise<KeptRange | null>;
  saveRange(roomUid: string, range: KeptRange): Promise<void>;
  load(roomUid: string, epoch: number): Promise<KeptRecord | null>;
  save(roomUid: string, record: KeptRecord): Promise<void>;
  loadStatements(roomUid: string): Promise<StatementRow[]>;
  saveStatements(roomUid: string, rows: StatementRow[]): Promise<void>;
};

export type KeptRange = { from: number; to: number; hash: string };
export type KeptRecord = Pick<ChainLink, 'epoch' | 'text' | 'signature' | 'wrap'>;

/** The newest records of a room, in a ring of slots: what a browser keeps of a room has an end. */
export const keptRecords = 200;

/** Over the page's storage. What cannot be kept or read is as if it had never been seen. */
export function createRecordStore(storage: CryptoStorage, userUid: string): RecordStore {
  const rangeKey = (roomUid: string): string => `${userUid}/records/${roomUid}`;
  const slotKey = (roomUid: string, epoch: number): string =>
    `${userUid}/records/${roomUid}/${String(epoch % keptRecords)}`;
  const statementsKey = (roomUid: string): string => `${userUid}/statements/${roomUid}`;
  const read = async (key: string): Promise<unknown> => {
    try {
      return JSON.parse((await storage.get(key)) ?? 'null') as unknown; // checked by whoever reads
    } catch {
      return null;
    }
  };
  const write = (key: string, value: object): Promise<void> => storage.put(key, JSON.stringify(value));
  return {
    async range(roomUid) {
      const value = await read(rangeKey(roomUid));
      const { from, to, hash } = isObject(value) ? value : {};
      return isWholeNumber(from) && isWholeNumber(to) && typeof hash === 'string' ? { from, to, hash } : null;
    },
    saveRange: (roomUid, range) => write(rangeKey(roomUid), range),
    async load(roomUid, wanted) {
      const value = await read(slotKey(roomUid, wanted));
      const { epoch, text, signature, wrap } = isObject(value) ? value : {};
      const isWanted = epoch === wanted && typeof text === 'string' && typeof signature === 'string';
      return isWanted ? { epoch, text, signature, wrap: typeof wrap === 'string' ? wrap : null } : null;
    },
    save: (roomUid, { epoch, text, signature, wrap }) =>
      write(slotKey(roomUid, epoch), { epoch, text, signature, wrap }),
    async loadStatements(roomUid) {
      const value = await read(statementsKey(roomUid));
      return Array.isArray(value) ? value.flatMap(parseRow) : [];
    },
    saveStatements: (roomUid, rows) => write(statementsKey(roomUid), rows),
  };
}

function parseRow(value: unknown): StatementRow[] {
  const { userUid, version, statement, signature } = isObject(value) ? value : {};
  const isRow = typeof userUid === 'string' && typeof statement === 'string' && typeof signature === 'string';
  return isRow && isWholeNumber(version) ? [{ userUid, version, statement, signature }] : [];
}

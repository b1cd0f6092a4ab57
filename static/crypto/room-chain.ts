import type { EpochRow } from '#contract/sealed.ts';
import type { CryptoEngineDeps, RoomPerson, WaitingReason } from './engine-types.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import { checkEntry, pinAtFirstSight } from './pin-rules.ts';
import { addVersion, type Pins, raiseWatermark, settledOf, settleRecord, type Watermark } from './pins.ts';
import { entryText, hashRecord, isRecordSignature, parseRecord, type RoomRecord } from './room-record.ts';
import { type ChainLink, findChainFault, findPinFault, findVouched, type Refusal } from './room-step.ts';
import type { WatermarkStore } from './watermark-store.ts';

/** Why a chain does not reach the wanted epoch: something to wait for, or something wrong. `refused`: the record that it is about. */
export type ChainStop =
  | { kind: 'waiting'; reason: WaitingReason; subject: string | null }
  | ({ kind: 'quarantined'; refused?: RoomRecord } & Refusal);

/** The accepted records of one room. `links` is unbroken from the accepted epoch downwards. */
export type RoomChain = {
  accepted(): ChainLink | null;
  /** The newest epoch that I accepted, in whichever session that was. */
  mark(): Promise<Watermark | null>;
  /** Checks every step from my watermark to `newest`; null once it is accepted. */
  advance(newest: { epoch: number; hash: string | null }): Promise<ChainStop | null>;
  /** Loads the links down to an epoch below the accepted one; whatever the chain leads to is in link() then. */
  reach(epoch: number): Promise<ReachResult>;
  link(epoch: number): ChainLink | undefined;
  /** The server's record of an epoch, whether it is accepted or not. */
  fetch(epoch: number): Promise<ChainLink | null>;
  /**
   * Digits decided for this record (section 7): it is accepted as it is, and so are the versions that it names, in this room.
   */
  settle(link: ChainLink): Promise<void>;
  /** Asks again for the row of a link: a missing wrap may have been filled in. */
  refresh(link: ChainLink): Promise<void>;
  /** Fetches the wraps of those loaded links anew; true if another one came for one of them. */
  refreshWraps(links: ChainLink[]): Promise<boolean>;
  loadedEpochs(): number[];
};

export type RoomChainDeps = Pick<CryptoEngineDeps, 'fetchRecords' | 'now'> & {
  roomUid: string;
  me: { userUid: string; entries: Map<number, string> };
  pins: Pins;
  directory: IdentityDirectory;
  watermarks: WatermarkStore;
  pinsTouched(): Promise<void>;
};

type ReachResult = 'reached' | 'missing' | 'broken';

const recordsPerRequest = 50;
/** Each costs a step on the curve; a server that obeys its limits has no more of them for one identity. */
const otherWrapsMax = 32;

export function createRoomChain(deps: RoomChainDeps): RoomChain {
  const { roomUid, pins } = deps;
  const links = new Map<number, ChainLink>();
  let watermark: Watermark | null = null;
  let isWatermarkLoaded = false;
  let savedHash: string | null = null;

  const fetchLinks = async (from: number, to: number): Promise<Map<number, ChainLink | null>> => {
    const rows = await deps.fetchRecords(roomUid, from, to);
    return new Map(rows.map((row) => [row.epoch, linkOf(row)]));
  };

  /** My own mark, or that of another browser of mine where this one has none. */
  const loadWatermark = async (): Promise<void> => {
    if (!isWatermarkLoaded) {
      watermark = await deps.watermarks.load(roomUid);
      savedHash = watermark?.hash ?? null;
    }
    isWatermarkLoaded = true;
    watermark ??= pins.watermarksByRoom.get(roomUid)?.[0] ?? null;
    takeSettled();
  };

  /** What digits decided in another browser of mine holds here as well. */
  const takeSettled = (): void => {
    const settled = settledOf(pins, roomUid);
    if (settled === null || watermark === null || watermark.epoch > settled.epoch) return;
    if (watermark.hash === settled.hash) return;
    watermark = { epoch: settled.epoch, hash: settled.hash };
    links.clear();
  };

  const contradictsMark = (epoch: number, hash: string): boolean =>
    [...(pins.watermarksByRoom.get(roomUid) ?? []), ...(watermark === null ? [] : [watermark])].some(
      (mark) => mark.epoch === epoch && mark.hash !== hash,
    );

  const loadBase = async (mark: Watermark): Promise<ChainLink | ChainStop> => {
    const known = links.get(mark.epoch);
    if (known !== undefined) return known;
    const link = (await fetchLinks(mark.epoch, mark.epoch)).get(mark.epoch);
    if (link === undefined) return waiting('RECORDS_UNAVAILABLE');
    if (link === null) return quarantined('MALFORMED');
    if (link.hash !== mark.hash) return quarantined('FORK');
    links.set(link.epoch, link);
    // Whoever an accepted record names was checked then; storage may have lost the pin since.
    pinPeople(link);
    return link;
  };

  const pinPeople = (link: ChainLink): void => {
    const at = deps.now();
    for (const person of link.record.people) {
      if (person.userUid !== deps.me.userUid) pinAtFirstSight(pins, roomUid, person, at);
    }
  };

  const accept = (link: ChainLink, vouched: RoomPerson[]): void => {
    const at = deps.now();
    for (const person of vouched) vouch(person, at, link.record.creator.userUid);
    pinPeople(link);
    links.set(link.epoch, link);
    watermark = { epoch: link.epoch, hash: link.hash };
    raiseWatermark(pins, roomUid, watermark);
  };

  const vouch = ({ userUid, version, fingerprint }: RoomPerson, at: number, by?: string): void => {
    const pin = { version, fingerprint, how: 'vouched' as const, roomUid, at }; // a literal, not a string
    addVersion(pins, userUid, by === undefined ? pin : { ...pin, by });
  };

  const takeStep = async (previous: ChainLink | null, link: ChainLink): Promise<ChainStop | null> => {
    const before = previous?.record ?? null;
    const vouched = findVouched(before, link.record);
    const fault =
      findChainFault(roomUid, previous, link) ?? findPinFault(pins, deps.me, link.record, vouched);
    if (fault !== null) return { kind: 'quarantined', ...fault, refused: link.record };
    if (contradictsMark(link.epoch, link.hash)) return quarantined('FORK');
    const stop = await checkKeys(deps, link, vouched);
    if (stop === null) accept(link, vouched);
    return stop;
  };

  const takeNext = async (
    previous: ChainLink | null,
    link: ChainLink | null | undefined,
    newest: { epoch: number; hash: string | null },
  ): Promise<ChainStop | null> => {
    if (link === undefined) return waiting('RECORDS_UNAVAILABLE');
    if (link === null) return quarantined('MALFORMED');
    const isOther = link.epoch === newest.epoch && newest.hash !== null && newest.hash !== link.hash;
    return isOther ? quarantined('FORK') : takeStep(previous, link);
  };

  const climb = async (
    base: ChainLink,
    newest: { epoch: number; hash: string | null },
  ): Promise<ChainStop | null> => {
    let previous = base;
    while (previous.epoch < newest.epoch) {
      const from = previous.epoch + 1;
      const page = await fetchLinks(from, Math.min(newest.epoch, from + recordsPerRequest - 1));
      const last = Math.min(newest.epoch, from + recordsPerRequest - 1);
      for (let epoch = from; epoch <= last; epoch += 1) {
        const link = page.get(epoch);
        const stop = await takeNext(previous, link, newest);
        if (stop !== null || link === undefined || link === null) return stop;
        previous = link;
      }
    }
    return null;
  };

  const takeSteps: RoomChain['advance'] = async (newest) => {
    await loadWatermark();
    if ((pins.watermarksByRoom.get(roomUid)?.length ?? 0) > 1) return quarantined('FORK');
    if (watermark === null) {
      const page = await fetchLinks(newest.epoch, newest.epoch);
      return takeNext(null, page.get(newest.epoch), newest);
    }
    const highest = Math.max(watermark.epoch, pins.watermarksByRoom.get(roomUid)?.[0]?.epoch ?? 0);
    if (newest.epoch < highest) return quarantined('BEHIND_WATERMARK');
    if (newest.hash !== null && contradictsMark(newest.epoch, newest.hash)) return quarantined('FORK');
    const base = await loadBase(watermark);
    return 'kind' in base ? base : climb(base, newest);
  };

  // On the disk before anything is sealed with it: a crash must not let the server go back.
  const saveWatermark = async (): Promise<void> => {
    if (watermark !== null && watermark.hash !== savedHash) {
      await deps.watermarks.save(roomUid, watermark);
      savedHash = watermark.hash;
    }
    await deps.pinsTouched();
  };

  const advance: RoomChain['advance'] = async (newest) => {
    try {
      return await takeSteps(newest);
    } finally {
      await saveWatermark();
    }
  };

  const settle: RoomChain['settle'] = async (link) => {
    await loadWatermark();
    const at = deps.now();
    const { epoch, hash } = link;
    for (const person of link.record.people) {
      const isMe = person.userUid === deps.me.userUid;
      if (!isMe && checkEntry(pins, roomUid, person) === 'unconfirmed') vouch(person, at);
    }
    pinPeople(link);
    settleRecord(pins, roomUid, { epoch, hash, at, before: watermark });
    raiseWatermark(pins, roomUid, { epoch, hash });
    watermark = { epoch, hash };
    links.clear();
    links.set(epoch, link);
    await saveWatermark();
  };

  /** What I had accepted when digits decided for a new chain: its first record names none before it. */
  const acceptedBefore = (epoch: number): string | null =>
    pins.settledByRoom.get(roomUid)?.find(({ before }) => before?.epoch === epoch - 1)?.before?.hash ?? null;

  /** Takes the links of a page from the lowest known one downwards. */
  const descend = (page: Map<number, ChainLink | null>, lowest: ChainLink, end: number): ReachResult => {
    let above = lowest;
    while (above.epoch > end) {
      const link = page.get(above.epoch - 1);
      if (link === undefined) return 'missing';
      // Only the hash in the record above makes an older record trustworthy; its signature adds nothing.
      const prev = above.record.prev ?? acceptedBefore(above.epoch);
      // A chain begun anew, by which I came in: nothing leads to what was before.
      if (prev === null) return 'missing';
      const isLinked = link !== null && link.hash === prev && link.record.roomUid === roomUid;
      if (!isLinked) return 'broken';
      links.set(link.epoch, link);
      above = link;
    }
    return 'reached';
  };

  const reach: RoomChain['reach'] = async (epoch) => {
    await loadWatermark();
    if (watermark === null || epoch < 1) return 'missing';
    const base = await loadBase(watermark);
    if ('kind' in base) return base.kind === 'waiting' ? 'missing' : 'broken';
    for (;;) {
      const lowest = links.get(Math.min(...links.keys())) ?? base;
      if (lowest.epoch <= epoch) return 'reached';
      const from = Math.max(epoch, lowest.epoch - recordsPerRequest);
      const result = descend(await fetchLinks(from, lowest.epoch - 1), lowest, from);
      if (result !== 'reached') return result;
    }
  };

  return {
    accepted: () => (watermark === null ? null : (links.get(watermark.epoch) ?? null)),
    async mark() {
      await loadWatermark();
      return watermark;
    },
    advance,
    reach,
    link: (epoch) => links.get(epoch),
    fetch: async (epoch) => (await fetchLinks(epoch, epoch)).get(epoch) ?? null,
    settle,
    async refresh(link) {
      const again = (await fetchLinks(link.epoch, link.epoch)).get(link.epoch);
      takeWrap(link, again);
    },
    async refreshWraps(missing) {
      let isNew = false;
      const pages = new Set(missing.map((link) => Math.floor(link.epoch / recordsPerRequest)));
      for (const page of pages) {
        const from = Math.max(1, page * recordsPerRequest);
        const rows = await fetchLinks(from, (page + 1) * recordsPerRequest - 1);
        for (const link of missing) isNew = takeWrap(link, rows.get(link.epoch)) || isNew;
      }
      return isNew;
    },
    loadedEpochs: () => Array.from(links.keys()).sort((a, b) => a - b),
  };
}

/** Statements of everybody whom the record names and I have not verified yet, and the creator's signature. */
async function checkKeys(
  deps: RoomChainDeps,
  link: ChainLink,
  vouched: RoomPerson[],
): Promise<ChainStop | null> {
  const { record } = link;
  const strangers = record.people.filter(
    (person) =>
      person.userUid !== deps.me.userUid && checkEntry(deps.pins, deps.roomUid, person) === 'unknown',
  );
  const { missing, bad } = await deps.directory.load([record.creator, ...strangers, ...vouched]);
  if (bad[0] !== undefined) return quarantined('BAD_STATEMENT', bad[0].userUid);
  if (missing[0] !== undefined) return waiting('STATEMENT_MISSING', missing[0].userUid);
  const creator = deps.directory.get(entryText(record.creator));
  const isSigned = creator !== undefined && isRecordSignature(link.text, link.signature, creator.ed25519);
  return isSigned ? null : quarantined('BAD_SIGNATURE', record.creator.userUid);
}

/** The link in a row of the server's; null where its text is no record of that epoch. */
export function linkOf(row: EpochRow): ChainLink | null {
  const record: RoomRecord | null = parseRecord(row.record);
  // The row's own hash and epoch are the server's word; only what the text says counts.
  if (record === null || record.epoch !== row.epoch) return null;
  const { epoch, signature, wrap, afterSeq, madeAt } = row;
  return {
    epoch,
    hash: hashRecord(row.record),
    record,
    signature,
    text: row.record,
    wrap,
    wrapVersion: row.wrapVersion ?? null,
    otherWraps: row.otherWraps?.slice(0, otherWrapsMax),
    afterSeq,
    madeAt,
  };
}

const waiting = (reason: WaitingReason, subject: string | null = null): ChainStop => ({
  kind: 'waiting',
  reason,
  subject,
});

const quarantined = (reason: Refusal['reason'], subject: string | null = null): ChainStop => ({
  kind: 'quarantined',
  reason,
  subject,
});

/** What the server has for me now in a link's place; true if that is something else than before. */
function takeWrap(link: ChainLink, again: ChainLink | null | undefined): boolean {
  if (again?.hash !== link.hash || wrapsText(again) === wrapsText(link)) return false;
  const isOther = again.wrap !== null && again.wrap !== link.wrap;
  const { wrap, wrapVersion, otherWraps } = again;
  Object.assign(link, { wrap, wrapVersion, otherWraps });
  return isOther || (otherWraps ?? []).length > 0;
}

const wrapsText = ({ wrap, otherWraps = [] }: ChainLink): string =>
  [wrap ?? '', ...otherWraps.map((other) => other.wrap)].join(' ');

/** What the statistics show: each number, where it comes from, how it is written. Pure. */
import type { AdminSample } from '#contract/admin.ts';
import type { AdminLocale, PlainAdminKey } from '../../locales/admin-locale.ts';

export type Metric = {
  name: PlainAdminKey;
  /** A word or two that say what exactly is counted. */
  note?: PlainAdminKey;
  read: (sample: AdminSample) => number | null;
  /** A second, fainter line in the same picture. */
  readMore?: (sample: AdminSample) => number | null;
  write: (locale: AdminLocale, value: number) => string;
  /** As `write`, for the few pixels beside an axis. */
  writeAxis: (locale: AdminLocale, value: number) => string;
  /** The axis reaches at least this high, so that next to nothing does not look like a storm. */
  leastTop: number;
  kind: 'line' | 'bars';
  /** Events add up over the time that is shown; everything else has a present value. */
  isSum: boolean;
  tone: 'plain' | 'bad';
};

export type MetricGroup = { title: PlainAdminKey; metrics: readonly Metric[] };

type Write = Metric['write'];

const plain: Write = (locale, value) => locale.short(value);
const perSecond: Write = (locale, value) => locale.say('unit.perSecond', { value: locale.short(value) });
const people: Write = (locale, value) => locale.say('unit.people', { value: locale.short(value) });
const times: Write = (locale, value) => locale.say('unit.count', { value: locale.short(value) });
const milliseconds: Write = (locale, value) => locale.say('unit.ms', { value: locale.short(value) });
const percent: Write = (locale, value) => locale.say('unit.percent', { value: locale.short(value) });
const bytes: Write = (locale, value) => locale.bytes(value);

const rate =
  (count: (sample: AdminSample) => number) =>
  (sample: AdminSample): number =>
    (count(sample) * 1_000) / sample.intervalMs;

const line = (metric: Pick<Metric, 'name' | 'read' | 'write' | 'leastTop'> & Partial<Metric>): Metric => ({
  writeAxis: metric.write,
  kind: 'line',
  isSum: false,
  tone: 'plain',
  ...metric,
});

const megabyte = 1024 ** 2;

/** Something that should not happen, counted. */
const events = (name: PlainAdminKey, read: Metric['read']): Metric => ({
  ...line({ name, note: 'metric.noteWindow', read, write: times, writeAxis: plain, leastTop: 4 }),
  kind: 'bars',
  isSum: true,
  tone: 'bad',
});

export const metricGroups: readonly MetricGroup[] = [
  {
    title: 'statistics.groupPeople',
    metrics: [
      line({
        name: 'metric.peopleOnline',
        read: (sample) => sample.peopleOnline,
        write: people,
        writeAxis: plain,
        leastTop: 10,
      }),
      line({ name: 'metric.connections', read: (sample) => sample.connections, write: plain, leastTop: 10 }),
      line({
        name: 'metric.messages',
        read: rate((sample) => sample.messages),
        write: perSecond,
        writeAxis: plain,
        leastTop: 1,
      }),
      line({
        name: 'metric.deliveries',
        read: rate((sample) => sample.deliveries),
        write: perSecond,
        writeAxis: plain,
        leastTop: 10,
      }),
    ],
  },
  {
    title: 'statistics.groupSpeed',
    metrics: [
      line({
        name: 'metric.response',
        note: 'metric.noteP99',
        read: (sample) => sample.responseP99Ms,
        readMore: (sample) => sample.responseP50Ms,
        write: milliseconds,
        writeAxis: plain,
        leastTop: 10,
      }),
      line({
        name: 'metric.loopDelay',
        note: 'metric.noteP99',
        read: (sample) => sample.loopDelayP99Ms,
        write: milliseconds,
        writeAxis: plain,
        leastTop: 20,
      }),
      line({
        name: 'metric.cpu',
        note: 'metric.noteOneCore',
        read: (sample) => sample.cpuPercent,
        write: percent,
        leastTop: 20,
      }),
      line({
        name: 'metric.memory',
        read: (sample) => sample.memoryBytes,
        write: bytes,
        leastTop: 128 * megabyte,
      }),
    ],
  },
  {
    title: 'statistics.groupTrouble',
    metrics: [
      line({
        name: 'metric.errors',
        note: 'metric.noteBugs',
        read: errorPercent,
        write: percent,
        leastTop: 1,
        kind: 'bars',
        tone: 'bad',
      }),
      events('metric.failedSignIns', (sample) => sample.failedSignIns),
      events('metric.lockOuts', (sample) => sample.lockOuts),
      events('metric.rateLimited', (sample) => sample.rateLimited),
    ],
  },
  {
    title: 'statistics.groupStorage',
    metrics: [
      line({ name: 'metric.wal', read: (sample) => sample.walBytes, write: bytes, leastTop: megabyte }),
      line({
        name: 'metric.database',
        read: (sample) => sample.databaseBytes,
        write: bytes,
        leastTop: megabyte,
      }),
      line({
        name: 'metric.disk',
        read: (sample) => sample.diskFreeBytes,
        write: bytes,
        leastTop: 1024 * megabyte,
      }),
    ],
  },
];

function errorPercent(sample: AdminSample): number {
  const all = sample.answered + sample.refused + sample.failed;
  return all === 0 ? 0 : (sample.failed * 100) / all;
}

export type MetricSummary = {
  now: number | null;
  average: number | null;
  lowest: number | null;
  highest: number | null;
};

/** What a table says of a number; `now` of events is their sum. */
export function summaryOf({ read, isSum }: Metric, samples: readonly AdminSample[]): MetricSummary {
  const values = samples.map(read).filter((value): value is number => value !== null);
  const last = values[values.length - 1];
  if (last === undefined) return { now: null, average: null, lowest: null, highest: null };
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    now: isSum ? sum : last,
    average: sum / values.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
  };
}

/** Two lines of a picture over time; a longer silence is a gap, not a slope. */
export type PlotData = { seconds: number[]; main: (number | null)[]; more: (number | null)[] };

const gapMs = 12_000;

export function plotDataOf(metric: Metric, samples: readonly AdminSample[]): PlotData {
  const data: PlotData = { seconds: [], main: [], more: [] };
  let previousAt: number | null = null;
  const add = (at: number, main: number | null, more: number | null): void => {
    data.seconds.push(at / 1_000);
    data.main.push(main);
    data.more.push(more);
  };
  for (const sample of samples) {
    if (previousAt !== null && sample.at - previousAt > gapMs) add(previousAt + 1, null, null);
    add(sample.at, metric.read(sample), metric.readMore?.(sample) ?? null);
    previousAt = sample.at;
  }
  return data;
}

/** The round number at or above a value at which an axis may end: 1, 2 or 5 times a power of ten, of bytes a power of two. */
export function niceTop(highest: number, { leastTop, write }: Pick<Metric, 'leastTop' | 'write'>): number {
  const wanted = Math.max(highest * 1.08, leastTop);
  if (write === bytes) {
    const step = 2 ** Math.floor(Math.log2(wanted));
    return [step, step * 1.25, step * 1.5, step * 2].find((top) => top >= wanted) ?? wanted;
  }
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [power, power * 2, power * 5, power * 10].find((top) => top >= wanted) ?? wanted;
}

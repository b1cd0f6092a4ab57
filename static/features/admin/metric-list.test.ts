import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdminSample } from '#contract/admin.ts';
import { wholeAdminLocale } from '../../locales/whole-admin-locale.ts';
import { merged, windowMs } from './live-samples.ts';
import { metricGroups, niceTop, plotDataOf, summaryOf } from './metric-list.ts';
import type { Metric } from './metric-list.ts';

const sample = (at: number, change: Partial<AdminSample> = {}): AdminSample => ({
  at,
  intervalMs: 1_000,
  uptimeMs: at,
  peopleOnline: 3,
  connections: 4,
  messages: 0,
  deliveries: 0,
  answered: 0,
  refused: 0,
  failed: 0,
  responseP50Ms: null,
  responseP99Ms: null,
  loopDelayP99Ms: 0,
  cpuPercent: 1,
  memoryBytes: 100 * 1024 ** 2,
  walBytes: 0,
  databaseBytes: 4_096,
  diskFreeBytes: null,
  diskTotalBytes: null,
  failedSignIns: 0,
  lockOuts: 0,
  rateLimited: 0,
  ...change,
});

const metric = (name: string): Metric => {
  const found = metricGroups.flatMap(({ metrics }) => metrics).find((candidate) => candidate.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

test('a rate is per second, whatever the time between two samples was', () => {
  const { now } = summaryOf(metric('metric.messages'), [sample(5_000, { messages: 40, intervalMs: 5_000 })]);
  assert.equal(now, 8);
});

test('events add up, gauges show the last value', () => {
  const samples = [sample(1_000, { failedSignIns: 2 }), sample(2_000, { failedSignIns: 1, connections: 9 })];
  assert.equal(summaryOf(metric('metric.failedSignIns'), samples).now, 3);
  const connections = summaryOf(metric('metric.connections'), samples);
  assert.deepEqual(connections, { now: 9, average: 6.5, lowest: 4, highest: 9 });
});

test('the error rate counts the server’s own faults alone', () => {
  const read = metric('metric.errors').read;
  assert.equal(read(sample(1, { answered: 7, refused: 2, failed: 1 })), 10);
  assert.equal(read(sample(1, { answered: 7, refused: 2 })), 0);
  assert.equal(read(sample(1)), 0);
});

test('a number that is not known is a gap, and so is a longer silence', () => {
  const disk = plotDataOf(metric('metric.disk'), [sample(1_000), sample(2_000, { diskFreeBytes: 7 })]);
  assert.deepEqual(disk.main, [null, 7]);
  const silence = plotDataOf(metric('metric.connections'), [sample(0), sample(5_000), sample(60_000)]);
  assert.deepEqual(silence.main, [4, 4, null, 4]);
});

test('samples of both sources are in order, each once, and no older than the window', () => {
  const old = sample(1_000);
  const newest = sample(1_000 + windowMs + 1);
  const all = merged([old, sample(9_000)], [newest, sample(9_000), sample(5_000)]);
  assert.deepEqual(
    all.map(({ at }) => at),
    [5_000, 9_000, newest.at],
  );
});

test('axes end at round numbers and never below what is worth a picture', () => {
  const connections = metric('metric.connections');
  assert.deepEqual(
    [0, 10, 11, 47, 180].map((highest) => niceTop(highest, connections)),
    [10, 20, 20, 100, 200],
  );
  assert.equal(niceTop(300 * 1024 ** 2, metric('metric.memory')), 384 * 1024 ** 2);
});

test('every number can be written in both languages', () => {
  for (const locale of [wholeAdminLocale('ko'), wholeAdminLocale('en')]) {
    for (const { metrics } of metricGroups) {
      for (const { name, write, writeAxis } of metrics) {
        assert.match(locale.say(name), /\S/);
        for (const value of [0, 0.5, 1_234_567]) {
          assert.doesNotMatch(`${write(locale, value)} ${writeAxis(locale, value)}`, /NaN|undefined|\{/);
        }
      }
    }
  }
});

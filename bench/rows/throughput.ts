/** 100,000 deliveries a second on one process: latency from the call of message:send to each delivery. */
import { askCpu } from '../children/child.ts';
import type { LoadReport } from '../load/room-load.ts';
import { startProductLoad, startRelayLoad } from '../product/load-pair.ts';
import type { LoadedServer } from '../product/load-pair.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

const plan = { messagesPerSecond: 2_005, durationMs: 12_000, sealedBytes: 160 };
const warmUp = { ...plan, messagesPerSecond: 1_000, durationMs: 3_000 };
const budget = { perSecond: 100_000, p50Ms: 3, p99Ms: 20 };

type Run = LoadReport & { perSecond: number; serverLoad: number };

async function run({ server, generator }: LoadedServer): Promise<Run> {
  await generator.ask<LoadReport>('run', warmUp);
  const before = await askCpu(server);
  const report = await generator.ask<LoadReport>('run', plan);
  const after = await askCpu(server);
  return {
    ...report,
    perSecond: (report.delivered * 1000) / report.elapsedMs,
    serverLoad: (after.cpuUs - before.cpuUs) / 1000 / report.elapsedMs,
  };
}

const latencies = (report: LoadReport): string =>
  `p50 ${report.p50Ms.toFixed(1)} ms, p99 ${report.p99Ms.toFixed(1)} ms`;

const rate = (report: Run): string => `${Math.round(report.perSecond).toLocaleString('en')}/s`;

const loads = (who: string, report: Run): string =>
  `${who}: server ${report.serverLoad.toFixed(2)} cores, generator ${report.generatorLoad.toFixed(2)} cores, longest ${report.longestMs.toFixed(0)} ms`;

export const throughput: Row = {
  name: 'throughput',
  measure: async () => {
    const [bare, full] = [await measureOne(startRelayLoad), await measureOne(startProductLoad)];
    const lost = full.expected - full.delivered;
    const isGeneratorTheLimit = full.generatorLoad > 0.92;
    return [
      {
        what: '100,000 deliveries/s on one process',
        budget: `sustained, p50 ≤ ${budget.p50Ms} ms, p99 ≤ ${budget.p99Ms} ms, nothing lost`,
        measured: `${rate(full)}, ${latencies(full)}, lost ${lost}, out of order ${full.outOfOrder}`,
        reference: `ws relay ${rate(bare)}, ${latencies(bare)}`,
        verdict: verdictOf(
          full.perSecond >= budget.perSecond,
          full.p50Ms <= budget.p50Ms,
          full.p99Ms <= budget.p99Ms,
          lost === 0,
          full.outOfOrder === 0,
          full.refused === 0,
        ),
        notes: [
          `${loads('product', full)}; ${loads('relay', bare)}${isGeneratorTheLimit ? '; the load generator is what saturates' : ''}.`,
          ...(bare.perSecond < budget.perSecond || bare.p99Ms > budget.p99Ms
            ? [
                'the relay did not keep the budget either: the machine was busy, take it again when it is not.',
              ]
            : []),
          ...(full.refused > 0 ? [`${full.refused} refused: ${full.refusal}`] : []),
        ],
      },
    ];
  },
};

async function measureOne(start: () => Promise<LoadedServer>): Promise<Run> {
  const loaded = await start();
  try {
    return await run(loaded);
  } finally {
    await loaded.generator.stop();
    await loaded.server.stop();
  }
}

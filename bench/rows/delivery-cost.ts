/** Server CPU per delivery: stored, durable and checked, against a relay that does nothing. */
import { askCpu } from '../children/child.ts';
import type { Child } from '../children/child.ts';
import type { LoadReport } from '../load/room-load.ts';
import { startProductLoad, startRelayLoad } from '../product/load-pair.ts';
import type { LoadedServer } from '../product/load-pair.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Row } from '../row.ts';

const plan = { messagesPerSecond: 1_100, durationMs: 3_000, sealedBytes: 160 };
const roundCount = 7;
const ratioBudget = 1.6;
const rateBudget = 50_000;

type Round = { costUs: number; perSecond: number; report: LoadReport };

async function runRound({ server, generator }: LoadedServer): Promise<Round> {
  const before = await askCpu(server);
  const report = await generator.ask<LoadReport>('run', plan);
  const after = await askCpu(server);
  if (report.refused > 0) throw new Error(`The server refused ${report.refused} messages: ${report.refusal}`);
  return {
    costUs: (after.cpuUs - before.cpuUs) / report.delivered,
    perSecond: (report.delivered * 1000) / report.elapsedMs,
    report,
  };
}

/** Pairs of short rounds, the order turned round each time, so that a disturbance hits both alike. */
async function runPairs(relay: LoadedServer, product: LoadedServer): Promise<[Round, Round][]> {
  const pairs: [Round, Round][] = [];
  for (let round = 0; round <= roundCount; round += 1) {
    const isRelayFirst = round % 2 === 0;
    const first = await runRound(isRelayFirst ? relay : product);
    const second = await runRound(isRelayFirst ? product : relay);
    // the first pair warms both up
    if (round > 0) pairs.push(isRelayFirst ? [first, second] : [second, first]);
  }
  return pairs;
}

export const deliveryCost: Row = {
  name: 'delivery-cost',
  measure: async () => {
    const relay = await startRelayLoad();
    const product = await startProductLoad();
    try {
      const pairs = await runPairs(relay, product);
      const ratios = pairs.map(([bare, full]) => full.costUs / bare.costUs);
      const productCosts = pairs.map(([, full]) => full.costUs);
      const relayCosts = pairs.map(([bare]) => bare.costUs);
      const perSecond = median(pairs.map(([, full]) => full.perSecond));
      const lost = pairs.reduce((sum, [, { report }]) => sum + report.expected - report.delivered, 0);
      return [
        {
          what: 'server CPU per delivery, stored and durable, fan-out 50',
          budget: `≤ ${ratioBudget} × ws relay at ≥ ${rateBudget.toLocaleString('en')}/s`,
          measured: `${median(productCosts).toFixed(2)} µs = ${median(ratios).toFixed(2)} × at ${Math.round(perSecond).toLocaleString('en')}/s`,
          reference: `ws relay ${median(relayCosts).toFixed(2)} µs`,
          verdict: verdictOf(median(ratios) <= ratioBudget, perSecond >= rateBudget, lost === 0),
          notes: [
            `${roundCount} pairs of ${plan.durationMs / 1000} s; ratio ${spread(ratios, 2)}, relay ${spread(relayCosts, 2)} µs, product ${spread(productCosts, 2)} µs, lost ${lost}.`,
          ],
        },
      ];
    } finally {
      await stopAll(relay, product);
    }
  },
};

async function stopAll(...loads: LoadedServer[]): Promise<void> {
  const children: Child[] = loads.flatMap(({ generator, server }) => [generator, server]);
  for (const child of children) await child.stop();
}

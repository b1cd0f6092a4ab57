/** `GET /metrics` in Prometheus' text format. Counters are plain numbers elsewhere and are read when somebody asks. */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { RateLimitName } from '#contract/request.ts';
import type { RequestTable } from './request-table.ts';

export type MetricSources = {
  requests: RequestTable;
  rateLimitRefusals: () => Readonly<Record<RateLimitName, number>>;
  lockOuts: () => number;
  audience: () => { deliveries: number; events: number };
  connections: () => number;
  slowConnectionsClosed: () => number;
  /** Raw connections closed because their address had too many. */
  connectionsRefused: () => number;
  peopleOnline: () => number;
  /** Numbers of other parts, by metric name without the prefix. */
  others: () => Readonly<Record<string, number>>;
  /** Also measures the process itself (memory, CPU, event-loop delay, garbage collection). */
  isProcessMeasured: boolean;
};

export type Metrics = { contentType: string; text(): Promise<string> };

/** A registry of its own, so that two servers in one process do not mix. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  if (sources.isProcessMeasured)
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const number = (name: string, help: string, read: () => number): void => {
    const gauge = new Gauge({
      name: `maru_${name}`,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    registry.registerMetric(gauge);
  };
  number('connections', 'Open sockets.', sources.connections);
  number('people_online', 'People with at least one socket.', sources.peopleOnline);
  number('events_total', 'Events sent since the start.', () => sources.audience().events);
  number('deliveries_total', 'Events times receivers since the start.', () => sources.audience().deliveries);
  number('slow_connections_closed_total', 'Sockets closed for their backlog.', sources.slowConnectionsClosed);
  number(
    'connections_refused_total',
    'Raw connections over the cap of their address.',
    sources.connectionsRefused,
  );
  number('lock_outs_total', 'Lock-outs after wrong passwords.', sources.lockOuts);
  addLabelled(registry, sources);
  return {
    contentType: registry.contentType,
    async text() {
      const others = Object.entries(sources.others()).map(
        ([name, value]) => `# TYPE maru_${name} gauge\nmaru_${name} ${value}\n`,
      );
      return `${await registry.metrics()}${others.join('')}`;
    },
  };
}

function addLabelled(registry: Registry, sources: MetricSources): void {
  const requests = new Gauge({
    name: 'maru_requests_total',
    help: 'Requests since the start, by name and outcome.',
    labelNames: ['name', 'outcome'],
    registers: [],
    collect() {
      for (const { name, answered, refused, failed } of sources.requests.values()) {
        this.set({ name, outcome: 'answered' }, answered);
        this.set({ name, outcome: 'refused' }, refused);
        this.set({ name, outcome: 'failed' }, failed);
      }
    },
  });
  const rateLimited = new Gauge({
    name: 'maru_rate_limited_total',
    help: 'Refusals by rate limit since the start.',
    labelNames: ['limit'],
    registers: [],
    collect() {
      for (const [limit, count] of Object.entries(sources.rateLimitRefusals())) this.set({ limit }, count);
    },
  });
  registry.registerMetric(requests);
  registry.registerMetric(rateLimited);
}

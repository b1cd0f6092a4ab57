/** One small picture of a number over the last five minutes. The only file that knows uPlot. */
import uPlot from 'uplot';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { windowMs } from './live-samples.ts';
import { niceTop } from './metric-list.ts';
import type { Metric, PlotData } from './metric-list.ts';

export type MetricChart = {
  show: (data: PlotData) => void;
  resize: (width: number) => void;
  dispose: () => void;
};

type ChartDeps = {
  host: HTMLElement;
  metric: Metric;
  locale: AdminLocale;
  width: number;
  /** Where the pointer is, in whichever picture: an index into the data, or null. */
  onHover: (index: number | null) => void;
};

const heightPx = 104;
const axisWidthPx = 54;

/** Colours are read when the picture is made: a change of theme makes it anew. */
export function createMetricChart({ host, metric, locale, width, onHover }: ChartDeps): MetricChart {
  const token = tokens();
  const colour = metric.tone === 'bad' ? token('--rose') : token('--pine');
  const soft = metric.tone === 'bad' ? token('--rose-soft') : token('--pine-soft');
  const font = `11.5px ${token('--font')}`;
  const axis = { stroke: token('--ink-3'), font, ticks: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 6, 3], radius: 0.3 });
  const events = metric.kind === 'bars' && bars !== undefined ? { paths: bars, fill: colour } : {};
  const options: uPlot.Options = {
    width,
    height: heightPx,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      // all pictures show the same moment
      sync: { key: 'admin-statistics', scales: ['x', null] },
      points: { size: 7, width: 2, stroke: colour, fill: token('--surface') },
    },
    scales: {
      x: { time: false, range: (_plot, _low, high) => [high - windowMs / 1_000, high] },
      y: { range: (_plot, _low, high) => [0, niceTop(high ?? 0, metric)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        grid: { show: false },
        splits: (_plot, _index, low, high) => wholeMinutes(low, high),
        values: (_plot, splits) => splits.map((second) => locale.time(second * 1_000)),
      },
      {
        ...axis,
        size: axisWidthPx,
        gap: 6,
        grid: { stroke: token('--line'), width: 1 },
        splits: (_plot, _index, _low, high) => [0, high / 2, high],
        values: (_plot, splits) => splits.map((value) => metric.writeAxis(locale, value)),
      },
    ],
    series: [
      {},
      { stroke: colour, fill: soft, width: 1.75, points: { show: false }, spanGaps: false, ...events },
      { stroke: token('--ink-3'), width: 1.25, points: { show: false }, show: metric.readMore !== undefined },
    ],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  };
  const plot = new uPlot(options, [[], [], []], host);
  return {
    show: ({ seconds, main, more }) => plot.setData([seconds, main, more]),
    resize: (next) => plot.setSize({ width: next, height: heightPx }),
    dispose: () => plot.destroy(),
  };
}

function tokens(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

/** Every second whole minute, so that the labels have room; not those at the very edges. */
function wholeMinutes(low: number, high: number): number[] {
  const minutes: number[] = [];
  for (let second = Math.ceil(low / 60) * 60; second <= high; second += 60) {
    if ((second / 60) % 2 === 0 && second - low > 12 && high - second > 6) minutes.push(second);
  }
  return minutes;
}

import type { AdminSample } from '#contract/admin.ts';
import { h, setAttribute, setText } from '../../ui/h.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { createMetricChart } from './metric-chart.ts';
import type { MetricChart } from './metric-chart.ts';
import { plotDataOf, summaryOf } from './metric-list.ts';
import type { Metric } from './metric-list.ts';

export type MetricCard = View & {
  show: (samples: readonly AdminSample[]) => void;
  /** Colours have changed. */
  repaint: () => void;
};

/** A number with its picture: the present value, or that of the moment under the pointer. */
export function createMetricCard(
  { locale }: AdminContext,
  metric: Metric,
  onHover: (at: number | null) => void,
): MetricCard {
  const value = h('span', { class: 'metric__value' });
  const plot = h('div', { class: 'metric__plot', role: 'img' });
  const name = locale.say(metric.name);
  const note =
    metric.note === undefined ? null : h('span', { class: 'metric__note' }, locale.say(metric.note));
  const element = h(
    'figure',
    { class: 'metric' },
    h(
      'figcaption',
      { class: 'metric__head' },
      h('span', { class: 'metric__name' }, name, note !== null && ' ', note),
      value,
    ),
    plot,
  );
  let samples: readonly AdminSample[] = [];
  let hovered: number | null = null;
  let chart: MetricChart | null = null;

  const written = (number: number | null): string => (number === null ? '–' : metric.write(locale, number));

  const showValue = (): void => {
    const summary = summaryOf(metric, samples);
    const seconds = hovered === null ? undefined : plotDataOf(metric, samples).main[hovered];
    setText(value, written(hovered === null ? summary.now : (seconds ?? null)));
    value.classList.toggle('metric__value--past', hovered !== null);
    const highest = written(summary.highest);
    setAttribute(
      plot,
      'aria-label',
      locale.say('statistics.chart', { name, now: written(summary.now), highest }),
    );
  };
  const hover = (index: number | null): void => {
    hovered = index;
    showValue();
    const second = index === null ? undefined : plotDataOf(metric, samples).seconds[index];
    onHover(second === undefined ? null : second * 1_000);
  };
  const paint = (): void => {
    chart?.dispose();
    const width = plot.clientWidth;
    if (width === 0) return;
    chart = createMetricChart({ host: plot, metric, locale, width, onHover: hover });
    chart.show(plotDataOf(metric, samples));
  };
  const observer = new ResizeObserver(() => {
    if (chart === null) paint();
    else if (plot.clientWidth > 0) chart.resize(plot.clientWidth);
  });
  observer.observe(plot);
  showValue();
  return {
    element,
    show: (next) => {
      samples = next;
      chart?.show(plotDataOf(metric, samples));
      showValue();
    },
    repaint: () => {
      if (chart !== null) paint();
    },
    dispose: () => {
      observer.disconnect();
      chart?.dispose();
      chart = null;
    },
  };
}

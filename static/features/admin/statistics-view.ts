import type { AdminSample } from '#contract/admin.ts';
import { createChoice } from '../../ui/choice.ts';
import { h, setText } from '../../ui/h.ts';
import { createViewSlot } from '../../ui/view.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { AdminContext } from './admin-context.ts';
import { createLiveSamples } from './live-samples.ts';
import type { LiveSamples } from './live-samples.ts';
import { createMetricCard } from './metric-card.ts';
import { metricGroups, summaryOf } from './metric-list.ts';
import type { Metric } from './metric-list.ts';
import { pageHead } from './page-head.ts';
import { watchTheme } from './theme-watch.ts';

/** Live numbers as small pictures, or as a table for whoever cannot or does not want to read pictures. */
export function createStatisticsView(context: AdminContext): View {
  const { locale, bridge } = context;
  const live = createLiveSamples(bridge);
  const body = h('div', {});
  const slot = createViewSlot(body);
  const show = (kind: 'graphs' | 'table'): void =>
    slot.show(kind === 'graphs' ? createGraphs(context, live) : createTable(context, live));
  const choice = createChoice({
    label: locale.say('statistics.view'),
    value: 'graphs',
    options: [
      { value: 'graphs', label: locale.say('statistics.graphs') },
      { value: 'table', label: locale.say('statistics.table') },
    ],
    onChange: show,
  });
  const lead = h('span', {}, locale.say('statistics.lead'));
  const uptime = h('span', { class: 'page-head__fact' });
  const showUptime = (samples: readonly AdminSample[]): void => {
    const last = samples[samples.length - 1];
    if (last !== undefined) {
      setText(uptime, `${locale.say('metric.uptime')} ${locale.duration(last.uptimeMs)}`);
    }
  };
  const stop = live.samples.subscribe((samples) => samples, showUptime);
  const element = h(
    'div',
    { class: 'statistics' },
    pageHead(locale.say('admin.statistics'), [lead, uptime], [choice]),
    body,
  );
  show('graphs');
  return {
    element,
    dispose: () => {
      stop();
      slot.dispose();
      live.dispose();
    },
  };
}

function createGraphs(context: AdminContext, live: LiveSamples): View {
  const { locale } = context;
  const disposables = createDisposables();
  const moment = h('p', { class: 'statistics__moment', 'aria-hidden': 'true' });
  const showMoment = (at: number | null): void =>
    setText(moment, at === null ? '' : locale.say('statistics.at', { time: locale.clock(at) }));
  const groups = metricGroups.map(({ title, metrics }) => ({
    title,
    cards: metrics.map((metric) => createMetricCard(context, metric, showMoment)),
  }));
  const cards = groups.flatMap((group) => group.cards);
  const waiting = h('p', { class: 'statistics__waiting' }, locale.say('statistics.waiting'));
  const show = (samples: readonly AdminSample[]): void => {
    waiting.hidden = samples.length > 0;
    for (const card of cards) card.show(samples);
  };
  const element = h(
    'div',
    {},
    moment,
    waiting,
    ...groups.map((group) =>
      h(
        'section',
        { class: 'statistics__group' },
        h('h2', { class: 'statistics__title' }, locale.say(group.title)),
        h('div', { class: 'statistics__grid' }, ...group.cards.map((card) => card.element)),
      ),
    ),
  );
  disposables.add(
    live.samples.subscribe((samples) => samples, show),
    watchTheme(() => {
      for (const card of cards) card.repaint();
    }),
    ...cards.map((card) => card.dispose),
  );
  show(live.samples.get());
  return { element, dispose: disposables.dispose };
}

function createTable({ locale }: AdminContext, live: LiveSamples): View {
  const head = (['metric', 'now', 'average', 'lowest', 'highest'] as const).map((name) =>
    h(
      'th',
      { scope: 'col', class: name === 'metric' ? undefined : 'table__number' },
      locale.say(`statistics.${name}`),
    ),
  );
  const rows = metricGroups.flatMap(({ metrics }) => metrics.map((metric) => tableRow(metric)));
  function tableRow(metric: Metric) {
    const cells = ['now', 'average', 'lowest', 'highest'].map(() => h('td', { class: 'table__number' }));
    const note = metric.note === undefined ? '' : ` (${locale.say(metric.note)})`;
    const name = h(
      'th',
      { scope: 'row' },
      locale.say(metric.name),
      h('span', { class: 'metric__note' }, note),
    );
    const show = (samples: readonly AdminSample[]): void => {
      const { now, average, lowest, highest } = summaryOf(metric, samples);
      [now, average, lowest, highest].forEach((value, column) => {
        const cell = cells[column];
        const text = value === null ? locale.say('statistics.none') : metric.write(locale, value);
        if (cell !== undefined) setText(cell, text);
      });
    };
    return { element: h('tr', {}, name, ...cells), show };
  }
  const show = (samples: readonly AdminSample[]): void => {
    for (const row of rows) row.show(samples);
  };
  const stop = live.samples.subscribe((samples) => samples, show);
  show(live.samples.get());
  const element = h(
    'div',
    {
      class: 'table-box scroll',
      tabindex: 0,
      role: 'region',
      'aria-label': locale.say('statistics.table'),
    },
    h(
      'table',
      { class: 'table' },
      h('thead', {}, h('tr', {}, ...head)),
      h('tbody', {}, ...rows.map((row) => row.element)),
    ),
  );
  return { element, dispose: stop };
}

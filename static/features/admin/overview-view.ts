import type { AdminOverview, AdminSample } from '#contract/admin.ts';
import { button } from '../../ui/button.ts';
import { copyText } from '../../ui/copy-text.ts';
import { drop } from '../../state/drop.ts';
import { createDisposables } from '../../state/disposables.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import { qrCode } from '../../ui/qr-code.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { factRow } from './fact-row.ts';
import { createLiveSamples } from './live-samples.ts';
import { pageHead } from './page-head.ts';
import { createRefresh } from './refresh.ts';
import { createRestartNotice } from './restart.ts';
import { createSignUpChoice } from './sign-up-choice.ts';
import { createWaitingNotice } from './waiting-count.ts';
import type { WaitingCount } from './waiting-count.ts';

/** Addresses with a QR code, how things stand right now, and who may sign up. */
export function createOverviewView(context: AdminContext, waitingCount: WaitingCount): View {
  const { bridge, locale } = context;
  const disposables = createDisposables();
  const live = createLiveSamples(bridge);
  const state = h('span', { class: 'page-head__fact' });
  const problems = h('div', { class: 'overview__problems' });
  const restart = createRestartNotice(context);
  const place = createPlace(context);
  const now = createNow(context);
  const policy = createSignUpChoice(context);
  const waiting = createWaitingNotice(context, waitingCount);
  const facts = h('dl', { class: 'facts' });
  const code = h('div', { class: 'card', hidden: true });

  const show = (overview: AdminOverview): void => {
    setText(
      state,
      `${locale.say('overview.running')} · ${locale.say('overview.uptime', {
        duration: locale.duration(overview.serverTime - overview.startedAt),
      })}`,
    );
    replaceContent(
      problems,
      ...overview.problems.map((problem) => notice('bad', problemText(context, problem))),
    );
    restart.show(overview.isRestartNeeded && overview.canRestart);
    place.show(overview);
    now.showAccounts(overview.accounts);
    policy.show(overview.signUp);
    replaceContent(
      facts,
      ...factRow(locale.say('overview.version'), overview.version),
      ...factRow(locale.say('overview.folder'), overview.dataDir),
    );
    showCode(context, code, overview.setUpCode);
  };
  const refresh = createRefresh(10_000, async () => {
    const answer = await bridge.call('admin:overview', {});
    if (answer.ok) show(answer.value);
  });
  disposables.add(
    live.samples.subscribe((samples) => samples[samples.length - 1], now.showSample),
    live.dispose,
    waiting.dispose,
    refresh.dispose,
    bridge.on('admin:restarting', () => setText(state, locale.say('admin.restarting'))),
  );
  const element = h(
    'div',
    { class: 'overview' },
    pageHead(locale.say('admin.overview'), [state]),
    problems,
    waiting.element,
    restart.element,
    h(
      'div',
      { class: 'overview__columns' },
      place.element,
      h(
        'div',
        { class: 'overview__side' },
        now.element,
        code,
        h(
          'section',
          { class: 'card' },
          h('h2', { class: 'card__title' }, locale.say('overview.signUp')),
          policy.element,
        ),
        h(
          'section',
          { class: 'card' },
          h('h2', { class: 'card__title' }, locale.say('overview.server')),
          facts,
        ),
      ),
    ),
  );
  return { element, dispose: disposables.dispose };
}

function problemText({ locale }: AdminContext, code: string): string {
  if (code === 'DISK_FULL') return locale.say('admin.problemDiskFull');
  if (code === 'DATABASE_CORRUPT') return locale.say('admin.problemDatabase');
  if (code === 'SETTINGS_UNREADABLE') return locale.say('admin.problemSettings');
  return locale.say('admin.problemOther', { code });
}

function showCode({ locale }: AdminContext, host: HTMLElement, code: string | null): void {
  host.hidden = code === null;
  if (code === null) return;
  replaceContent(
    host,
    h('h2', { class: 'card__title' }, locale.say('overview.setUpCode')),
    h('p', { class: 'overview__code' }, code),
    h('p', { class: 'card__text' }, locale.say('overview.setUpCodeText')),
  );
}

/** The address that colleagues open, as large as it deserves; the others below. */
function createPlace(context: AdminContext) {
  const { locale } = context;
  const element = h('section', { class: 'card place' });
  let shown = '';
  const show = ({ bestUrl, addresses }: AdminOverview): void => {
    const state = JSON.stringify([bestUrl, addresses]);
    if (state === shown) return;
    shown = state;
    const kinds = {
      loopback: 'overview.here',
      name: 'overview.name',
      IPv4: 'overview.lan',
      IPv6: 'overview.lan',
    } as const;
    const best =
      bestUrl === null
        ? [notice('warn', locale.say('overview.noNetwork'))]
        : [
            h('div', { class: 'place__qr' }, qrCode(bestUrl, locale.say('overview.qr', { url: bestUrl }))),
            h('p', { class: 'place__url' }, bestUrl),
            h('p', { class: 'card__text place__text' }, locale.say('overview.openText')),
            button({
              label: locale.say('overview.copy'),
              icon: 'copy',
              onClick: () => drop(copyAddress(context, bestUrl)),
            }),
          ];
    const others = addresses.filter(({ url }) => url !== bestUrl);
    replaceContent(
      element,
      h('h2', { class: 'card__title' }, locale.say('overview.open')),
      ...best,
      h(
        'ul',
        { class: 'place__others', role: 'list', 'aria-label': locale.say('overview.addresses') },
        ...others.map(({ url, kind }) =>
          h(
            'li',
            { class: 'place__other' },
            h('span', { class: 'place__other-url' }, url),
            h('span', { class: 'place__kind' }, locale.say(kinds[kind])),
          ),
        ),
      ),
    );
  };
  return { element, show };
}

async function copyAddress({ locale, toasts }: AdminContext, url: string): Promise<void> {
  const isCopied = await copyText(url);
  toasts.show({ text: locale.t(isCopied ? 'common.copied' : 'common.copyFailed'), isProblem: !isCopied });
}

/** Four numbers that say at a glance whether all is well. */
function createNow({ locale }: AdminContext) {
  const tile = (label: string) => {
    const value = h('dd', { class: 'tile__value' }, '–');
    return { value, element: h('div', { class: 'tile' }, h('dt', { class: 'tile__name' }, label), value) };
  };
  const people = tile(locale.say('overview.peopleOnline'));
  const accounts = tile(locale.say('overview.accounts'));
  const messages = tile(locale.say('overview.messages'));
  const disk = tile(locale.say('overview.disk'));
  const element = h(
    'section',
    { class: 'card' },
    h('h2', { class: 'card__title' }, locale.say('overview.now')),
    h('dl', { class: 'tiles' }, people.element, accounts.element, messages.element, disk.element),
  );
  return {
    element,
    showAccounts: (count: number) => setText(accounts.value, locale.number(count)),
    showSample: (sample: AdminSample | undefined) => {
      if (sample === undefined) return;
      setText(people.value, locale.number(sample.peopleOnline));
      setText(messages.value, locale.short((sample.messages * 1_000) / sample.intervalMs));
      setText(disk.value, sample.diskFreeBytes === null ? '–' : locale.bytes(sample.diskFreeBytes));
    },
  };
}

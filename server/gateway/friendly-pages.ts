/**
 * Pages for people who end up at an address that is not there, or at a bug. They load one style sheet, which brings the
 * client's font where there is a client, and nothing else.
 */
import type { Request, Response } from 'express';
import { escapeHtml } from './page-text.ts';

export type PageLanguage = 'ko' | 'en';

export const pageStylePath = '/pages.css';

type FriendlyPage = { title: string; text: string; link: string };

const pages: Record<'notFound' | 'failed', Record<PageLanguage, FriendlyPage>> = {
  notFound: {
    ko: {
      title: '페이지를 찾을 수 없습니다',
      text: '주소가 바뀌었거나 잘못 입력되었습니다. 메신저는 아래에서 열 수 있습니다.',
      link: '마루 열기',
    },
    en: {
      title: 'This page does not exist',
      text: 'The address changed or has a typing mistake. The messenger is right here.',
      link: 'Open Maru',
    },
  },
  failed: {
    ko: {
      title: '서버에 문제가 생겼습니다',
      text: '보낸 메시지는 안전하게 저장되어 있습니다. 잠시 후 다시 시도하고, 계속되면 관리자에게 아래 번호를 알려 주세요.',
      link: '다시 열기',
    },
    en: {
      title: 'Something went wrong in the server',
      text: 'Messages that were sent are safe. Try again in a moment; if it goes on, give the administrator this number.',
      link: 'Open again',
    },
  },
};

/** The page language that the browser prefers; Korean if it does not say. */
export const pageLanguage = (request: Request): PageLanguage =>
  request.headers['accept-language'] === undefined || request.acceptsLanguages('ko', 'en') === 'ko'
    ? 'ko'
    : 'en';

/** True for an address that a person typed or followed, as opposed to a program's request. */
export const isPageRequest = (request: Request): boolean =>
  !request.path.startsWith('/api/') && request.accepts('json', 'html') === 'html';

/** Answers with the 404 or 500 page. `reference` is the request id that the log has. */
export function sendFriendlyPage(
  request: Request,
  response: Response,
  kind: keyof typeof pages,
  reference: string,
): void {
  const language = pageLanguage(request);
  const page = pages[kind][language];
  const number = kind === 'failed' ? `<p class="reference">${escapeHtml(reference)}</p>` : '';
  response
    .status(kind === 'failed' ? 500 : 404)
    .set('Cache-Control', 'no-store')
    .set('Vary', 'Accept-Language, Accept')
    .type('html')
    .send(
      pageFrame(
        language,
        page.title,
        `<main class="friendly"><h1>${escapeHtml(page.title)}</h1><p>${escapeHtml(page.text)}</p>${number}` +
          `<p><a class="button" href="/">${escapeHtml(page.link)}</a></p></main>`,
      ),
    );
}

/** A whole document around a body that is HTML already. It names its icon, or browsers ask for one that is not there. */
export const pageFrame = (language: PageLanguage, title: string, body: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">` +
  `<title>${escapeHtml(title)} · Maru</title><link rel="icon" href="/icons/favicon.svg"><link rel="stylesheet" href="${pageStylePath}"></head><body>${body}</body></html>`;

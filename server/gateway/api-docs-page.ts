/** `GET /api/docs`: the OpenAPI description as a page for people. Made on the server; no script, nothing from elsewhere. */
import { errorCodes } from '#contract/error-codes.ts';
import { pageFrame } from './friendly-pages.ts';
import type { PageLanguage } from './friendly-pages.ts';
import type { ApiDescription, ApiOperation, ApiParameter } from './openapi.ts';
import { escapeHtml } from './page-text.ts';

const texts = {
  ko: {
    title: '마루 API',
    intro:
      '모든 요청은 REST와 Socket.IO(괄호 안의 이름)로 똑같이 쓸 수 있습니다. 메시지 내용과 키는 브라우저에서 봉인되며 서버는 열 수 없습니다. 기계가 읽는 설명서는 다음에 있습니다:',
    signIn:
      '로그인하면 세션 쿠키와 csrfToken을 받습니다. 무언가를 바꾸는 요청에는 x-csrf-token 머리글로 csrfToken을 보내세요. Idempotency-Key를 붙이면 다시 보내도 한 번만 실행됩니다(24시간).',
    parameters: '매개변수',
    body: '본문(JSON)',
    answer: '응답(200)',
    required: '필수',
    optional: '선택',
    open: '로그인 없이',
    refusals: '거절 코드',
    refusalForm: '거절은 항상 이 모양이며 HTTP 상태가 함께 옵니다:',
    code: '코드',
    status: '상태',
    meaning: '뜻(영어)',
  },
  en: {
    title: 'Maru API',
    intro:
      'Every request works the same over REST and over Socket.IO (the name in parentheses). Contents and keys are sealed in the browser; the server cannot open them. The description for programs is at',
    signIn:
      'A sign-in gives a session cookie and a csrfToken. Send that as the x-csrf-token header with everything that changes something. With an Idempotency-Key a repeat within 24 hours is carried out once.',
    parameters: 'Parameters',
    body: 'Body (JSON)',
    answer: 'Answer (200)',
    required: 'required',
    optional: 'optional',
    open: 'without sign-in',
    refusals: 'Refusal codes',
    refusalForm: 'A refusal always has this form, with the HTTP status beside it:',
    code: 'Code',
    status: 'Status',
    meaning: 'Meaning',
  },
} as const;

type Texts = (typeof texts)[PageLanguage];

/** Renders the description, grouped by noun. */
export function renderApiDocs(description: ApiDescription, language: PageLanguage): string {
  const text = texts[language];
  const byTag = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), renderOperation(method, path, operation, text)]);
    }
  }
  const sections = [...byTag].map(
    ([tag, items]) => `<section><h2>${escapeHtml(tag)}</h2>${items.join('')}</section>`,
  );
  return pageFrame(
    language,
    text.title,
    `<main class="docs"><h1>${text.title} <span class="quiet">${escapeHtml(description.info.version)}</span></h1>` +
      `<p>${text.intro} <a href="/api/openapi.json">/api/openapi.json</a></p><p>${text.signIn}</p>` +
      `${sections.join('')}${renderRefusals(text)}</main>`,
  );
}

function renderOperation(method: string, path: string, operation: ApiOperation, text: Texts): string {
  const body = operation.requestBody?.content['application/json'].schema;
  const open = operation.security.length === 0 ? ` <span class="quiet">· ${text.open}</span>` : '';
  return (
    `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> ` +
    `<span class="quiet">(${escapeHtml(operation.operationId)})</span>${open}</summary><div>` +
    `<p lang="en">${escapeHtml(operation.summary)}</p>${renderParameters(operation.parameters, text)}` +
    (body === undefined ? '' : `<h3>${text.body}</h3>${renderJson(body)}`) +
    `<h3>${text.answer}</h3>${renderJson(operation.responses['200'])}</div></details>`
  );
}

function renderParameters(parameters: readonly ApiParameter[], text: Texts): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}</td><td>${required ? text.required : text.optional}</td></tr>`,
  );
  return `<h3>${text.parameters}</h3><div class="scroll"><table>${rows.join('')}</table></div>`;
}

const renderJson = (value: unknown): string => {
  const schema =
    typeof value === 'object' && value !== null && 'content' in value
      ? Object.values(Object(value.content))[0] // the one content type of an answer
      : value;
  return `<pre lang="en" tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`;
};

function renderRefusals(text: Texts): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, sentence }]) =>
      `<tr><td><code>${code}</code></td><td>${status}</td><td lang="en">${escapeHtml(sentence)}</td></tr>`,
  );
  const example = { ok: false, error: '…', code: 'RATE_LIMITED', retryAfterMs: 1200 };
  return (
    `<section><h2>${text.refusals}</h2><p>${text.refusalForm}</p>${renderJson(example)}<div class="scroll"><table>` +
    `<thead><tr><th>${text.code}</th><th>${text.status}</th><th>${text.meaning}</th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table></div></section>`
  );
}

/** The facts of a configuration failure in words: where a key was set, and what it would accept. */
import type { Language } from './cli/language.ts';
import type { StartupFacts } from './startup-error.ts';

/** "the environment variable DEFAULT_PORT", "the argument --port", "port in …/config.json". */
export function origin(facts: StartupFacts, language: Language): string {
  const key = String(facts['key'] ?? '');
  switch (facts['origin']) {
    case 'argument':
      return { ko: `명령줄 인자 ${key}`, en: `the argument ${key}` }[language];
    case 'environment':
      return { ko: `환경 변수 ${key}`, en: `the environment variable ${key}` }[language];
    default:
      return { ko: `${facts['path']} 의 ${key}`, en: `${key} in ${facts['path']}` }[language];
  }
}

/** What a key accepts. */
export function expectation(facts: StartupFacts, language: Language): string {
  const { minimum, maximum, choices } = facts;
  const words: Record<string, Record<Language, string>> = {
    number: {
      ko: `${minimum}부터 ${maximum}까지의 정수`,
      en: `a whole number from ${minimum} to ${maximum}`,
    },
    flag: { ko: 'true 또는 false', en: 'true or false' },
    choice: { ko: `다음 중 하나: ${choices}`, en: `one of ${choices}` },
    url: { ko: '주소(URL)', en: 'an address (URL)' },
    networks: {
      ko: '쉼표로 나눈 IP 주소나 대역(예: 10.0.0.5, 10.0.0.0/8)',
      en: 'IP addresses or ranges, separated by commas (10.0.0.5, 10.0.0.0/8)',
    },
    host: { ko: 'IP 주소나 호스트 이름', en: 'an IP address or a host name' },
    path: { ko: '폴더 경로', en: 'the path of a folder' },
    token: { ko: '공백 없는 16자 이상의 글자', en: 'at least 16 characters without spaces' },
    text: { ko: '한 줄의 글', en: 'one line of text' },
  };
  return words[String(facts['expected'])]?.[language] ?? '';
}

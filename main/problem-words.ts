/** Why the server does not run, in the words of somebody who sits before a window and not before a terminal. */
import type { Language } from './desktop-words.ts';
import type { Facts } from './server-process.ts';

export type ProblemText = { sentence: string; advice: string };
type Writer = (facts: Facts) => Record<Language, readonly [sentence: string, advice: string]>;

const because = ({ reason }: Facts): string => (reason === undefined || reason === '' ? '' : ` (${reason})`);

const owner = ({ program, pid }: Facts): Record<Language, string> =>
  program === undefined
    ? { ko: '다른 프로그램이', en: 'another program' }
    : { ko: `${program}(PID ${pid}) 프로그램이`, en: `${program} (PID ${pid})` };

const writers: Record<string, Writer> = {
  PORT_TAKEN: (facts) => ({
    ko: [
      `${facts['port']}번 포트를 이미 ${owner(facts).ko} 쓰고 있습니다.`,
      '다른 포트를 쓰거나, 그 프로그램을 끝낸 뒤 다시 해 보세요. 포트가 바뀌면 사람들이 여는 주소도 바뀝니다.',
    ],
    en: [
      `Port ${facts['port']} is already in use by ${owner(facts).en}.`,
      'Use another port, or end that program and try again. With another port the address that people open changes as well.',
    ],
  }),
  PORT_NOT_ALLOWED: ({ port }) => ({
    ko: [`운영 체제가 ${port}번 포트를 열지 못하게 합니다.`, '다른 포트를 쓰세요.'],
    en: [`The operating system does not allow port ${port} to be opened.`, 'Use another port.'],
  }),
  HOST_NOT_HERE: ({ host }) => ({
    ko: [
      `이 컴퓨터에는 ${host} 주소가 없습니다.`,
      '네트워크가 바뀌었을 수 있습니다. 모든 주소에서 받으면 그럴 걱정이 없습니다.',
    ],
    en: [
      `This computer does not have the address ${host}.`,
      'Its network may have changed. Serving every address does not depend on that.',
    ],
  }),
  DATA_DIR_IN_USE: ({ path, pid }) => ({
    ko: [
      `다른 마루 서버${pid === undefined ? '' : `(PID ${pid})`}가 데이터 폴더 ${path} 를 이미 쓰고 있습니다.`,
      '그 서버를 그대로 쓰거나, 끝낸 뒤 다시 해 보세요.',
    ],
    en: [
      `Another Maru server${pid === undefined ? '' : ` (PID ${pid})`} is already using the data folder ${path}.`,
      'Use that one, or end it and try again.',
    ],
  }),
  DATA_DIR_NOT_WRITABLE: (facts) => ({
    ko: [
      `데이터 폴더 ${facts['path']} 에 쓸 수 없습니다${because(facts)}.`,
      '폴더의 쓰기 권한을 고치거나 다른 폴더를 고르세요.',
    ],
    en: [
      `The data folder ${facts['path']} cannot be written${because(facts)}.`,
      'Repair its permissions or choose another folder.',
    ],
  }),
  DATA_DIR_ON_NETWORK: ({ path }) => ({
    ko: [
      `데이터 폴더 ${path} 가 네트워크 드라이브에 있습니다.`,
      '네트워크 드라이브에서는 데이터베이스가 깨질 수 있습니다. 이 컴퓨터의 디스크에 있는 폴더를 고르세요.',
    ],
    en: [
      `The data folder ${path} is on a network drive.`,
      'A database breaks there sooner or later. Choose a folder on a disk of this computer.',
    ],
  }),
  DATA_DIR_SYNCED: ({ path, program }) => ({
    ko: [
      `데이터 폴더 ${path} 는 동기화 프로그램(${program ?? '?'})이 관리합니다.`,
      '동기화는 쓰는 중인 데이터베이스를 깨뜨립니다. 동기화되지 않는 폴더를 고르세요.',
    ],
    en: [
      `The data folder ${path} is kept by a synchronising program (${program ?? '?'}).`,
      'Synchronising breaks a database that is being written. Choose a folder that is not synchronised.',
    ],
  }),
  DISK_FULL: ({ path }) => ({
    ko: [
      `디스크가 가득 차서 ${path} 에 더 쓸 수 없습니다.`,
      '공간을 비운 뒤 다시 해 보세요. 지워진 것은 없습니다.',
    ],
    en: [
      `The disk is full: nothing more can be written to ${path}.`,
      'Free some space and try again. Nothing has been lost.',
    ],
  }),
  DATABASE_CORRUPT: (facts) => ({
    ko: [
      `데이터베이스 ${facts['path']} 가 손상되었습니다${because(facts)}. 아무것도 바꾸지 않았습니다.`,
      '폴더를 먼저 복사해 두세요. 백업이 있으면 그것을 되살리고, 없으면 빈 데이터베이스로 시작할 수 있습니다.',
    ],
    en: [
      `The database ${facts['path']} is damaged${because(facts)}. It was left exactly as it is.`,
      'Copy the folder first. Restore a backup if there is one; otherwise you can start with an empty database.',
    ],
  }),
  DATABASE_FROM_FUTURE: ({ path, version }) => ({
    ko: [
      `데이터베이스 ${path} 는 더 새로운 버전의 마루${version ? `(${version})` : ''}가 만들었습니다.`,
      '그 버전이나 더 새 버전을 설치하세요. 이 버전은 아무것도 바꾸지 않았습니다.',
    ],
    en: [
      `The database ${path} was written by a newer version of Maru${version ? ` (${version})` : ''}.`,
      'Install that version or a later one. This one has changed nothing.',
    ],
  }),
  MIGRATION_FAILED: (facts) => ({
    ko: [
      `데이터베이스를 이 버전에 맞게 바꾸지 못했습니다${because(facts)}.`,
      `바꾼 것은 모두 되돌렸습니다. 바꾸기 전 사본: ${facts['backup'] ?? '없음'}. 이전 버전은 계속 쓸 수 있습니다.`,
    ],
    en: [
      `The database could not be brought to this version${because(facts)}.`,
      `Every change was taken back. Copy from before: ${facts['backup'] ?? 'none'}. The previous version still works.`,
    ],
  }),
  SECRET_UNREADABLE: (facts) => ({
    ko: [
      `서버의 비밀 키 ${facts['path']} 를 읽을 수 없습니다${because(facts)}. 새로 만들지 않았습니다.`,
      '파일 권한을 고치거나 백업에서 이 파일을 되살리세요. 절대 지우지 마세요.',
    ],
    en: [
      `The server’s secret ${facts['path']} cannot be read${because(facts)}. No new one was made.`,
      'Repair its permissions, or bring this file back from a backup. Do not delete it.',
    ],
  }),
  SECRET_MISSING: ({ path }) => ({
    ko: [
      `데이터베이스는 있는데 서버의 비밀 키 ${path} 가 없습니다. 새로 만들지 않았습니다.`,
      '백업에서 이 파일을 되살린 뒤 다시 해 보세요.',
    ],
    en: [
      `There is a database, but the server’s secret ${path} is missing. No new one was made.`,
      'Bring this file back from a backup and try again.',
    ],
  }),
  CONFIG_INVALID: (facts) => ({
    ko: [
      `설정을 쓸 수 없습니다: ${facts['key'] || facts['path']}${because(facts)}`,
      '그 설정을 고치거나 지운 뒤 다시 해 보세요. 설정 파일은 데이터 폴더의 config.json 입니다.',
    ],
    en: [
      `A setting cannot be used: ${facts['key'] || facts['path']}${because(facts)}`,
      'Correct or remove it and try again. The file is config.json in the data folder.',
    ],
  }),
  FEATURE_NOT_AVAILABLE: ({ feature }) => ({
    ko: [
      `이 버전에는 ${feature} 기능이 없는데 설정에서 켜져 있습니다.`,
      '데이터 폴더의 config.json 이나 환경 변수에서 그 설정을 빼고 다시 해 보세요.',
    ],
    en: [
      `This version does not have ${feature}, but the settings turn it on.`,
      'Remove that setting from config.json in the data folder, or from the environment, and try again.',
    ],
  }),
  START_TIMED_OUT: ({ seconds }) => ({
    ko: [`서버가 ${seconds}초 안에 준비되지 않아 멈췄습니다.`, '로그를 보고, 다시 해 보세요.'],
    en: [
      `The server was not ready within ${seconds} seconds and was ended.`,
      'Look at the logs, and try again.',
    ],
  }),
  SERVER_KEEPS_CRASHING: ({ times, exitCode, reason }) => ({
    ko: [
      `서버가 짧은 시간에 ${times}번 뜻밖에 끝나서 더 시작하지 않습니다(종료 코드 ${exitCode}).`,
      `저장된 대화는 그대로 있습니다. 로그를 보세요.${reason ? ` 마지막 말: ${reason}` : ''}`,
    ],
    en: [
      `The server ended unexpectedly ${times} times in a short while, so it is not started again (exit code ${exitCode}).`,
      `What was stored is still there. Look at the logs.${reason ? ` Its last words: ${reason}` : ''}`,
    ],
  }),
};

const broken: Writer = (facts) => ({
  ko: [
    `설치된 파일이 빠졌거나 손상되었습니다${because(facts)}.`,
    '마루를 다시 설치하세요. 데이터는 지워지지 않습니다.',
  ],
  en: [
    `Installed files are missing or damaged${because(facts)}.`,
    'Install Maru again. Its data is not touched.',
  ],
});

/** Codes that are not listed mean the program itself: a wrong Node or SQLite, missing files. */
export function problemText(code: string, facts: Facts, language: Language): ProblemText {
  const [sentence, advice] = (writers[code] ?? broken)(facts)[language];
  return { sentence, advice };
}

/** The codes with words of their own, for the test that compares them with the server's. */
export const knownProblems = Object.keys(writers);

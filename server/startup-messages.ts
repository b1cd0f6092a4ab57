/**
 * Every start-up failure in people's words: what happened, and what to do about it. Korean and English stand side by
 * side, so that neither is forgotten.
 */
import type { Language } from './cli/language.ts';
import { expectation, origin } from './startup-facts.ts';
import type { StartupCode, StartupFacts } from './startup-error.ts';

export type StartupMessage = { sentence: string; advice: string };

type Writer = (facts: StartupFacts) => Record<Language, StartupMessage>;

const folder = (facts: StartupFacts): string => String(facts['path'] ?? '');

const portOwner = ({ program, pid }: StartupFacts): Record<Language, string> => {
  const process = pid === undefined ? '' : ` (PID ${pid})`;
  if (program !== undefined) return { ko: ` ${program}${process}에서`, en: ` by ${program}${process}` };
  return { ko: ' 다른 프로그램이', en: ' by another program' };
};

const freePort = ({ freePort: port }: StartupFacts): Record<Language, string> =>
  port === undefined
    ? { ko: '다른 포트를 정해', en: 'choose another port' }
    : { ko: `비어 있는 ${port}번 포트로`, en: `use port ${port}, which is free` };

const megabytes = ({ neededBytes }: StartupFacts): Record<Language, string> => {
  const size = Math.ceil(Number(neededBytes ?? 0) / 1024 ** 2);
  return size === 0 ? { ko: '', en: '' } : { ko: `(적어도 ${size} MB)`, en: ` (at least ${size} MB)` };
};

const writers: Record<StartupCode, Writer> = {
  PORT_TAKEN: (facts) => ({
    ko: {
      sentence: `${facts['port']}번 포트를 이미${portOwner(facts).ko} 쓰고 있습니다.`,
      advice: `그 프로그램을 끝내거나, ${freePort(facts).ko} 다시 시작하세요: npm start -- --port ${facts['freePort'] ?? '<번호>'}`,
    },
    en: {
      sentence: `Port ${facts['port']} is already in use${portOwner(facts).en}.`,
      advice: `Stop that program, or ${freePort(facts).en}: npm start -- --port ${facts['freePort'] ?? '<number>'}`,
    },
  }),
  PORT_NOT_ALLOWED: ({ port }) => ({
    ko: {
      sentence: `운영 체제가 ${port}번 포트를 열지 못하게 합니다.`,
      advice:
        '1024번 이상의 포트를 쓰세요(기본값 5000). Windows에서는 예약된 포트일 수 있습니다: netsh interface ipv4 show excludedportrange protocol=tcp',
    },
    en: {
      sentence: `The operating system does not allow port ${port} to be opened.`,
      advice:
        'Use a port from 1024 on (5000 is the default). On Windows the port may be reserved: netsh interface ipv4 show excludedportrange protocol=tcp',
    },
  }),
  HOST_NOT_HERE: ({ host }) => ({
    ko: {
      sentence: `이 컴퓨터에는 ${host} 주소가 없습니다.`,
      advice: '--host 를 빼면 모든 주소에서 받습니다. 하나만 쓰려면 이 컴퓨터의 주소를 정확히 적으세요.',
    },
    en: {
      sentence: `This machine does not have the address ${host}.`,
      advice: 'Without --host every address is served. To serve only one, give one that this machine has.',
    },
  }),
  DATA_DIR_IN_USE: (facts) => ({
    ko: {
      sentence: `다른 마루 서버${facts['pid'] === undefined ? '' : `(PID ${facts['pid']})`}가 데이터 폴더 ${folder(facts)} 를 쓰고 있습니다.`,
      advice:
        '이미 실행 중인 서버(트레이 아이콘 포함)를 쓰거나 끝내세요. 따로 하나 더 실행하려면 다른 폴더와 포트를 주세요: --data-dir, --port',
    },
    en: {
      sentence: `Another Maru server${facts['pid'] === undefined ? '' : ` (PID ${facts['pid']})`} is using the data folder ${folder(facts)}.`,
      advice:
        'Use the server that is running (look for its tray icon too) or stop it. For a second one give another folder and port: --data-dir, --port',
    },
  }),
  DATA_DIR_NOT_WRITABLE: (facts) => ({
    ko: {
      sentence: `데이터 폴더 ${folder(facts)} 에 쓸 수 없습니다${because(facts)}.`,
      advice: '서버를 실행하는 사용자에게 쓰기 권한을 주거나, 다른 폴더를 정하세요: --data-dir <폴더>',
    },
    en: {
      sentence: `The data folder ${folder(facts)} cannot be written${because(facts)}.`,
      advice:
        'Give the user who runs the server the right to write there, or choose another: --data-dir <folder>',
    },
  }),
  DATA_DIR_ON_NETWORK: (facts) => ({
    ko: {
      sentence: `데이터 폴더 ${folder(facts)} 가 네트워크 드라이브에 있습니다${because(facts)}.`,
      advice:
        '네트워크 드라이브에서는 데이터베이스가 깨질 수 있습니다. 이 컴퓨터의 디스크에 있는 폴더를 정하세요: --data-dir <폴더>',
    },
    en: {
      sentence: `The data folder ${folder(facts)} is on a network drive${because(facts)}.`,
      advice:
        'A database breaks there sooner or later. Choose a folder on a disk of this machine: --data-dir <folder>',
    },
  }),
  DATA_DIR_SYNCED: (facts) => ({
    ko: {
      sentence: `데이터 폴더 ${folder(facts)} 는 동기화 프로그램${facts['program'] === undefined ? '' : `(${facts['program']})`}이 관리하는 폴더입니다.`,
      advice:
        '동기화는 쓰는 중인 데이터베이스를 깨뜨립니다. 동기화되지 않는 폴더를 정하세요: --data-dir <폴더>',
    },
    en: {
      sentence: `The data folder ${folder(facts)} is kept by a synchronising program${facts['program'] === undefined ? '' : ` (${facts['program']})`}.`,
      advice:
        'Synchronising breaks a database that is being written. Choose a folder that is not synchronised: --data-dir <folder>',
    },
  }),
  DISK_FULL: (facts) => ({
    ko: {
      sentence: `디스크가 가득 차서 ${folder(facts)} 에 더 쓸 수 없습니다.`,
      advice: `공간을 비운 뒤 다시 시작하세요${megabytes(facts).ko}. 지워진 것은 없습니다.`,
    },
    en: {
      sentence: `The disk is full: nothing more can be written to ${folder(facts)}.`,
      advice: `Free some space and start again${megabytes(facts).en}. Nothing has been lost.`,
    },
  }),
  BACKUP_NOT_FOUND: (facts) => ({
    ko: {
      sentence: `백업 파일 ${folder(facts)} 가 없습니다.`,
      advice: '경로를 확인하세요. 백업은 데이터 폴더의 backups 폴더에 있습니다.',
    },
    en: {
      sentence: `There is no backup ${folder(facts)}.`,
      advice: 'Check the path. Backups are in the folder backups of the data folder.',
    },
  }),
  BACKUP_DAMAGED: (facts) => ({
    ko: {
      sentence: `백업 ${folder(facts)} 을 쓸 수 없습니다${because(facts)}. 아무것도 바꾸지 않았습니다.`,
      advice: '다른 백업을 쓰세요. 지금의 데이터베이스는 그대로입니다.',
    },
    en: {
      sentence: `The backup ${folder(facts)} cannot be used${because(facts)}. Nothing was changed.`,
      advice: 'Take another backup. The present database is as it was.',
    },
  }),
  BACKUP_EXISTS: (facts) => ({
    ko: {
      sentence: `파일 ${folder(facts)} 가 이미 있어서 그 이름으로 백업하지 않았습니다.`,
      advice: '다른 이름을 쓰거나 그 파일을 옮기세요. 있던 파일은 그대로입니다.',
    },
    en: {
      sentence: `There is a file ${folder(facts)} already, so no backup was written under that name.`,
      advice: 'Use another name, or move that file away. It is as it was.',
    },
  }),
  DATABASE_CORRUPT: (facts) => ({
    ko: {
      sentence: `데이터베이스 ${folder(facts)} 가 손상되었습니다${because(facts)}. 아무것도 바꾸지 않고 그대로 두었습니다.`,
      advice:
        '먼저 파일을 복사해 두고 백업에서 되살리세요. 빈 데이터베이스로 새로 시작하려면 --start-empty 를 붙이세요(손상된 파일은 옆에 보관됩니다).',
    },
    en: {
      sentence: `The database ${folder(facts)} is damaged${because(facts)}. It was left exactly as it is.`,
      advice:
        'Copy the files first, then restore a backup. To begin with an empty database add --start-empty (the damaged file is kept beside it).',
    },
  }),
  DATABASE_FROM_FUTURE: (facts) => ({
    ko: {
      sentence: `데이터베이스 ${folder(facts)} 는 더 새로운 버전의 마루${facts['version'] ? `(${facts['version']})` : ''}가 만들었습니다.`,
      advice: '그 버전이나 더 새 버전으로 시작하세요. 이 버전은 아무것도 바꾸지 않았습니다.',
    },
    en: {
      sentence: `The database ${folder(facts)} was written by a newer version of Maru${facts['version'] ? ` (${facts['version']})` : ''}.`,
      advice: 'Start that version or a later one. This one has changed nothing.',
    },
  }),
  MIGRATION_FAILED: (facts) => ({
    ko: {
      sentence: `데이터베이스를 이 버전에 맞게 바꾸지 못했습니다(${facts['migration'] ?? '?'})${because(facts)}.`,
      advice: `바꾼 것은 모두 되돌렸습니다. 바꾸기 전 사본: ${facts['backup'] ?? '없음'}. 이전 버전은 계속 쓸 수 있습니다.`,
    },
    en: {
      sentence: `The database could not be brought to this version (${facts['migration'] ?? '?'})${because(facts)}.`,
      advice: `Every change was taken back. Copy from before: ${facts['backup'] ?? 'none'}. The previous version still works.`,
    },
  }),
  SECRET_UNREADABLE: (facts) => ({
    ko: {
      sentence: `서버의 비밀 키 ${folder(facts)} 를 읽을 수 없습니다${because(facts)}. 새로 만들지 않았습니다.`,
      advice: '파일 권한을 고치거나, 백업에서 이 파일을 되살리세요. 절대 지우지 마세요.',
    },
    en: {
      sentence: `The server's secret ${folder(facts)} cannot be read${because(facts)}. No new one was made.`,
      advice: 'Repair its permissions, or bring this file back from a backup. Do not delete it.',
    },
  }),
  SECRET_MISSING: (facts) => ({
    ko: {
      sentence: `데이터베이스는 있는데 서버의 비밀 키 ${folder(facts)} 가 없습니다. 새로 만들지 않았습니다.`,
      advice: '백업에서 이 파일을 되살린 뒤 다시 시작하세요. 새 키로는 로그인이 모두 풀립니다.',
    },
    en: {
      sentence: `There is a database, but the server's secret ${folder(facts)} is missing. No new one was made.`,
      advice:
        'Bring this file back from a backup and start again. With a new one everybody would be signed out.',
    },
  }),
  WRONG_NODE: ({ version, expected }) => ({
    ko: {
      sentence: `Node.js ${version} 로는 실행할 수 없습니다. ${expected} 이상이 필요합니다.`,
      advice: 'npm start 로 시작하면 알맞은 Node.js 를 스스로 찾습니다.',
    },
    en: {
      sentence: `Node.js ${version} cannot run Maru; it needs ${expected} or later.`,
      advice: 'npm start finds the right Node.js by itself.',
    },
  }),
  SQLITE_TOO_OLD: ({ version, expected }) => ({
    ko: {
      sentence: `SQLite ${version} 에는 데이터를 잃을 수 있는 결함이 있습니다. ${expected} 이상이 필요합니다.`,
      advice: '저장소에서 npm ci 를 실행하거나, 마루를 다시 설치하세요.',
    },
    en: {
      sentence: `SQLite ${version} has a defect that can lose data; ${expected} or later is needed.`,
      advice: 'Run npm ci in the clone, or install Maru again.',
    },
  }),
  CONFIG_INVALID: (facts) => ({ ko: invalidConfig(facts, 'ko'), en: invalidConfig(facts, 'en') }),
  FEATURE_NOT_AVAILABLE: (facts) => ({
    ko: {
      sentence: `이 버전에는 ${facts['feature']} 기능이 없는데 ${origin(facts, 'ko')}에서 켜져 있습니다.`,
      advice: '그 설정을 빼고 시작하세요. 켜진 척하지 않으려고 시작을 멈췄습니다.',
    },
    en: {
      sentence: `This version does not have ${facts['feature']}, but ${origin(facts, 'en')} turns it on.`,
      advice: 'Remove that setting. Starting without it would only pretend that it works.',
    },
  }),
  BUNDLE_MISSING: (facts) => ({
    ko: {
      sentence: `화면 파일이 ${folder(facts)} 에 없습니다.`,
      advice: 'npm start 를 쓰거나, 먼저 npm run bundle 을 실행하세요.',
    },
    en: {
      sentence: `The files of the web client are not in ${folder(facts)}.`,
      advice: 'Use npm start, or run npm run bundle first.',
    },
  }),
};

/** What happened and what to do, in the person's language. */
export const startupMessage = (code: StartupCode, facts: StartupFacts, language: Language): StartupMessage =>
  writers[code](facts)[language];

function because({ reason }: StartupFacts): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`;
}

function invalidConfig(facts: StartupFacts, language: Language): StartupMessage {
  const where = origin(facts, language);
  const hint = facts['suggestion'];
  const meant = {
    ko: hint === undefined ? '' : ` 혹시 ${hint} 인가요?`,
    en: hint === undefined ? '' : ` Did you mean ${hint}?`,
  };
  switch (facts['problem']) {
    case 'unknown':
      return {
        ko: { sentence: `${where}: 없는 설정입니다.${meant.ko}`, advice: '모두 보기: npm start -- --help' },
        en: {
          sentence: `${where}: there is no such setting.${meant.en}`,
          advice: 'See them all: npm start -- --help',
        },
      }[language];
    case 'value-missing':
      return {
        ko: { sentence: `${where}: 값이 빠졌습니다.`, advice: `이렇게 쓰세요: ${facts['key']} <값>` },
        en: { sentence: `${where}: its value is missing.`, advice: `Write: ${facts['key']} <value>` },
      }[language];
    case 'file-unreadable':
    case 'file-not-json':
      return {
        ko: {
          sentence: `${folder(facts)} 를 읽을 수 없습니다${because(facts)}.`,
          advice: '올바른 JSON 으로 고치거나 파일을 옮겨 두세요.',
        },
        en: {
          sentence: `${folder(facts)} cannot be read${because(facts)}.`,
          advice: 'Make it valid JSON, or move it away.',
        },
      }[language];
    default:
      return {
        ko: {
          sentence: `${where}: ${facts['value']} 은(는) 쓸 수 없는 값입니다.`,
          advice: `필요한 값: ${expectation(facts, 'ko')}.`,
        },
        en: {
          sentence: `${where}: ${facts['value']} is not a possible value.`,
          advice: `Expected: ${expectation(facts, 'en')}.`,
        },
      }[language];
  }
}

/** Somebody at a terminal, or a script that reads what is printed. */
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './admin/admin-command.ts';

/** Results go to standard output; questions and complaints beside them, so that a script gets results alone. */
export function openTerminal(own: NodeJS.Process, inWordsOfHere: (text: string) => string): Terminal {
  const ask = async (text: string): Promise<string> => {
    const reader = createInterface({ input: own.stdin, output: own.stderr });
    try {
      return await reader.question(text);
    } finally {
      reader.close();
    }
  };
  return {
    print: (text) => void own.stdout.write(`${inWordsOfHere(text)}\n`),
    tell: (text) => void own.stderr.write(`${inWordsOfHere(text)}\n`),
    question: own.stdin.isTTY ? ask : null,
  };
}

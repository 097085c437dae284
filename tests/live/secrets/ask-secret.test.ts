import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { askSecret } from '../../../src/live/secrets/ask-secret.js';

/** A terminal's input that somebody types at. */
const keyboard = (): { input: ReadStream; type: (text: string | Buffer) => void; raw: boolean[] } => {
  const raw: boolean[] = [];
  const stream = new PassThrough();
  const input = Object.assign(stream, {
    setRawMode: (on: boolean) => {
      raw.push(on);
      return input;
    },
  }) as PassThrough & ReadStream;
  return { input, type: text => void stream.write(text), raw };
};

const asked = async (...typed: (string | Buffer)[]): Promise<{ answer: string; shown: string; raw: boolean[] }> => {
  const { input, type, raw } = keyboard();
  let shown = '';
  const answer = askSecret('Secret: ', { input, output: { write: text => (shown += text) } });
  for (const text of typed) type(text);
  return { answer: (await answer).reveal(), shown, raw };
};

describe('asking for a secret', () => {
  it('shows the question and nothing of the answer, and leaves the terminal as it was', async () => {
    expect(await asked('abc', 'def\r')).toEqual({ answer: 'abcdef', shown: 'Secret: \n', raw: [true, false] });
  });

  it('lets the last character or all of them be taken back, and takes letters that come in pieces', async () => {
    expect((await asked('abx\u007f', 'c\n')).answer).toBe('abc');
    expect((await asked('wrong\u0015right\r')).answer).toBe('right');
    expect((await asked(Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1), '\r')).answer).toBe('ü');
  });

  it('keeps what was pasted behind the line for the next question', async () => {
    const { input, type } = keyboard();
    const output = { write: (): void => undefined };
    const first = askSecret('Key: ', { input, output });
    type('one\r\ntwo\n');
    expect((await first).reveal()).toBe('one');
    expect((await askSecret('Secret: ', { input, output })).reveal()).toBe('two');
  });

  it('ends the command at Ctrl-C', async () => {
    await expect(asked('ab\u0003')).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
  });
});

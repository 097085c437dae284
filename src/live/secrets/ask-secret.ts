import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../../errors.js';
import { Secret } from './secret.js';

/** A terminal's input and the stream its questions go to. */
export interface AskedTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: { write(text: string): unknown };
}

/** Asks at a terminal and shows nothing of the answer. Backspace takes a character back, Ctrl-U all of them; Ctrl-C and Ctrl-D end the command. */
export const askSecret = (
  prompt: string,
  { input, output }: AskedTerminal = { input: process.stdin, output: process.stderr },
): Promise<Secret> =>
  new Promise((resolve, reject) => {
    let typed: string[] = [];
    const decoder = new StringDecoder('utf8');
    const end = (settle: () => void): void => {
      input.off('data', take);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
      settle();
    };
    const take = (chunk: Uint8Array | string): void => {
      const characters = [...decoder.write(Buffer.from(chunk))];
      for (const [i, character] of characters.entries()) {
        if (character === '\r' || character === '\n') {
          // What was pasted behind the line answers the next question.
          const rest = characters
            .slice(i + 1)
            .join('')
            .replace(/^\n/, '');
          end(() => resolve(new Secret(typed.join(''))));
          if (rest !== '') input.unshift(Buffer.from(rest));
          return;
        }
        if (character === '\u0003' || character === '\u0004')
          return end(() => reject(new UserError('interrupted', 'Nothing was changed.', 130)));
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else if (character === '\u0015') typed = [];
        else if (character >= ' ') typed.push(character);
      }
    };
    output.write(prompt);
    input.setRawMode(true);
    input.resume();
    input.on('data', take);
  });

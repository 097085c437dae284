import { describe, expect, it } from 'vitest';
import { main } from '../../src/commands/main.js';

const run = async (...argv: string[]): Promise<{ code: number; err: string }> => {
  let err = '';
  const code = await main(argv, { out: () => undefined, err: text => void (err += text) });
  return { code, err };
};

describe('a command line', () => {
  it('with an option given twice is a mistake of usage, not a stack trace', async () => {
    const { code, err } = await run('backtest', 'sma-cross', '--dataset', 'sample', '--from', '2024-01-01', '--from', '2024-02-01');
    expect(code).toBe(2);
    expect(err).toMatch(/^error: --from is given twice\.\nfix: /);
  });

  it('takes whole numbers of workers from 1 to 64 only', async () => {
    for (const workers of ['0', '-1', '1.5', 'abc', '1000']) {
      const { code, err } = await run('walkforward', 'sma-cross', '--dataset', 'sample', `--workers=${workers}`);
      expect(code).toBe(2);
      expect(err).toMatch(/^error: --workers is a whole number from 1 to 64/);
    }
  });

  it('with a word for a number names the option and the word', async () => {
    for (const [argv, message] of [
      [['--capital', 'abc'], '--capital is a number, not "abc".'],
      [['--max-drawdown=x1'], '--max-drawdown is a number, not "x1".'],
    ] as const) {
      const { code, err } = await run('backtest', 'sma-cross', '--dataset', 'sample', ...argv);
      expect([code, err.split('\n')[0]]).toEqual([2, `error: ${message}`]);
    }
  });

  it('cannot write over the name of the sample', async () => {
    for (const argv of [
      ['data', 'synth', '--dataset', 'sample'],
      ['data', 'import', 'none.csv', '--exchange', 'bybit', '--dataset', 'sample'],
    ]) {
      const { code, err } = await run(...argv);
      expect(code).toBe(2);
      expect(err).toMatch(/^error: "sample" is the dataset that comes along/);
    }
  });
});

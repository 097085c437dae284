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
});

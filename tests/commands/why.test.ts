import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { quotedWorkspace } from './quoted-workspace.js';
import { quantai, temporaryWorkspace, type Ran } from './run-quantai.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Moment {
  readonly ts: number;
  readonly from: string;
  readonly event: string;
  readonly text: string;
  readonly ahead: number | null;
  readonly quantity: number | null;
}
interface Explained {
  readonly orderId: string;
  readonly verdict: string;
  readonly path: string | null;
  readonly life: readonly Moment[];
  readonly bars: readonly { readonly openTime: number; readonly low: number; readonly high: number }[];
}

describe('quantai why', () => {
  let root: string;
  let touch: readonly string[];
  let at: (...words: string[]) => Promise<Ran>;
  let remove: () => Promise<void>;
  const runs: Record<string, string> = {};

  const json = async <T>(...words: string[]): Promise<T> => {
    const { code, out, err } = await at(...words, '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as T;
  };
  const ended = async (run: string, where: string): Promise<string[][]> =>
    (
      await json<{ rows: string[][] }>(
        'sql',
        `SELECT order_id, side FROM orders WHERE run_id = '${runs[run]}' AND ${where} ORDER BY CAST(substr(order_id, 2) AS INT)`,
      )
    ).rows;
  const why = async (run: string, order: string): Promise<{ explained: Explained; lines: string[] }> => ({
    explained: await json<Explained>('why', order, '--run', runs[run] ?? ''),
    lines: (await at('why', order, '--run', runs[run] ?? '')).out.split('\n'),
  });

  beforeAll(async () => {
    ({ root, at, touch, remove } = await quotedWorkspace());
    const latency = ['--latency', 'order=20ms,cancel=20ms,report=5ms,feed=5ms'];
    for (const [name, depth] of [
      ['bars', ['--depth', 'bars', '--limits', 'touch']],
      ['through', ['--depth', 'bars']],
      ['trades', ['--depth', 'trades']],
      ['book', ['--depth', 'book', '--queue', 'proportional']],
    ] as const)
      runs[name] = (await json<{ runId: string }>(...touch, ...latency, ...depth)).runId;
  });
  afterAll(() => remove());

  it.each(['book', 'trades'])('tells by %s what was ahead of an order that filled, and that it filled all of it', async run => {
    const [[orderId = ''] = []] = await ended(run, `ended IN ('filled')`);
    const { explained, lines } = await why(run, orderId);
    expect(explained.verdict).toMatch(/^It filled all of its 0\.00\d+ at [\d.]+ as maker, [\d,]+ ms after it reached the venue: /);
    expect(lines[1]).toBe(explained.verdict);
    const events = explained.life.map(({ event }) => event);
    expect(events.slice(0, 3)).toEqual(['intent', 'approved', 'sent']);
    const venue = explained.life.filter(({ from }) => from === 'venue');
    expect(venue[0]?.event).toBe('arrived');
    // A queue only gets shorter, and nothing fills before it is gone.
    const ahead = venue.flatMap(moment => (moment.ahead === null ? [] : [moment.ahead]));
    expect(ahead.every((lots, i) => i === 0 || lots <= ahead[i - 1]!)).toBe(true);
    expect(venue.filter(({ event }) => event === 'filled').every(moment => moment.ahead === 0)).toBe(true);
    const filled = explained.life.filter(({ from, event }) => from === 'journal' && event === 'filled');
    const approved = explained.life.find(({ event }) => event === 'approved');
    expect(filled.reduce((sum, { quantity }) => sum + quantity!, 0)).toBeCloseTo(approved!.quantity!, 9);
  });

  it('tells what was still ahead of an order that did not fill, as the last word of the venue has it', async () => {
    const orders = await ended('book', `ended = 'expired' AND filled_lots = 0`);
    let queued: Awaited<ReturnType<typeof why>> | undefined;
    for (const [orderId = ''] of orders) {
      queued = await why('book', orderId);
      if (queued.explained.verdict.includes('still ahead')) break;
    }
    const { explained } = queued!;
    const last = explained.life.filter(({ from }) => from === 'venue').at(-1)!;
    expect(explained.verdict).toContain(`It did not fill: ${last.ahead} was still ahead of it in the queue`);
    expect(explained.verdict).toContain('It went because its time was up (gtd).');
  });

  it('tells many moves of a queue together for people, and one by one for programs', async () => {
    const orders = await ended('book', `ended IN ('filled', 'expired')`);
    for (const [orderId = ''] of orders) {
      const { explained, lines } = await why('book', orderId);
      const moves = explained.life.filter(
        ({ from, event, ahead }) => from === 'venue' && (event === 'queue' || (event === 'traded-at' && ahead !== 0)),
      );
      if (moves.length < 4) continue;
      const trades = moves.filter(({ event }) => event === 'traded-at').length;
      const line = lines.find(each => each.includes('Until ')) ?? '';
      if (trades > 0) expect(line).toContain(`the market traded at its price ${trades === 1 ? 'once' : `${trades} times`} (`);
      if (trades < moves.length)
        expect(line).toContain(
          `the level shrank without a trade ${moves.length - trades === 1 ? 'once' : `${moves.length - trades} times`}`,
        );
      const life = lines.slice(lines.findIndex(each => each.startsWith('Its life')));
      expect(life.length).toBeLessThan(explained.life.length + 10);
      return;
    }
    expect.unreachable('no order had a queue that moved four times');
  });

  it('shows by bars the bars that it met, the way that was assumed through them, and how near the price came', async () => {
    const filled = await ended('bars', `ended = 'filled'`);
    const one = await why('bars', filled[0]?.[0] ?? '');
    expect(one.explained.path).toBe('pessimistic');
    expect(one.explained.bars.length).toBeGreaterThan(0);
    expect(one.lines.join('\n')).toMatch(
      /Inside a bar the price is assumed to go to the extreme that is worse[^\n]*:\n\S+ \S+ {2}1s bar: open /,
    );

    const [missed, side] = (await ended('through', `ended = 'expired' AND filled_lots = 0`))[0] ?? [];
    const { explained } = await why('through', missed ?? '');
    const extreme =
      side === 'buy' ? Math.min(...explained.bars.map(({ low }) => low)) : Math.max(...explained.bars.map(({ high }) => high));
    expect(explained.verdict).toContain(
      `It did not fill: the ${side === 'buy' ? 'lowest' : 'highest'} price while it was there was ${extreme}, which `,
    );
  });

  it('says why the venue refused an order', async () => {
    const [[orderId = ''] = []] = await ended('book', `ended = 'rejected'`);
    const { explained } = await why('book', orderId);
    expect(explained.verdict).toBe('The venue refused it: it would have taken at once, and was to rest only (post-only).');
  });

  it('takes the latest backtest when no run is named', async () => {
    const { code, out } = await at('why', 'o1');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(`Order o1 of BTC/USDT:USDT in ${runs['book']}, matched on order book, queue proportional`);
  });

  it('does not know an order that the run does not have, and says where its orders are listed', async () => {
    const { code, err } = await at('why', 'o99999', '--run', runs['book'] ?? '');
    expect([code, err]).toEqual([2, expect.stringMatching(/has no order "o99999"\.\nfix: See its orders: quantai sql "SELECT /)]);
  });

  it('asks which one when several orders had the name', async () => {
    const file = join(root, 'named.js');
    await writeFile(
      file,
      `import { defineStrategy, order } from 'quantai-trad';
export default defineStrategy({
  name: 'named',
  params: {},
  decide: ({ symbol, close, ts, openTime }) =>
    order({ symbol, side: 'buy', quantity: 0.01, limit: close - 100, goodTill: ts + (ts - openTime) / 2, id: 'far', reason: 'far away' }),
});
`,
    );
    const { runId } = await json<{ runId: string }>('backtest', file, '--dataset', 'quoted', '--timeframe', '1s', '--funding', 'none');
    const { code, err } = await at('why', 'far', '--run', runId);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^error: \d+ orders of run \S+ were named "far": o1, o2, .*…\.\nfix: Give one of these ids\./),
    ]);
  });

  it('has nothing to tell of a friction sweep, of a walk-forward, and of a workspace without a backtest', async () => {
    const sweep = ['--depth', 'bars', '--fee-scale', '1', '--slippage-bps', '0', '--latency', '100ms', '--workers', '1'];
    const { runId } = await json<{ runId: string }>('friction', ...touch.slice(1), ...sweep);
    const { code, err } = await at('why', 'o1', '--run', runId);
    expect([code, err]).toEqual([2, expect.stringMatching(/is a friction sweep: it keeps no orders\.\nfix: Run the strategy by itself/)]);

    const empty = await temporaryWorkspace();
    const none = await quantai(['why', 'o1', '--workspace', empty.root]);
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/^error: No backtest is kept in this workspace\./)]);
    const folder = join(empty.root, 'reports', 'walked');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ command: 'walkforward' }));
    const walked = await quantai(['why', 'o1', '--run', 'walked', '--workspace', empty.root]);
    expect([walked.code, walked.err]).toEqual([2, expect.stringMatching(/Run walked is a walk-forward: it keeps no orders/)]);
    await empty.remove();
  });
});

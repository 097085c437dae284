import { describe, expect, test } from 'vitest';
import { judgeLive } from '../../../src/promotion/watch/judge-live.js';
import { watchDocument, watchPage, watchSections } from '../../../src/promotion/watch/watch-page.js';
import { expected, liveRecord, normalDays } from './expected.js';

const input = (mean: number, days: number) => {
  const expectation = expected();
  const live = liveRecord({ returns: normalDays(days, mean, 0.01, 'page'), trades: { wins: 21, count: 44 } });
  return { strategy: 's', promotion: 's-1', account: 'main', synthetic: true, expectation, live, verdicts: judgeLive(expectation, live) };
};
const rowsOf = (days: number) => {
  const { expectation, live, verdicts } = input(0.002, days);
  const chart = watchSections(expectation, live, verdicts)[0]!.blocks[0]!;
  if (chart.kind !== 'chart') throw new Error('no chart');
  const rows: unknown = chart.spec.datasets?.['rows'];
  return { live, rows: rows as readonly { readonly day: number; readonly live: number | null; readonly median: number }[] };
};

describe('the page of live against expected', () => {
  test('puts the path of this horizon on the cone, and nothing on days that are not over', () => {
    const { live, rows } = rowsOf(100);
    // A horizon of 90 days: the tenth day of the second.
    const growth = live.returns.slice(90).reduce((product, r) => product * (1 + r), 1);
    expect(rows).toHaveLength(91);
    expect(rows[0]).toMatchObject({ day: 0, live: 1, median: 1 });
    expect(rows[10]!.live).toBeCloseTo(growth, 12);
    expect(rows[11]!.live).toBeNull();
  });

  test('says an alarm first, and in words what is behind it', () => {
    const { title, tiles, verdict } = watchDocument(input(-0.006, 60));
    expect(title).toContain('alarm');
    expect(tiles[0]).toMatchObject({ value: 'Alarm', detail: 'profit', tone: 'alarm' });
    expect(verdict).toContain('short of what was expected');
  });

  test('is one page that names every monitor, also before the first day', () => {
    const html = watchPage(input(0.002, 0));
    for (const name of ['Profit', 'Growth on its cone', 'Share of wins', 'Slippage against the model', 'Drifts of forecasts'])
      expect(html).toContain(name);
  });
});

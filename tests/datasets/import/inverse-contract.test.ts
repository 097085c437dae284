import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFiles } from '../../../src/datasets/import/read-files.js';
import type { ImportOptions } from '../../../src/datasets/import/options.js';
import type { Imported } from '../../../src/datasets/series.js';

const folder = mkdtempSync(join(tmpdir(), 'inverse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bars = async (volumes: readonly number[], options: Partial<ImportOptions> = {}): Promise<Imported> => {
  const path = join(folder, 'bars.csv');
  const rows = volumes.map((volume, i) => [Date.UTC(2024, 0, 1, i), 20_000, 20_400, 19_900, 20_000, volume].join());
  writeFileSync(path, ['ts,open,high,low,close,volume', ...rows, ''].join('\n'));
  const [imported] = await readFiles([path], { mode: 'report', exchange: 'binance', symbol: 'BTC/USD:BTC', ...options });
  return imported!;
};
const volumes = ({ series }: Imported): number[] => [...series.columns[4]!];

describe('quantities of inverse contracts', () => {
  it('are kept in quote units: contracts at the size of one', async () => {
    const imported = await bars([3, 0, 12]);
    // Binance COIN-M: one BTCUSD contract is 100 US dollars.
    expect(volumes(imported)).toEqual([300, 0, 1200]);
    expect(imported.instrument).toMatchObject({ kind: 'inverse-perpetual', contractSize: 100, lotSize: 100 });
    expect(imported.findings.map(({ code }) => code)).toContain('quantity-unit');
  });

  it('are coins where they have fractions, at the mean of high, low and close', async () => {
    const imported = await bars([1.5, 2]);
    expect(volumes(imported)).toEqual([(1.5 * 60_300) / 3, (2 * 60_300) / 3]);
    expect(imported.source.reading['quantities']).toContain('base');
  });

  it('are what the user says, without a warning', async () => {
    const quote = await bars([300, 200], { quantityUnit: 'quote' });
    expect(volumes(quote)).toEqual([300, 200]);
    expect(quote.findings.map(({ code }) => code)).not.toContain('quantity-unit');
    expect(volumes(await bars([3, 4], { quantityUnit: 'contracts', instrument: { contractSize: 10 } }))).toEqual([30, 40]);
    expect((await bars([3, 4], { instrument: { contractSize: 10 } })).instrument).toMatchObject({ contractSize: 10, lotSize: 10 });
    expect((await bars([3, 4], { exchange: 'bybit' })).instrument.contractSize).toBe(1);
  });

  it('are left alone on every other contract', async () => {
    const linear = await bars([1.5, 2], { symbol: 'BTC/USDT:USDT' });
    expect(volumes(linear)).toEqual([1.5, 2]);
    expect(linear.source.reading).not.toHaveProperty('quantities');
  });
});

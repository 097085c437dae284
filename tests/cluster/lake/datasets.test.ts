import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { fetchDataset } from '../../../src/cluster/lake/fetch-dataset.js';
import { openLake, type OpenLake } from '../../../src/cluster/lake/open-lake.js';
import { pushDataset } from '../../../src/cluster/lake/push-dataset.js';
import { openDataset, verifyDataset } from '../../../src/datasets/catalogue.js';
import { gcDatasets } from '../../../src/datasets/gc.js';
import { writeDataset } from '../../../src/datasets/write.js';
import { barsOf, imported } from '../../arbitraries/series.js';
import { quantai } from '../../commands/run-quantai.js';
import { overwrite } from './overwrite.js';
import { temporaryFolders } from './temporary.js';

const fresh = temporaryFolders();
const H = 3_600_000;
const JAN = Date.UTC(2024, 0, 1);
/** Hours of bars over several months, each month a file. */
const hours = (from: number, to: number) =>
  barsOf(Array.from({ length: to - from }, (_, i) => [JAN + (from + i) * H, 100 + i, 110 + i, 90 + i, 100 + i, 5]));

describe('datasets in a lake', () => {
  let mine: string;
  let theirs: string;
  let lake: OpenLake;
  let gets: string[];
  beforeEach(() => {
    [mine, theirs] = [fresh(), fresh()];
    const opened = openLake(fresh());
    gets = [];
    lake = {
      ...opened,
      transfer: (hash, from, signal) => {
        gets.push(hash);
        return opened.transfer(hash, from, signal);
      },
    };
  });
  const write = async (workspace: string, from: number, to: number): Promise<string> =>
    (await writeDataset(workspace, 'btc', [imported(hours(from, to), `${from}.csv`)])).version;
  const push = async (workspace = mine, name = 'btc') => pushDataset(await openDataset(workspace, name), lake);
  const bring = (name = 'btc', workspace = theirs) => fetchDataset(workspace, name, lake, { scratch: join(workspace, '.cache', 'fetch') });

  test('come to another workspace as they are, under the same version', async () => {
    const version = await write(mine, 0, 3_000);
    expect(await push()).toMatchObject({ files: 5, sentFiles: 5 });
    expect(await bring()).toMatchObject({ version, files: 5, fetchedFiles: 5, isHead: true });
    const dataset = await openDataset(theirs, 'btc');
    expect(dataset.manifest).toEqual((await openDataset(mine, 'btc')).manifest);
    expect(await verifyDataset(dataset)).toEqual([]);
    // Nothing is left of the way.
    expect(await readdir(join(theirs, '.cache', 'fetch'))).toEqual([]);
    expect((await gcDatasets(theirs, [])).files).toBe(0);
  });

  test('are not said to be missing from a lake that is not there', async () => {
    await expect(bring()).rejects.toMatchObject({ code: 'unknown-dataset' });
    const away = openLake(join(fresh(), 'not-mounted'));
    await expect(fetchDataset(theirs, 'btc', away, { scratch: join(theirs, 'x') })).rejects.toMatchObject({ code: 'no-lake' });
  });

  test('send and bring only what is new of a later version', async () => {
    const first = await write(mine, 0, 2_000);
    await push();
    await bring();
    const second = await write(mine, 2_000, 2_900);
    gets.length = 0;
    expect(await push()).toMatchObject({ files: 4, sentFiles: 2 });
    expect(await bring()).toMatchObject({ version: second, files: 4, fetchedFiles: 2, isHead: true });
    expect(gets).toHaveLength(2);
    expect((await openDataset(theirs, 'btc')).manifest.version).toBe(second);
    // The version before is still there: a run names it.
    expect((await openDataset(theirs, `btc@${first.slice(0, 8)}`)).manifest.version).toBe(first);
  });

  test('go on with what is missing after a fetch that was interrupted', async () => {
    await write(mine, 0, 3_000);
    await push();
    let left = 3;
    const flaky: OpenLake = {
      ...lake,
      transfer: (hash, from, signal) => {
        left -= 1;
        if (left < 0) throw new Error('pulled the plug');
        return lake.transfer(hash, from, signal);
      },
    };
    const scratch = join(theirs, '.cache', 'fetch');
    const controller = new AbortController();
    const stopped = fetchDataset(theirs, 'btc', flaky, { scratch, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 100);
    await expect(stopped).rejects.toThrow('Ctrl-C');
    expect(existsSync(join(theirs, 'datasets', 'btc', 'HEAD'))).toBe(false);
    gets.length = 0;
    expect(await bring()).toMatchObject({ files: 5, isHead: true });
    expect(gets).toHaveLength(2);
    expect(await verifyDataset(await openDataset(theirs, 'btc'))).toEqual([]);
  });

  test('leave the meaning of the name alone where there are rows that the lake does not know, and where a version was asked for', async () => {
    const first = await write(mine, 0, 700);
    await push();
    const own = await write(theirs, 700, 1_000);
    expect(await bring()).toMatchObject({ version: first, isHead: false });
    expect((await openDataset(theirs, 'btc')).manifest.version).toBe(own);
    const third = fresh();
    const second = await write(mine, 700, 800);
    await push();
    await bring('btc', third);
    expect(await bring(`btc@${first.slice(0, 10)}`, third)).toMatchObject({ version: first, isHead: false });
    expect((await openDataset(third, 'btc')).manifest.version).toBe(second);
  });

  test('follow a version that was made from ours and pushed by somebody else', async () => {
    await write(mine, 0, 700);
    await push();
    await bring();
    // Two steps there, of which the lake sees the last: ours is in its list.
    await write(theirs, 700, 800);
    const last = await write(theirs, 800, 900);
    await push(theirs);
    expect(await bring('btc', mine)).toMatchObject({ version: last, isHead: true });
  });

  test('are not passed on when they are damaged here', async () => {
    await write(mine, 0, 1_000);
    const dataset = await openDataset(mine, 'btc');
    const [file] = dataset.entries.flatMap(({ files }) => files);
    await overwrite(join(dataset.folder, file?.path ?? ''), 40, Buffer.from('spoilt'));
    await expect(push()).rejects.toMatchObject({ code: 'altered-file', exitCode: 3 });
    expect(await lake.versions('btc')).toEqual([]);
  });

  test('never lead out of their folder', async () => {
    const evil = Buffer.from(
      JSON.stringify({ format: 1, id: 'btc', series: [{ files: [{ path: '../../../evil.parquet', sha256: 'a'.repeat(64), bytes: 1 }] }] }),
    );
    const version = createHash('sha256').update(evil).digest('hex');
    await lake.put(version, evil);
    await lake.addVersion('btc', version);
    await expect(bring()).rejects.toMatchObject({ code: 'bad-manifest' });
  });

  test('are pushed and fetched by commands, whose mistakes are told with a fix', async () => {
    const version = await write(mine, 0, 800);
    const at = (workspace: string, ...words: string[]) => quantai([...words, '--workspace', workspace]);
    const pushed = await at(mine, 'data', 'push', 'btc', '--lake', lake.url, '--json');
    expect(JSON.parse(pushed.out)).toMatchObject({ dataset: 'btc', version, sentFiles: 2, lake: lake.url });
    const fetched = await at(theirs, 'data', 'fetch', 'btc', '--lake', lake.url);
    expect(fetched).toMatchObject({ code: 0, out: expect.stringMatching(/^btc@[0-9a-f]{12} is here: 2 files, 2 of them fetched/) });
    expect(await at(theirs, 'data', 'fetch', 'eth', '--lake', lake.url)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no dataset "eth"[\s\S]*data push/),
    });
    expect(await at(theirs, 'data', 'fetch', 'btc@0000000', '--lake', lake.url)).toMatchObject({
      code: 2,
      err: expect.stringContaining('no version 0000000'),
    });
    expect(await at(theirs, 'data', 'fetch', 'sample', '--lake', lake.url)).toMatchObject({ code: 2 });
    expect(await at(theirs, 'data', 'fetch', 'btc')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/No lake is named[\s\S]*--lake/),
    });
  });
});

test('a stale list of versions is not believed: what is fetched has the hash that the list says', async () => {
  const [mine, theirs, folder] = [fresh(), fresh(), fresh()];
  const lake = openLake(folder);
  const { version } = await writeDataset(mine, 'btc', [imported(hours(0, 100))]);
  await pushDataset(await openDataset(mine, 'btc'), lake);
  const path = join(folder, version.slice(0, 2), version);
  await writeFile(path, (await readFile(path, 'utf8')).replace('testnet', 'mainnet'));
  await expect(fetchDataset(theirs, 'btc', lake, { scratch: join(theirs, 'x') })).rejects.toMatchObject({ code: 'lake-corrupt' });
});

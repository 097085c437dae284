import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { publishShared } from '../../../src/cluster/lake/publish-shared.js';
import { sharedSource } from '../../../src/cluster/queue/shared-source.js';
import { temporaryFolders } from '../lake/temporary.js';

const fresh = temporaryFolders();
const source = (lake?: string) => sharedSource({ cache: fresh(), limitBytes: 1e9, lake, log: () => undefined });

test('leaves nothing on the signal of a job that got what it shares, however many ask with it', async () => {
  const folder = fresh();
  const address = await publishShared({ column: Float64Array.of(1, 2) }, openLake(folder));
  const shared = source();
  const { signal } = new AbortController();
  for (let i = 0; i < 20; i++) expect(await shared.get(address, folder, signal)).toEqual({ column: Float64Array.of(1, 2) });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('says whose folder it is that a worker on another machine does not have', async () => {
  const address = await publishShared({ x: 1 }, openLake(fresh()));
  const nowhere = join(fresh(), 'nowhere');
  const { signal } = new AbortController();
  await expect(source().get(address, nowhere, signal)).rejects.toMatchObject({
    code: 'lake-unreachable',
    message: expect.stringContaining(`the folder ${nowhere} of who submitted them`) as string,
    fix: expect.stringContaining('quantai lake') as string,
  });
  await expect(source(nowhere).get(address, '/mnt/lake', signal)).rejects.toMatchObject({
    code: 'lake-unreachable',
    message: expect.stringContaining(`was told to find what jobs share in the folder ${nowhere}`) as string,
  });
});

test('a part that is missing from a folder that is there is told as before', async () => {
  const address = await publishShared({ x: 1 }, openLake(fresh()));
  await expect(source().get(address, fresh(), new AbortController().signal)).rejects.toMatchObject({ code: 'not-in-lake' });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedLake } from '../../../src/cluster/lake/cached-lake.js';
import { openLake } from '../../../src/cluster/lake/open-lake.js';
import { serveLake } from '../../../src/cluster/lake/serve-lake.js';
import { lakeContract, type OpenedLake } from '../../contracts/lake.js';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'lake-'));
const gone = (folder: string): void => rmSync(folder, { recursive: true, force: true });

const folder = (): Promise<OpenedLake> => {
  const home = fresh();
  return Promise.resolve({ lake: openLake(home), folder: home, close: () => Promise.resolve(gone(home)) });
};

const served = async (): Promise<OpenedLake> => {
  const home = fresh();
  const server = await serveLake({ folder: home, host: '127.0.0.1', port: 0, token: 'open sesame' });
  return {
    lake: openLake(server.url, { token: 'open sesame', pauseMs: 1 }),
    folder: home,
    close: async () => {
      await server.close();
      gone(home);
    },
  };
};

lakeContract('a folder', folder);
lakeContract('a file address', async () => {
  const opened = await folder();
  return { ...opened, lake: openLake(pathToFileURL(opened.folder).href) };
});
lakeContract('quantai lake over HTTP', served);
lakeContract('a cache before HTTP', async () => {
  const opened = await served();
  const cache = fresh();
  const lake = cachedLake(opened.lake, cache, { limitBytes: 100_000_000, pauseMs: 1 });
  const close = async (): Promise<void> => {
    await opened.close();
    gone(cache);
  };
  return { ...opened, lake, close };
});

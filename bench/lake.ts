import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedLake } from '../src/cluster/lake/cached-lake.js';
import { fetchShared } from '../src/cluster/lake/fetch-shared.js';
import { openLake, type OpenLake } from '../src/cluster/lake/open-lake.js';
import { publishShared } from '../src/cluster/lake/publish-shared.js';
import { market } from './fixtures/minute-bars.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

/** `quantai lake` in a process of its own, as a worker meets it. */
const serve = async (dist: string, workspace: string): Promise<{ readonly url: string; readonly server: ChildProcess }> => {
  const { QUANTAI_LAKE_TOKEN: _, ...env } = process.env;
  const server = spawn(process.execPath, [join(dist, 'cli.js'), 'lake', '--port', '0', '--json', '--workspace', workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let text = '';
  for await (const chunk of server.stdout) {
    text += String(chunk);
    if (text.includes('}')) break;
  }
  return { url: (JSON.parse(text) as { url: string }).url, server };
};

/** What a run over minute bars shares with its workers, into a lake and out of it: megabytes a second. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, dist }) => {
    const folder = await mkdtemp(join(scratch, 'lake-'));
    const { url, server } = await serve(dist, folder);
    try {
      const { bars, funding } = market(quick ? 300_000 : 3_000_000, { shared: true });
      const shared = { chunks: [bars, funding], config: { symbols: [bars.symbol] } };
      const lake = openLake(join(folder, 'lake'));
      const { bytes, ...address } = await publishShared(shared, lake);
      const megabytes = bytes / 1e6;
      const bundles = join(folder, 'bundles');
      const cache = join(folder, 'cache');
      const fetchFrom = (from: OpenLake) => fetchShared({ ...address, bytes }, from, { bundles });
      const cached = () => cachedLake(openLake(url), cache, { limitBytes: 1e12 });
      await fetchFrom(cached());
      let serial = 0;
      const [publish = [], again = [], byFolder = [], byHttp = [], intoCache = [], fromCache = []] = await interleave(
        [
          { run: () => publishShared(shared, openLake(join(folder, `lake-${(serial += 1)}`))) },
          { run: () => publishShared(shared, lake) },
          { run: () => fetchFrom(lake) },
          { run: () => fetchFrom(openLake(url)) },
          { run: () => fetchFrom(cachedLake(openLake(url), join(folder, `cache-${(serial += 1)}`), { limitBytes: 1e12 })) },
          { run: () => fetchFrom(cached()) },
        ],
        { warmups: 1, rounds: quick ? 3 : 7 },
      );
      const rate = (timings: readonly number[]): number => megabytes / median(timings);
      return [
        measurement('lake: publish', rate(publish), 'MB/s', { timings: publish }),
        measurement('lake: publish what is there', rate(again), 'MB/s', { timings: again }),
        measurement('lake: fetch from a folder', rate(byFolder), 'MB/s', { timings: byFolder }),
        measurement('lake: fetch over HTTP on loopback', rate(byHttp), 'MB/s', {
          timings: byHttp,
          ratio: ratioOf(byHttp, byFolder),
          of: 'from a folder',
        }),
        measurement('lake: fetch over HTTP into a cache', rate(intoCache), 'MB/s', { timings: intoCache }),
        measurement('lake: fetch from the cache', rate(fromCache), 'MB/s', {
          timings: fromCache,
          ratio: ratioOf(fromCache, byHttp),
          of: 'over HTTP',
        }),
      ];
    } finally {
      server.kill('SIGINT');
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    }
  },
};

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { main } from '/work/main/src/commands/main.js';
import { practiceWorld } from '/work/main/src/practice/processes/practice-world.js';
it('t', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'quantai-rehearse-'));
  const w = await practiceWorld({ seed: 7, workspace, account: 'tt', symbols: ['BTC/USDT:USDT'], speed: 240, venue: 'binance' });
  const t0 = Date.now();
  await main(['rehearse','--venue','practice','--workspace',workspace,'--account','tt','--symbol','BTC/USDT:USDT','--timer','2s'], { out: t => console.log(Date.now()-t0, t), err: t => console.log(Date.now()-t0, t), interactive: false });
  console.log(Date.now()-t0, 'end');
  await w.close();
  const { readFile } = await import('node:fs/promises');
  console.log((await readFile(join(workspace,'live/tt/journal/00000001.ndjson'),'utf8').catch(async()=> { const {readdir}=await import('node:fs/promises'); return String(await readdir(join(workspace,'live/tt/journal'))); })).split('\n').map(l=>l.slice(0,260)).join('\n'));
}, 90000);

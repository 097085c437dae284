import { resolve } from 'node:path';
import { fakeServer } from './fake-server.js';

/** Serves the built pages on canned answers, to look at them: `node serve-fake.js [PORT] [FOLDER]`. */
const [port = '4790', web = 'dist/dashboard/web'] = process.argv.slice(2);
const server = await fakeServer({ web: resolve(web), port: Number(port) });
process.stdout.write(`${server.url} (pid ${process.pid})\n`);
setInterval(() => {
  for (const line of server.wrong.slice(-3)) process.stderr.write(`${line}\n`);
}, 5000).unref();

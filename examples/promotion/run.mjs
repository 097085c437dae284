#!/usr/bin/env node
// One strategy from research to money that is not real, and back: a walk-forward, its evidence, paper, parity, two persons, live on a ramp, an edge that ends, and the step down. Every refusal on the way is shown too.
//
//   npm ci && npm run build && node examples/promotion/run.mjs
//
// It works in a temporary folder, talks to an exchange of its own on this machine and to nothing else, and needs about three minutes. --keep leaves the folder for looking around.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, '..', '..', 'dist', 'cli.js');
if (!existsSync(cli)) {
  process.stderr.write('There is no build. Make it: npm ci && npm run build\n');
  process.exit(2);
}
const keep = process.argv.includes('--keep');
/** The whole run is over by then, whatever hangs. */
const DEADLINE = Date.now() + 10 * 60_000;
const DAY = 86_400_000;

const home = mkdtempSync(join(tmpdir(), 'quantai-promotion-'));
const children = new Set();
const begun = Date.now();
let steps = 0;
let refusals = 0;

const out = (text = '') => process.stdout.write(`${text}\n`);
const indented = text =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');

/** What is done next, in a line, and why in another. */
const step = (title, why) => {
  steps++;
  out(`\n── ${steps}. ${title} ${'─'.repeat(Math.max(0, 100 - title.length))}`);
  if (why) out(`   ${why}`);
};

class Failure extends Error {}

const shown = words =>
  words
    .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`))
    .join(' ')
    .replaceAll(`${home}/`, '');

/** Starts `quantai` in the example's workspace, as a person where one is named. */
const start = (words, { as, newPassphraseOf, workspace = home } = {}) => {
  const env = { ...process.env, QUANTAI_HOME: home, NO_COLOR: '1' };
  delete env.QUANTAI_USER;
  if (as) {
    env.QUANTAI_USER = as;
    env.QUANTAI_PASSPHRASE_FILE = join(home, `${as}.passphrase`);
    if (newPassphraseOf) env.QUANTAI_NEW_PASSPHRASE_FILE = join(home, `${newPassphraseOf}.passphrase`);
  }
  out(`\n  ${as ? `${as} ` : ''}$ quantai ${shown(words)}`);
  const child = spawn(process.execPath, [cli, '--workspace', workspace, '--no-progress', ...words], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const said = { out: '', err: '', all: '' };
  child.stdout.on('data', data => {
    said.out += data;
    said.all += data;
  });
  child.stderr.on('data', data => {
    said.err += data;
    said.all += data;
  });
  const ended = new Promise(resolve =>
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve(code ?? signal);
    }),
  );
  return { child, said, ended };
};

const within = async (promise, ms, what) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Failure(`${what} took longer than ${Math.round(ms / 1000)} s`)),
      Math.min(ms, DEADLINE - Date.now()),
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Runs a command to its end and compares its exit code; `says` must be in what it printed. `tail` shows the last lines only. */
const quantai = async (words, { as, newPassphraseOf, workspace, expect = 0, says, tail = 0, json = false } = {}) => {
  const { said, ended } = start(json ? [...words, '--json'] : words, { as, newPassphraseOf, workspace });
  const code = await within(ended, 180_000, words[0]);
  const lines = (json ? said.err : said.all).trimEnd().split('\n');
  const text = tail > 0 && lines.length > tail ? ['…', ...lines.slice(-tail)].join('\n') : lines.join('\n');
  if (text.trim() !== '') out(indented(text.replaceAll(`${home}/`, '')));
  out(`  exit code ${code}${code !== 0 && code === expect ? ', as it must be' : ''}`);
  if (code !== expect) throw new Failure(`quantai ${shown(words)} ended with ${code}, and ${expect} was expected.\n${said.all}`);
  if (says && !says.test(said.all)) throw new Failure(`quantai ${shown(words)} did not say ${says}.\n${said.all}`);
  if (code === 4) refusals++;
  return json ? JSON.parse(said.out) : said.all;
};

/** The exchange's controls. */
const control = async (path, body) => {
  const { control: url } = JSON.parse(readFileSync(join(home, 'practice.json'), 'utf8'));
  const answer = await fetch(`${url}/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Failure(`the exchange answered ${answer.status} to ${path}`);
  return answer.json();
};
const stand = paused => control('pause', { paused });
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const day = (from, days) => Date.parse(`${from}T00:00:00Z`) + days * DAY;
const date = ts => new Date(ts).toISOString().slice(0, 16).replace('T', ' ');

const until = async (what, condition, ms = 120_000) => {
  const end = Math.min(Date.now() + ms, DEADLINE);
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Failure(`waited in vain until ${what}`);
    await pause(100);
  }
};

/** A session that trades while the market goes on to a moment, or until something is there; then the market stands and the session ends in order. */
const session = async (words, { as, to, stop = () => false } = {}) => {
  const running = start(words, { as });
  let isOver = false;
  void running.ended.then(() => (isOver = true));
  const check = () => {
    if (isOver) throw new Failure(`the session ended early:\n${running.said.all}`);
  };
  await until(
    'the session has begun',
    () => {
      check();
      return running.said.all.includes('Ctrl-C ends it');
    },
    60_000,
  ).catch(error => {
    throw new Failure(`${error.message}\n${running.said.all}`);
  });
  await stand(false);
  const why = await until(`the market is at ${date(to)}`, async () => {
    check();
    if (await stop()) return 'stop';
    const { market, finished } = await control('state');
    return market >= to || finished ? 'time' : null;
  });
  await stand(true);
  const { market } = await control('state');
  await pause(500);
  running.child.kill('SIGTERM');
  const code = await within(running.ended, 90_000, 'ending the session');
  out(indented(running.said.all.replaceAll(`${home}/`, '')));
  out(`  stopped by Ctrl-C with the market at ${date(market)}: exit code ${code}`);
  if (code !== 130 && code !== 0) throw new Failure(`the session ended with ${code}`);
  return why;
};

const SYMBOL = 'BTC/USDT:USDT';
const STRATEGY = 'follow-through';
/** Accounts are the host's: with a number, two runs of this example do not meet. */
const PAPER = `paper-${process.pid}`;
const MAIN = `main-${process.pid}`;
const file = join(home, 'follow-through.ts');
/** The last day of research, and the day on which the edge ends. */
const KNOWN = '2024-09-21';
const ENDS = '2024-11-22';
/** Where the market goes on after a month on paper. */
const RESUMED = '2024-10-22';
/** Market seconds in a second, as far as the sessions keep up: the market waits for them. */
const SPEED = 400_000;
const LIMITS = `risk: { maxDrawdown: 0.25, maxDailyLoss: 0.06, maxExposure: 1 },`;

const settings =
  limits => `// Terms of research and of every session. The gates are those of the platform: none is made easier for this example.
export default {
  symbols: ['${SYMBOL}'],
  timeframe: '4h',
  capital: 10_000,
  ${limits ? LIMITS : '// no limits are declared'}
  walkforward: { train: '180d', test: '60d' },
  promotion: { persons: 2, watch: { nightly: false } },
  audit: { anchor: 'elsewhere' },
};
`;

const main = async () => {
  for (const name of ['follow-through.ts', 'move.ts']) cpSync(join(here, name), join(home, name));
  writeFileSync(join(home, 'quantai.config.ts'), settings(false));
  mkdirSync(join(home, 'elsewhere'));
  for (const name of ['alice', 'bob']) writeFileSync(join(home, `${name}.passphrase`), `the passphrase of ${name}\n`, { mode: 0o600 });
  out(`Everything happens in ${home}.`);

  step(
    'Data with a known truth',
    `Until ${ENDS} a large bar is followed by another in its direction; after that it is not. Research sees what lies before ${KNOWN}.`,
  );
  const synth = (dataset, from, to, truth, seed, timeframe = '4h') =>
    quantai([
      'data',
      'synth',
      '--dataset',
      dataset,
      '--symbols',
      SYMBOL,
      '--timeframe',
      timeframe,
      '--from',
      from,
      '--to',
      to,
      '--volatility',
      '0.8',
      '--truth',
      truth,
      '--seed',
      seed,
    ]);
  const edge = 'autocorrelation:coefficient=0.2';
  await synth('history', '2023-01-01', KNOWN, edge, '7');
  await synth('market', '2023-01-01', ENDS, edge, '7');
  await synth('market', ENDS, '2025-06-01', 'none', '8');

  step('A backtest is no evidence', 'It was judged on the days that it was found on, and nobody said where the account stands still.');
  const backtest = await quantai(['backtest', file, '--dataset', 'history'], { json: true });
  await quantai(['evidence', backtest.runId, '--only', 'causality'], { tail: 4 });
  const toPaper = run => ['promote', file, '--run', run, '--to', 'paper', '--account', PAPER, '--venue', 'practice'];
  let exchange = await opened('market', KNOWN, SPEED, ['--paused']);
  await quantai(toPaper(backtest.runId), { expect: 4, says: /risk-limits/ });

  step('Limits, a walk-forward, and its evidence', 'The walk-forward runs under the limits that the sessions will have.');
  writeFileSync(join(home, 'quantai.config.ts'), settings(true));
  const walk = await quantai(['walkforward', file, '--dataset', 'history'], { json: true });
  await quantai(['evidence', walk.runId, '--only', 'cost-stress,causality'], { tail: 30 });

  step('On paper', 'Every gate says what it found. Other parameters than those of the newest fold are refused.');
  await quantai([...toPaper(walk.runId), '--param', 'threshold=220'], { expect: 4, says: /parameters/ });
  await quantai(toPaper(walk.runId));

  step(
    'Weeks of market in seconds',
    'The paper session trades 30 days of the exchange. Its own certificate says whether the backtest would have done the same.',
  );
  await session(['paper', file, '--account', PAPER, '--venue', 'practice'], { to: day(KNOWN, 31) });
  await quantai(['parity', PAPER]);

  step('Not yet live', 'Nobody has rehearsed the kill switch, and money needs two persons.');
  const toLive = ['promote', STRATEGY, '--to', 'live', '--account', MAIN, '--venue', 'practice', '--size', '1000000'];
  await quantai(toLive, { expect: 4, says: /kill-switch/ });
  // At the pace of minutes, for which the venue changes its data: one in weeks a second would be gone before a switch is pressed.
  await closed(exchange);
  await synth('minutes', '2024-10-20', '2024-10-22', 'none', '9', '1m');
  exchange = await opened('minutes', '2024-10-21', 60);
  await quantai(['rehearse', '--account', MAIN, '--venue', 'practice', '--timer', '5s']);
  await closed(exchange);
  exchange = await opened('market', RESUMED, SPEED, ['--paused']);
  await quantai([...toLive, '--confirm', 'yes'], { expect: 4, says: /users/ });

  step('Two persons', 'Alice operates, bob approves; both have a key of their own. Whoever asks cannot approve.');
  await quantai(['users', 'add', 'alice', '--role', 'operator,researcher,approver'], { as: 'alice' });
  await quantai(['users', 'add', 'bob', '--role', 'approver'], { as: 'alice', newPassphraseOf: 'bob' });
  await quantai(['users', 'list'], { as: 'alice' });
  const sentence = await agreed(toLive);
  await quantai([...toLive, '--confirm', sentence.replace(/with \d+/, 'with 1')], { as: 'alice', expect: 4, says: /another sentence/ });
  const asked = await quantai([...toLive, '--confirm', sentence], { as: 'alice', json: true });
  const { id } = asked.request;
  await quantai(['approve', id, '--confirm', sentence], { as: 'alice', expect: 4 });
  await quantai(['approve', id, '--confirm', 'I agree'], { as: 'bob', expect: 4 });
  await quantai(['approve', id, '--confirm', sentence], { as: 'bob' });
  await quantai(['approve', id, '--confirm', sentence], { as: 'bob', expect: 4 });
  await quantai(['promote', STRATEGY], { as: 'alice' });

  step('Live with a hundredth of the size', 'One byte of a helper is changed first: the session refuses to begin, and names the file.');
  const live = ['live', file, '--account', MAIN, '--venue', 'practice', '--no-watchdog'];
  const helper = join(home, 'move.ts');
  const text = readFileSync(helper, 'utf8');
  writeFileSync(helper, text.replace('10_000', '10_001'));
  await quantai(live, { as: 'alice', expect: 4, says: /move\.ts/ });
  writeFileSync(helper, text);
  await session(live, { as: 'alice', to: (await control('state')).market + 16 * DAY });
  await quantai(['parity', MAIN], { as: 'alice' });

  step('One step up the ramp', 'A tenth now, by the gates of the step and the approval of bob.');
  const up = ['promote', STRATEGY, '--ramp'];
  const more = await agreed(up);
  const raised = await quantai([...up, '--confirm', more], { as: 'alice', json: true });
  await quantai(['approve', raised.request.id, '--confirm', more], { as: 'bob' });

  step('The edge ends', `On ${ENDS} of the market's time. Nobody tells the strategy.`);
  const before = steppedDown();
  await session(live, { as: 'alice', to: day(KNOWN, 240), stop: () => steppedDown() > before });
  if (steppedDown() === before) throw new Failure('the edge ended, and nothing stepped down');
  await quantai(['promote', STRATEGY], { as: 'alice' });

  step('The next session trades less', 'The share is that of the step below; the alarm stays until a person has looked.');
  const { market } = await control('state');
  await session(live, { as: 'alice', to: market + DAY });

  step(
    'The record',
    'Every command, refusal, approval and step is in one chain, signed, and anchored in a second place. One changed letter is found.',
  );
  await quantai(['audit', 'verify'], { as: 'alice' });
  await quantai(['audit', 'show'], { as: 'alice', tail: 12 });
  const copy = join(home, 'copy');
  cpSync(join(home, 'audit'), join(copy, 'audit'), { recursive: true });
  const log = join(copy, 'audit', 'log.ndjson');
  writeFileSync(log, readFileSync(log, 'utf8').replace('"bob"', '"eve"'));
  await quantai(['audit', 'verify'], { as: 'alice', workspace: copy, expect: 4, says: /First bad record|first bad record/ });

  await closed(exchange);
};

/** The practice exchange over a dataset, once it listens. */
const opened = async (dataset, from, speed, more = []) => {
  const account = `${MAIN}:key-of-main:secret-of-main:1000000`;
  const exchange = start(['practice', '--dataset', dataset, '--from', from, '--speed', String(speed), '--accounts', account, ...more]);
  await until('the exchange listens', () => existsSync(join(home, 'practice.json')), 180_000);
  out(indented(exchange.said.all.replaceAll(`${home}/`, '')));
  return exchange;
};

const closed = async exchange => {
  exchange.child.kill('SIGTERM');
  await within(exchange.ended, 20_000, 'ending the exchange');
};

/** The sentence that a step asks its asker for: asked without a terminal, the refusal names it. */
const agreed = async words => {
  const said = await quantai(words, { as: 'alice', expect: 4, says: /--confirm/ });
  const found = /--confirm "([^"]+)"/.exec(said);
  if (!found) throw new Failure(`no sentence in:\n${said}`);
  return found[1];
};

/** Steps down that the audit log has. */
const steppedDown = () =>
  readFileSync(join(home, 'audit', 'log.ndjson'), 'utf8')
    .split('\n')
    .filter(line => line.includes('"RampStepped"') || line.includes('"StageLeft"')).length;

const finish = async failure => {
  for (const child of children) child.kill('SIGKILL');
  if (keep || failure) out(`\nThe workspace stays in ${home}`);
  else rmSync(home, { recursive: true, force: true });
};

try {
  await main();
  out(`\n${steps} steps, ${refusals} refusals as expected, ${Math.round((Date.now() - begun) / 1000)} s.`);
  await finish(false);
} catch (error) {
  await finish(true);
  process.stderr.write(`\nFAILED: ${error instanceof Failure ? error.message : error.stack}\n`);
  process.exitCode = 1;
}

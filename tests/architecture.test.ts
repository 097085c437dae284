import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Folders in order of dependency: a folder may import from earlier rows and from itself, not from its own row's others. */
const ROWS: readonly (readonly string[])[] = [
  ['numeric'],
  ['(leaf)'],
  ['statistics'],
  ['market'],
  ['events'],
  ['features', 'costs', 'journal', 'datasets'],
  ['portfolio'],
  ['models', 'execution'],
  ['strategies', 'risk', 'metrics'],
  ['engine'],
  ['sim', 'live'],
  ['practice', 'cluster'],
  ['experiments'],
  ['reports'],
  ['promotion'],
  ['dashboard'],
  ['commands'],
];

/** The only single files at the top of src; index.ts and cli.ts stand above everything. */
const LEAVES = new Set(['errors.ts', 'random.ts', 'time.ts', 'duckdb.ts', 'parquet.ts', 'durable-file.ts']);
const TOPS = new Set(['index.ts', 'cli.ts']);

/** Folders that may open sockets. */
const NETWORKED = new Set(['live', 'practice', 'cluster', 'dashboard']);
const NETWORK = /^(node:)?(net|http|https|http2|dgram|tls|dns)$|^(ccxt|fastify|undici|ws|pg|ioredis|bullmq)(\/|$)/;

/** Folders whose code decides what a backtest gives. */
const DETERMINISTIC = ROWS.slice(0, 11).flat();

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });

const SOURCES = files('src').map(path => ({ path, text: readFileSync(path, 'utf8') }));

/** Code without comments and without text in quotes. */
const bare = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");

const imports = (text: string): string[] =>
  [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map(
    m => m[1] ?? m[2] ?? '',
  );

const placeOf = (path: string): string => {
  const [first = '', ...rest] = relative('src', path).split('/');
  if (rest.length > 0) return first;
  return LEAVES.has(first) ? '(leaf)' : TOPS.has(first) ? '(top)' : `(unknown ${first})`;
};

const rowOf = (place: string): number => ROWS.findIndex(row => row.includes(place));

const edgesOf = (read: (text: string) => string[]) =>
  SOURCES.flatMap(({ path, text }) =>
    read(text)
      .filter(name => name.startsWith('.'))
      .map(name => ({ from: path, to: relative('.', resolve(dirname(path), name.replace(/\.js$/, '.ts'))) })),
  );

const edges = edgesOf(imports);
/** Types leave nothing at run time: two files may share a concept by type, as events and their unions do. */
const runtimeEdges = edgesOf(text => imports(text.replace(/(^|\n)(import|export) type [^;]*;/g, '')));

describe('the architecture', () => {
  it('has only folders that the table names, and no single files but the leaves', () => {
    const places = new Set(SOURCES.map(({ path }) => placeOf(path)));
    expect([...places].filter(place => place !== '(top)' && rowOf(place) < 0)).toEqual([]);
  });

  it('lets imports point one way, and keeps folders of one row apart', () => {
    const wrong = edges.filter(({ from, to }) => {
      const [a, b] = [placeOf(from), placeOf(to)];
      if (a === '(top)' || a === b) return false;
      return b === '(top)' || rowOf(b) >= rowOf(a);
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('has no cycle between files', () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of runtimeEdges) next.set(from, [...(next.get(from) ?? []), to]);
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
        return;
      }
      state.set(path, 'open');
      for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
      state.set(path, 'done');
    };
    for (const { path } of SOURCES) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('opens sockets only where the design says so', () => {
    const wrong = SOURCES.filter(({ path, text }) => !NETWORKED.has(placeOf(path)) && imports(text).some(name => NETWORK.test(name)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('tells no time and draws no chance in what a backtest runs, and raises no power the way Node versions differ', () => {
    const banned = [
      /\bDate\.now\b/,
      /\bnew Date\(\s*\)/,
      /\bMath\.(random|pow|sin|cos|tan)\b/,
      /\*\*/,
      /\bperformance\b/,
      /\bset(Timeout|Interval|Immediate)\b/,
    ];
    const wrong = SOURCES.filter(({ path }) => DETERMINISTIC.includes(placeOf(path))).flatMap(({ path, text }) =>
      banned.filter(pattern => pattern.test(bare(text))).map(pattern => `${path}: ${pattern.source}`),
    );
    // Their very subject: what a strategy may not call, a turn of the event loop, and how long a writer waits for another.
    expect(
      wrong.filter(
        line =>
          !/guarded-globals|events\/turn|writer-lock|type-check|bundle\.ts|live\/system-clock|live\/ccxt\/|live\/session\/socket-lock/.test(
            line,
          ),
      ),
    ).toEqual([]);
  });

  it('lets only the risk gate approve an order', () => {
    const casts = SOURCES.filter(({ path, text }) => /\bas Approved</.test(text) && path !== 'src/risk/approve.ts');
    expect(casts.map(({ path }) => path)).toEqual([]);
  });

  it('has no barrel but src/index.ts and no file named for nothing', () => {
    const odd = SOURCES.filter(
      ({ path }) =>
        (path.endsWith('/index.ts') && path !== 'src/index.ts') || /(utils?|helpers?|manager|service|misc|common)(\.|-)/.test(path),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('uses no loose types', () => {
    const loose = SOURCES.filter(({ text }) => /\bas any\b|:\s*any\b|\bas unknown as\b|@ts-(ignore|nocheck|expect-error)/.test(bare(text)));
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('says its own version', () => {
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string };
    expect(readFileSync('src/engine/platform.ts', 'utf8')).toContain(`'${name}@${version}'`);
  });
});

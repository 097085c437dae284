import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT_IN } from '../../strategies/built-in.js';
import type { Param } from '../../strategies/params.js';
import type { StrategyLine } from '../api/research-api.js';

const paramLine = (name: string, param: Param): StrategyLine['params'][number] => ({
  name,
  kind: param.kind,
  min: 'min' in param ? param.min : null,
  max: 'max' in param ? param.max : null,
  default: param.default,
  ...(param.kind === 'choice' && { values: [...param.values] }),
});

/** Strategies that come along, with their parameters. */
const builtIn = (): Promise<readonly StrategyLine[]> =>
  Promise.all(
    Object.entries(BUILT_IN).map(async ([strategy, load]) => {
      const { params } = (await load()).default;
      return { strategy, builtIn: true, params: Object.entries(params).map(([name, param]) => paramLine(name, param)) };
    }),
  );

/** Folders of a workspace that hold what is made, or what others wrote. */
const LEFT_OUT = new Set([
  'node_modules',
  'datasets',
  'reports',
  'ledger',
  'live',
  'promotions',
  'audit',
  'dashboard',
  'models',
  'features',
  'dist',
]);
const DEPTH = 3;

const filesOf = async (root: string, within: string, depth: number): Promise<readonly string[]> => {
  const entries = await readdir(join(root, within), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const path = within === '' ? entry.name : `${within}/${entry.name}`;
      if (entry.isDirectory())
        return depth === 0 || entry.name.startsWith('.') || LEFT_OUT.has(entry.name) ? [] : filesOf(root, path, depth - 1);
      return /\.[mc]?[jt]s$/.test(entry.name) && !/\.(d|test|spec|config)\.[mc]?[jt]s$/.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
};

/**
 * Built-in strategies, and files of the workspace that define one. A file's parameters are not listed: to know them its code would have to run, and code runs in jobs.
 */
export const strategyLines = async (workspace: string): Promise<readonly StrategyLine[]> => {
  const files = await filesOf(workspace, '', DEPTH);
  const own = await Promise.all(
    files.map(async path => ((await readFile(join(workspace, path), 'utf8').catch(() => '')).includes('defineStrategy(') ? path : null)),
  );
  return [
    ...(await builtIn()),
    ...own
      .flatMap(path => (path === null ? [] : [{ strategy: path, builtIn: false, params: [] }]))
      .sort((a, b) => (a.strategy < b.strategy ? -1 : 1)),
  ];
};

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import yargs from 'yargs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCommands } from '../src/commands/commands.js';
import { overridesOf, type RunOptions } from '../src/commands/run-options.js';
import { quantai, temporaryWorkspace } from './commands/run-quantai.js';

/** `UPDATE_DOCS=1` writes what is generated into the pages instead of comparing it. */
const UPDATE = process.env['UPDATE_DOCS'] === '1';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (path: string): string => join(ROOT, path);

const markdownIn = (folder: string): string[] =>
  readdirSync(inRoot(folder))
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name));

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

interface Page {
  readonly path: string;
  readonly text: string;
  /** Without its blocks of code; line breaks within a paragraph are spaces. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

const readPage = (path: string): Page => {
  const text = readFileSync(inRoot(path), 'utf8');
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  text.split('\n').forEach((line, i) => {
    const fence = /^```(\w*)$/.exec(line);
    if (open && fence) {
      blocks.push({ page: path, line: open.line, language: open.language, text: `${open.lines.join('\n')}\n` });
      open = undefined;
    } else if (fence) open = { language: fence[1] ?? '', line: i + 1, lines: [] };
    else if (open) open.lines.push(line);
    else prose.push(line);
  });
  if (open) throw new Error(`${path}:${open.line}: this block is never closed`);
  return { path, text, prose: prose.join('\n').replace(/([^\n])\n[ \t]*(?=[^\n])/g, '$1 '), blocks };
};

const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'datasets/README.md',
  'reports/README.md',
  'examples/README.md',
  ...markdownIn('docs'),
  ...markdownIn('docs/decisions'),
].map(readPage);

const pageNamed = (path: string): Page => {
  const page = PAGES.find(each => each.path === path);
  if (!page) throw new Error(`no page ${path}`);
  return page;
};
const blocksIn = (language: string): Block[] => PAGES.flatMap(page => page.blocks).filter(block => block.language === language);
const codeSpans = (prose: string): string[] => [...prose.matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '');
const nameOf = ({ page, line }: Block): string => `${page}:${line}`;

/** As GitHub makes anchors of headings. */
const anchors = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

describe('links between pages', () => {
  it.each(PAGES.map(page => [page.path, page] as const))('%s: each leads somewhere', (path, page) => {
    for (const [, target = ''] of page.prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? inRoot(path) : resolve(dirname(inRoot(path)), file);
      // Pictures are made from reports and come into the tree with a release.
      if (found.startsWith(inRoot('docs/images')) && !existsSync(inRoot('docs/images'))) continue;
      expect(existsSync(found), `${path} → ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchors(readFileSync(found, 'utf8')), `${path} → ${target}`).toContain(anchor);
    }
  });
});

describe('names of files and what is in them', () => {
  const NAME_IN_FILE = /`#?([A-Za-z_]\w*)`(?: and a case)? (?:in|of) `((?:src|tests)\/[\w./-]+\.ts)`/g;
  const PATH = /^(?:src|tests|docs|examples|datasets|reports|scripts|bench|\.ci)\/[\w./-]*$|^[A-Z]+\.md$/;

  it.each(PAGES.map(page => [page.path, page] as const))('%s: each path in back-ticks exists', (path, page) => {
    for (const span of codeSpans(page.prose)) if (PATH.test(span)) expect(existsSync(inRoot(span)), `${path}: ${span}`).toBe(true);
  });

  it.each(PAGES.map(page => [page.path, page] as const))('%s: each name said to be in a file is there', (path, page) => {
    for (const [, name = '', file = ''] of page.prose.matchAll(NAME_IN_FILE))
      expect(readFileSync(inRoot(file), 'utf8'), `${path}: ${name} in ${file}`).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('the architecture names many of them: the check sees them', () => {
    expect(pageNamed('ARCHITECTURE.md').prose.match(NAME_IN_FILE)?.length).toBeGreaterThan(20);
  });

  it('the changelog has the version of the package, and the README its oldest Node', () => {
    const { version, engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { version: string; engines: { node: string } };
    expect(pageNamed('CHANGELOG.md').text).toContain(`## [${version}]`);
    expect(pageNamed('README.md').text).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
  });
});

/** Words of a shell line: quotes, and no other magic. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)].map(([whole, double, single]) => double ?? single ?? whole);

/** The simple commands of a block of shell: comments dropped, `\` continued, `&&` cut. */
const commandsOf = ({ text }: Block): string[][] =>
  text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map(line => line.replace(/(?:^|\s)#.*$/, ''))
    .flatMap(line => line.split('&&'))
    .map(line =>
      wordsOf(line.trim()).filter((word, i, all) => !(/^[A-Z_]+=/.test(word) && all.slice(0, i).every(w => /^[A-Z_]+=/.test(w)))),
    )
    .map(words => (words.includes('>>') ? words.slice(0, words.indexOf('>>')) : words))
    .filter(words => words.length > 0);

/** The words behind `quantai`, or undefined when the command is another one. */
const quantaiWords = (words: readonly string[]): readonly string[] | undefined => {
  if (words[0] === 'quantai') return words.slice(1);
  const cli = words.indexOf('dist/cli.js');
  return words[0] === 'node' && cli > 0 ? words.slice(cli + 1) : undefined;
};

/** Parse a command line by the program's own declarations, up to the point where its work would begin. Throws what is wrong with it. */
const parse = async (words: readonly string[]): Promise<void> => {
  let understood = false;
  let wrong: unknown;
  const cli = withCommands(
    yargs([...words])
      .scriptName('quantai')
      .option('workspace', { type: 'string', default: '.', global: true })
      .option('json', { type: 'boolean', default: false, global: true })
      .option('progress', { type: 'boolean', default: true, global: true })
      .option('as', { type: 'string', global: true })
      .option('registry', { type: 'string', global: true }),
  )
    .parserConfiguration({ 'duplicate-arguments-array': true, 'greedy-arrays': false, 'boolean-negation': true })
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .demandCommand(1)
    .fail((message, error: Error | undefined) => {
      throw error ?? new Error(message);
    })
    .middleware(options => {
      try {
        // Fees, times and the like are texts to the parser and are read by the verb.
        const given: RunOptions & { readonly _: readonly (string | number)[] } = options;
        if (given._[0] === 'backtest' || given._[0] === 'walkforward') overridesOf(given);
        understood = true;
      } catch (error) {
        wrong = error;
      }
      throw new Error('the work would begin here');
    });
  try {
    await cli.parseAsync();
  } catch (error) {
    wrong ??= error;
  }
  if (!understood) throw wrong ?? new Error('nothing would be done');
};

describe('commands that the pages show', () => {
  const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { scripts: Record<string, string> };

  it.each(blocksIn('sh').map(block => [nameOf(block), block] as const))('%s: each is understood', async (_, block) => {
    for (const words of commandsOf(block)) {
      const ours = quantaiWords(words);
      const line = words.join(' ');
      if (ours?.[0] === 'completion') continue;
      if (ours) await expect(parse(ours), line).resolves.toBeUndefined();
      else if (words[0] === 'npm' && words[1] === 'run') expect(Object.keys(scripts), line).toContain(words[2]);
      else if (words[0] === 'npm') expect(['ci', 'test'], line).toContain(words[1]);
      else expect(['npx', 'cd', 'createuser', 'createdb', 'pg_dump', 'pg_restore'], line).toContain(words[0]);
    }
  });

  it('those that pages of the dashboard show are understood too', async () => {
    const pages = readdirSync(inRoot('src/dashboard/web'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.tsx'));
    const shown = pages.flatMap(name => readFileSync(inRoot(join('src/dashboard/web', name)), 'utf8').match(/(?<=command=")[^"]+/g) ?? []);
    expect(shown.length).toBeGreaterThan(7);
    for (const line of shown) await expect(parse(line.split(' ').slice(1)), line).resolves.toBeUndefined();
  });

  it('a wrong verb, option, choice or value is not understood: the check can fail', async () => {
    await expect(parse(['backtset', 'x'])).rejects.toThrow();
    await expect(parse(['backtest', 'x', '--datset', 'y'])).rejects.toThrow();
    await expect(parse(['data', 'import', 'f', '--dataset', 'd', '--kind', 'candles'])).rejects.toThrow();
    await expect(parse(['backtest', 'x', '--slippage', 'square'])).rejects.toThrow();
    await expect(parse(['data', 'synth'])).rejects.toThrow();
  });
});

interface Verb {
  readonly usage: string;
  readonly does: string;
}

/** `quantai data import <files..>` → data, import. */
const verbWords = ({ usage }: Verb): string[] =>
  usage
    .split(' ')
    .slice(1)
    .filter(word => /^[a-z]+$/.test(word));

/** Verbs listed by a help text; descriptions that were wrapped are joined again. */
const verbsIn = (help: string): Verb[] => {
  const listed = /^Commands:\n([\s\S]*?)\n\n/m.exec(help)?.[1] ?? '';
  return listed
    .replace(/\n {4,}/g, ' ')
    .split('\n')
    .flatMap(line => {
      const [, usage = '', does = ''] = /^ {2}(quantai .*?) {2,}(.*)$/.exec(line) ?? [];
      return usage === '' ? [] : [{ usage, does }];
    });
};

const listRegistered = async (): Promise<Verb[]> => {
  const top = verbsIn((await quantai(['--help'])).out);
  const all: Verb[] = [];
  for (const verb of top) {
    const name = verb.usage.split(' ')[1] ?? '';
    const below = name === 'completion' ? [] : verbsIn((await quantai([name, '--help'])).out);
    all.push(...(below.length > 0 ? below : [verb]));
  }
  return all;
};

let registered: readonly Verb[] = [];
/** Every option of every verb. */
let options: ReadonlySet<string> = new Set();
beforeAll(async () => {
  registered = await listRegistered();
  const helps = await Promise.all(registered.map(async verb => (await quantai([...verbWords(verb), '--help'])).out));
  options = new Set(helps.flatMap(help => help.match(/--[a-z][a-z-]*/g) ?? []));
});

/** What stands between `<!-- name… -->` and `<!-- /name -->`. */
const generated = (name: string): RegExp => new RegExp(`(<!-- ${name}[^>]*-->\n)([\\s\\S]*?)(<!-- /${name} -->)`);

const replaceGenerated = async (page: string, name: string, text: string): Promise<void> => {
  const before = await readFile(inRoot(page), 'utf8');
  await writeFile(
    inRoot(page),
    before.replace(generated(name), (_, head: string, __, foot: string) => `${head}\n${text}\n${foot}`),
  );
};

describe('the table of commands', () => {
  it('is that of the program', async () => {
    const verbs = registered;
    const rows = verbs.map(({ usage, does }) => [`\`${usage}\``, does]);
    if (UPDATE) {
      const width = (column: number): number => Math.max(...[...rows, ['Command', 'Does']].map(row => row[column]?.length ?? 0));
      const line = (cells: readonly string[]): string => `| ${cells.map((cell, i) => cell.padEnd(width(i))).join(' | ')} |`;
      const rule = `| ${[0, 1].map(i => '-'.repeat(width(i))).join(' | ')} |`;
      await replaceGenerated('docs/cli.md', 'commands', `${[line(['Command', 'Does']), rule, ...rows.map(line)].join('\n')}\n`);
    }
    const written = generated('commands').exec(readFileSync(inRoot('docs/cli.md'), 'utf8'))?.[2] ?? '';
    const cells = [...written.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)].slice(2).map(([, usage, does]) => [usage, does]);
    expect(verbs.length).toBeGreaterThan(10);
    expect(cells).toEqual(rows);
  });

  it.each(PAGES.map(page => [page.path, page] as const))('%s names no verb or option in a sentence that is not there', (path, page) => {
    const known = new Set(registered.map(verb => verbWords(verb).join(' ')));
    const groups = new Set([...known].map(name => name.split(' ')[0]));
    for (const span of codeSpans(page.prose)) {
      const words = span.split(' ');
      if (words[0] !== 'quantai' || words.length === 1 || words[1]?.startsWith('-') || words[1]?.startsWith('<')) continue;
      const [verb = '', below = ''] = words.slice(1);
      expect(known.has(verb) || known.has(`${verb} ${below}`) || (groups.has(verb) && below === ''), `${path}: ${span}`).toBe(true);
    }
    const ours = codeSpans(page.prose).filter(span => !/^(?:npm|npx|node|git|curl|docker|jupyter|sha256sum) /.test(span));
    for (const option of ours.flatMap(span => span.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []))
      expect([...options], `${path}: ${option}`).toContain(option);
  });
});

let workspace = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root: workspace, remove } = await temporaryWorkspace());
});
afterAll(() => remove());

interface Outcome {
  readonly fingerprint: string;
  readonly bars: number;
  readonly metrics: { readonly exposure: number };
  readonly report: string;
}

/** A backtest on ten months of the sample; throws what the command printed when it did not end well. */
const onSample = async (strategy: string): Promise<Outcome> => {
  const ran = await quantai([
    'backtest',
    strategy,
    '--dataset',
    'sample',
    '--from',
    '2023-03-01',
    '--to',
    '2024-01-01',
    // The source tree's own threads run the built code, which a strategy under test is not linked to.
    '--workers',
    '1',
    '--workspace',
    workspace,
    '--json',
  ]);
  if (ran.code !== 0) throw new Error(ran.err);
  return JSON.parse(ran.out) as Outcome;
};

const isStrategy = ({ text }: Block): boolean => /export default defineStrategy/.test(text) && /from 'quantai-trad'/.test(text);
/** A block that says which file it is. */
const fileOf = ({ text }: Block): string | undefined => /^\/\/ ([\w./-]+\.ts)\n/.exec(text)?.[1];
const isModule = (block: Block): boolean => fileOf(block) !== undefined && /^import /m.test(block.text);

describe('pieces of code that the pages show', () => {
  const reads = (read: () => unknown): boolean => {
    try {
      read();
      return true;
    } catch {
      return false;
    }
  };

  const isTypeScript = (source: string): boolean => reads(() => transformSync(source, { loader: 'ts', logLevel: 'silent' }));
  /** A piece stands by itself, or is the inside of an object, a list, an expression or a function's switch. A block may hold pieces of several files, each behind a line that names it. */
  const parses = (text: string): boolean =>
    text
      .split(/^(?=\/\/ .* in src\/)/m)
      .every(piece => [piece, `({${piece}})`, `[${piece}]`, `(${piece})`, `() => { switch (0) { ${piece} } }`].some(isTypeScript));

  it.each(blocksIn('ts').map(block => [nameOf(block), block.text] as const))('%s: is TypeScript', (_, text) => {
    expect(parses(text)).toBe(true);
  });

  it.each(blocksIn('json').map(block => [nameOf(block), block.text] as const))('%s: is JSON, one document or one a line', (_, shown) => {
    // What is left out does not count.
    const text = shown.replace(/,?…/g, '');
    const whole = (): unknown => JSON.parse(text);
    const lines = (): unknown =>
      text
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown);
    expect([whole, lines].some(reads)).toBe(true);
  });

  it('what is none is told: the check can fail', () => {
    expect(parses('const x: = 1')).toBe(false);
  });
});

describe('strategies that the pages show', () => {
  it.each(
    blocksIn('ts')
      .filter(isStrategy)
      .map(block => [nameOf(block), block] as const),
  )('%s: type-checks and trades on the sample', async (name, block) => {
    const file = join(workspace, `${name.replace(/\W/g, '-')}.ts`);
    await writeFile(file, block.text);
    const { bars, metrics, report } = await onSample(file);
    expect(bars).toBeGreaterThan(1_000);
    expect(metrics.exposure).toBeGreaterThan(0);
    expect(existsSync(report)).toBe(true);
  });

  it('the one in the README is the built-in sma-cross: both give one fingerprint', async () => {
    const block = pageNamed('README.md').blocks.find(isStrategy);
    const file = join(workspace, 'readme.ts');
    await writeFile(file, block?.text ?? '');
    expect((await onSample(file)).fingerprint).toBe((await onSample('sma-cross')).fingerprint);
  });

  it('a strategy with a wrong type does not pass: the check can fail', async () => {
    const file = join(workspace, 'wrong.ts');
    await writeFile(
      file,
      `import { defineStrategy, target } from 'quantai-trad';\nexport default defineStrategy({ name: 'wrong', params: {}, decide: bar => target(bar.close, 1) });\n`,
    );
    await expect(onSample(file)).rejects.toThrow('does not type-check');
  });

  it('no block with imports goes unchecked', () => {
    const unchecked = blocksIn('ts').filter(block => /^import /m.test(block.text) && !isStrategy(block) && !isModule(block));
    expect(unchecked.map(nameOf)).toEqual([]);
  });
});

describe('modules that the pages show', () => {
  const modules = blocksIn('ts').filter(isModule);

  /** Type-check blocks as if they lay where their first line says; returns what the compiler says. */
  const compile = async (blocks: readonly Pick<Block, 'text'>[], folder: string): Promise<string> => {
    const files: string[] = [];
    for (const block of blocks) {
      const name = fileOf({ page: '', line: 0, language: 'ts', ...block }) ?? 'none.ts';
      // Several pages show a file of one name: each lies in a layer of its own.
      let layer = 0;
      while (files.includes(join(folder, `${layer}`, name))) layer++;
      const path = join(folder, `${layer}`, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, block.text);
      files.push(path);
    }
    const layers = files.map((_, layer) => join(folder, `${layer}`, 'src'));
    const { compilerOptions } = JSON.parse(readFileSync(inRoot('tsconfig.json'), 'utf8')) as { compilerOptions: object };
    const config = join(folder, 'tsconfig.json');
    const settings = {
      ...compilerOptions,
      // A relative import is looked for beside the block and where the block would lie.
      rootDirs: [inRoot('src'), ...layers],
      paths: { 'quantai-trad': [inRoot('src/index.ts')] },
      typeRoots: [inRoot('node_modules/@types')],
    };
    await writeFile(config, JSON.stringify({ compilerOptions: settings, files }));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const compiler = inRoot('node_modules/typescript/bin/tsc');
    return promisify(execFile)(process.execPath, [compiler, '-p', config, '--pretty', 'false']).then(
      ({ stdout }) => stdout.trim(),
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
  };

  it('type-check where they say that they lie', async () => {
    expect(modules.length).toBeGreaterThan(3);
    expect(await compile(modules, join(workspace, 'modules'))).toBe('');
  });

  it('one with a wrong type does not: the check can fail', async () => {
    const text = `// src/costs/wrong.ts\nimport type { FeeModel } from './fees.js';\n\nexport const wrong: FeeModel = () => 'free';\n`;
    expect(await compile([{ text }], join(workspace, 'wrong-module'))).toContain('TS2322');
  });
});

describe('examples', () => {
  const files = readdirSync(inRoot('examples')).filter(name => name.endsWith('.ts'));

  // What the sample has no data for is played in tests/scenarios/.
  const ELSEWHERE = new Set(['hedged-carry.ts']);

  it.each(files.filter(name => !ELSEWHERE.has(name)))('%s trades on the sample and writes a report', async name => {
    const { metrics, report } = await onSample(inRoot(join('examples', name)));
    expect(metrics.exposure).toBeGreaterThan(0);
    expect(existsSync(report)).toBe(true);
  });

  it('say in their header how they are run', async () => {
    for (const name of files) {
      const [, header = ''] = /\/\*\*([\s\S]*?)\*\/\s*export default/.exec(await readFile(inRoot(join('examples', name)), 'utf8')) ?? [];
      expect(header, name).toContain(`quantai backtest examples/${name} --dataset `);
    }
  });

  it('are all listed in their README, and carry their own name', async () => {
    const { text } = pageNamed('examples/README.md');
    for (const name of files) {
      expect(text).toContain(`[${name}](${name})`);
      expect(await readFile(inRoot(join('examples', name)), 'utf8')).toContain(`name: '${basename(name, '.ts')}'`);
    }
  });
});

describe('what the README says that the demo prints', () => {
  // Its own: trials of the other pages' commands would be counted as a newcomer's.
  let fresh: { readonly root: string; readonly remove: () => Promise<void> };
  beforeAll(async () => {
    fresh = await temporaryWorkspace();
  });
  afterAll(() => fresh.remove());

  /** Without what differs between computers and releases: fingerprints, run ids, folders. */
  const steady = (text: string): string =>
    text
      .replaceAll(`${fresh.root}/`, '')
      .replace(/[0-9a-f]{64}/g, '<fingerprint>')
      .replace(/-[0-9a-f]{8}(?=\b)/g, '-<hash>')
      .trim();

  it('is what it prints', async () => {
    const { code, out } = await quantai(['demo', '--workspace', fresh.root]);
    expect(code).toBe(0);
    if (UPDATE) await replaceGenerated('README.md', 'output', `\`\`\`text\n${out.replaceAll(`${fresh.root}/`, '').trim()}\n\`\`\`\n`);
    const shown = readPage('README.md').blocks.find(({ language }) => language === 'text');
    expect(steady(shown?.text ?? '')).toBe(steady(out));
  });
});

describe('codes that the pages list', () => {
  const sources = (folder: string): string =>
    readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
      .filter(item => item.isFile() && item.name.endsWith('.ts'))
      .map(item => readFileSync(join(item.parentPath, item.name), 'utf8'))
      .join('\n');

  const firstCells = (markdown: string): string[] => [...markdown.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) => codeSpans(cell));

  it('docs/data.md: each finding is one that the code can make, and each that the code makes is there', () => {
    const code = sources('src/datasets');
    const { text } = pageNamed('docs/data.md');
    const tables = text.slice(text.indexOf('## What is found'), text.indexOf('## Versions'));
    const listed = firstCells(tables).map(name => name.replace(/^(truncated|corrupt)-(?:gzip|zip)$/, '$1-'));
    for (const name of listed) expect(code, name).toMatch(new RegExp(`['\`]${name}(?:['\`]|\\$)`));
    const made = [
      ...code.matchAll(/(?:finding\(\s*series,\s*context,\s*|say\(\s*|report\(series, context, |\bcode: )'([a-z]+(?:-[a-z]+)*)'/g),
    ].map(match => match[1]);
    expect(made.length).toBeGreaterThan(25);
    for (const name of new Set(made)) if (name !== 'not-compared') expect(listed, name).toContain(name);
  });

  it('docs/strategies.md: each refusal and each error is one that the code can make', () => {
    const code = sources('src');
    const { text } = pageNamed('docs/strategies.md');
    const section = text.slice(text.indexOf('## What is refused'));
    const names = codeSpans(section).filter(name => /^[a-z]+(?:-[a-z]+)+$/.test(name) && !name.endsWith('-trad'));
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) expect(code, name).toContain(`'${name}'`);
  });
});

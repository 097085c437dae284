import nodeModule = require('node:module');
import path = require('node:path');
import url = require('node:url');
import util = require('node:util');

/** What this file uses of tslab, which brings no types that this platform is built with. */
interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
}
interface ExecuteReply {
  readonly status: string;
  readonly execution_count?: number | undefined;
}
type ExecuteArguments = readonly [request: { readonly code: string }, writeStream: unknown, writeDisplayData: unknown];
interface Handler {
  handleExecute(...args: ExecuteArguments): Promise<ExecuteReply>;
  handleShutdown(request: unknown): unknown;
}
interface Tslab {
  readonly createConverter: (options: { readonly isJS: boolean; readonly isBrowser: boolean }) => { close(): void };
  readonly createExecutor: (
    folder: string,
    converters: { readonly node: unknown; readonly browser: unknown; close(): void },
    console: { readonly log: (...values: unknown[]) => void; readonly error: (...values: unknown[]) => void },
  ) => Executor;
  readonly JupyterHandlerImpl: new (executor: Executor, isJs: boolean) => Handler;
  readonly ZmqServer: new (handler: Handler, connectionFile: string) => { init(): Promise<void> };
  readonly lastWriteDisplayData: ((message: object, isUpdate: boolean) => void) | null;
}
type CompilerOptions = Readonly<Record<string, unknown>>;
/** A node of the compiler's syntax tree, as far as it is read here. */
interface SyntaxNode {
  readonly name?: SyntaxNode;
  readonly objectAssignmentInitializer?: SyntaxNode;
  getEnd(): number;
  getText(): string;
}
interface Compiler {
  readonly ScriptTarget: { readonly Latest: number };
  readonly createSourceFile: (name: string, text: string, target: number, setParents: boolean) => SyntaxNode;
  readonly forEachChild: (node: SyntaxNode, visit: (child: SyntaxNode) => void) => void;
  readonly isShorthandPropertyAssignment: (node: SyntaxNode) => boolean;
  readonly ModuleResolutionKind: { readonly Bundler: number };
  readonly createWatchCompilerHost: (files: unknown, options: CompilerOptions, ...rest: unknown[]) => unknown;
}

/** A mistake that the platform explains: only its words are shown, with what to do about it. */
const isExplained = (error: unknown): error is Error & { readonly code: string; readonly fix?: string } =>
  error instanceof Error && error.name === 'UserError';

const explained = (value: unknown): unknown =>
  isExplained(value) ? `${value.code}: ${value.message}${value.fix === undefined ? '' : `\nfix: ${value.fix}`}` : value;

/** Where the types and the code of an entry of this package lie. */
const entry = (name: string): { readonly types: string; readonly code: string } => {
  const file = path.join(__dirname, '..', name);
  return { types: `${file}.d.ts`, code: url.pathToFileURL(`${file}.js`).href };
};

/** Libraries whose types no cell writes down, and which would be half of what the compiler reads before the first cell runs: it reads an empty file instead. */
const UNREAD = ['@tensorflow/tfjs-core', 'vega-lite', 'vega-lite/*', 'yargs'];
const NO_TYPES = path.join(__dirname, 'notebook-kernel.d.cts');

const ENTRIES = { 'quantai-trad': entry('index'), 'quantai-trad/notebook': entry('commands/notebook-kit') };

/** A cell with `{ low: low }` for `{ low }`: tslab does not find the variable of an earlier cell behind the short form. Lines stay where they are. */
const spelledOut = ({ createSourceFile, forEachChild, isShorthandPropertyAssignment, ScriptTarget }: Compiler, code: string): string => {
  const ends: { readonly at: number; readonly name: string }[] = [];
  const visit = (node: SyntaxNode): void => {
    if (isShorthandPropertyAssignment(node) && node.name && node.objectAssignmentInitializer === undefined)
      ends.push({ at: node.name.getEnd(), name: node.name.getText() });
    forEachChild(node, visit);
  };
  visit(createSourceFile('cell.ts', code, ScriptTarget.Latest, true));
  return ends.reduceRight((text, { at, name }) => `${text.slice(0, at)}: ${name}${text.slice(at)}`, code);
};

/**
 * The kernel: tslab as it is published, with the strict compiler options of this platform, and with its modules where a cell imports them by name, wherever the notebook lies. Started by Jupyter with the folder of tslab and
 * the file that names the ports.
 */
const start = async (tslab: string, connectionFile: string): Promise<void> => {
  const load = nodeModule.createRequire(path.join(tslab, 'package.json'));
  const compilerFile = load.resolve('@tslab/typescript-for-tslab');
  const compiler = load(compilerFile) as Compiler;
  const cached = require.cache[compilerFile];
  if (cached === undefined) throw new Error(`${compilerFile} is not the compiler that tslab loads`);
  const strict = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    // tslab looks for Node's types in a folder of its own, which npm leaves out where it can share.
    types: ['node'],
    typeRoots: [path.join(path.dirname(load.resolve('@types/node/package.json')), '..')],
    paths: Object.fromEntries([
      ...Object.entries(ENTRIES).map(([name, { types }]) => [name, [types]]),
      ...UNREAD.map(name => [name, [NO_TYPES]]),
    ]),
  };
  cached.exports = {
    ...compiler,
    createWatchCompilerHost: (files: unknown, options: CompilerOptions, ...rest: unknown[]) =>
      compiler.createWatchCompilerHost(files, { ...options, ...strict }, ...rest),
  };
  const part = (name: string): Tslab => load(path.join(tslab, 'dist', name)) as Tslab;
  const { createConverter } = part('converter.js');
  const { createExecutor } = part('executor.js');
  const jupyter = part('jupyter.js');
  (globalThis as { quantaiDisplay?: (bundle: object) => void }).quantaiDisplay = bundle =>
    jupyter.lastWriteDisplayData?.({ ...bundle, transient: {} }, false);

  const loading = Promise.all(Object.entries(ENTRIES).map(async ([name, { code }]) => [name, (await import(code)) as unknown] as const));
  const node = createConverter({ isJS: false, isBrowser: false });
  let said: string[] = [];
  let isClosing = false;
  const executor = createExecutor(
    process.cwd(),
    { node, browser: node, close: () => node.close() },
    {
      log: value => process.stdout.write(`${util.format(value)}\n`),
      error: (...values) => {
        const text = util.format(...values.map(explained));
        said.push(text);
        process.stderr.write(`${text}\n`);
      },
    },
  );
  const modules = new Map<string, unknown>(await loading);
  const scope = (globalThis as { __tslab__?: { require: (name: string) => unknown } }).__tslab__;
  if (scope === undefined) throw new Error('this is not the tslab that the kernel is made for');
  const plain = scope.require;
  scope.require = name => modules.get(name) ?? plain(name);

  class Kernel extends jupyter.JupyterHandlerImpl {
    /** tslab says that a cell failed but not how, and whoever runs a notebook headless prints only what the answer says. */
    override async handleExecute(...[request, ...write]: ExecuteArguments): Promise<ExecuteReply> {
      said = [];
      const reply = await super.handleExecute({ ...request, code: spelledOut(compiler, request.code) }, ...write);
      if (reply.status !== 'error') return reply;
      const text = said.join('\n');
      return Object.assign(reply, { ename: 'Error', evalue: text.split('\n', 1)[0] ?? '', traceback: text.split('\n') });
    }

    /** Workers of a command may still be alive, and nobody waits for them. */
    override handleShutdown(request: unknown): unknown {
      isClosing = true;
      setTimeout(() => process.exit(0), 200);
      return super.handleShutdown(request);
    }
  }
  process.on('SIGINT', () => executor.interrupt());
  // What is thrown while nobody waits is said under the cell that ran last; once the sockets are closed there is nobody to say it to.
  const complain = (error: unknown): void => {
    if (!isClosing) process.stderr.write(`${util.format(explained(error))}\n`);
  };
  process.on('uncaughtException', complain);
  process.on('unhandledRejection', complain);
  await new jupyter.ZmqServer(new Kernel(executor, false), connectionFile).init();
};

const [tslab = '', connectionFile = ''] = process.argv.slice(2);
start(tslab, connectionFile).catch((error: unknown) => {
  process.stderr.write(`${util.format(error)}\n`);
  process.exit(1);
});

import { hostname } from 'node:os';
import { join } from 'node:path';
import { pruneLake } from '../cluster/lake/prune-lake.js';
import { serveLake } from '../cluster/lake/serve-lake.js';
import { usageError } from '../errors.js';
import { parseDuration } from '../time.js';
import { bytes, grouped } from './figures.js';
import type { LakeArguments } from './lake.js';
import { present, say, terminal } from './terminal.js';
import { workspaceAt } from './workspace.js';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

const untilStopped = (): Promise<void> =>
  new Promise(resolve => {
    const { signal } = terminal();
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const prune = async (args: LakeArguments, folder: string, unused: string): Promise<void> => {
  const pruned = await pruneLake(folder, Date.now() - parseDuration(unused));
  present(args, { lake: folder, ...pruned }, ({ parts, bytes: freed }) =>
    parts === 0 ? 'Nothing to remove.' : `Removed ${grouped(parts)} parts: ${bytes(freed)} freed.`,
  );
};

const serve = async (args: LakeArguments, folder: string): Promise<void> => {
  const { host, port } = args;
  const token = args.token ?? process.env['QUANTAI_LAKE_TOKEN'];
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError('bad-port', `${port} is no port.`, 'Give a number from 0 to 65535.');
  if (token !== undefined && token.length < 16)
    throw usageError('short-token', 'A token of fewer than 16 characters can be guessed.', 'Make one with: openssl rand -hex 32');
  if (!LOOPBACK.test(host) && token === undefined)
    throw usageError(
      'no-token',
      `${host} can be reached by others, and there is no token: strategies and data would be open to all of them.`,
      'Set QUANTAI_LAKE_TOKEN, here and on every machine that uses the lake.',
    );
  if (args.token !== undefined)
    say('warning: a token on the command line is seen by other users of this machine; QUANTAI_LAKE_TOKEN is not.');
  const server = await serveLake({ folder, host, port, token, openReads: args['open-reads'] }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw usageError('port-taken', `Port ${port} of ${host} is taken.`, 'Choose another with --port, or 0 for a free one.');
    throw error;
  });
  try {
    const writes = token !== undefined;
    // An address that stands for all of this machine's is of no use to others.
    const url = ['0.0.0.0', '::'].includes(host) ? `http://${hostname()}:${server.port}` : server.url;
    present(args, { url, folder, writes, pid: process.pid }, started =>
      [
        `Lake       ${started.url}`,
        `Folder     ${folder}`,
        writes
          ? `Token      is needed to write${args['open-reads'] ? '' : ' and to read'}; others have it in QUANTAI_LAKE_TOKEN`
          : 'Token      none: this lake can be read, and not written over HTTP. Set QUANTAI_LAKE_TOKEN for that.',
        'Ctrl-C ends it.',
      ].join('\n'),
    );
    await untilStopped();
  } finally {
    await server.close();
  }
};

/** Serve the lake of a workspace, or free its space. */
export const runLake = async (args: LakeArguments): Promise<void> => {
  const folder = join(workspaceAt(args.workspace).root, 'lake');
  await (args.prune === undefined ? serve(args, folder) : prune(args, folder, args.prune));
};

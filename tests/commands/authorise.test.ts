import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceAudit } from '../../src/commands/workspace-audit.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { quantai } from './run-quantai.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'authorise-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const at = (...words: string[]) => quantai([...words, '--workspace', root]);

describe('the hook before every verb', () => {
  it('smoke', async () => {
    console.log(await at('runs'));
    console.log(await at('backtest', 'sma-cross', '--dataset', 'nix'));
    expect(existsSync(join(root, 'audit'))).toBe(false);
    console.log(await at('data', 'gc'));
    console.log(await at('halt'));
    const audit = await workspaceAudit(workspaceAt(root));
    await audit.append('x', [{ type: 'UserAdded', user: 'vera', roles: ['viewer'], publicKey: '' }]);
    console.log(await at('data', 'gc', '--as', 'vera'));
    console.log(await at('halt', '--as', 'vera'));
    console.log(await at('halt', '--as', 'ver'));
    console.log(await at('data', 'list', '--as', 'vera'));
    console.log(await at('data', '--help'));
    console.log(JSON.stringify(await audit.read(), null, 1));
  });
});

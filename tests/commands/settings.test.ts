import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/commands/config-file.js';
import { SETTING_KEYS } from '../../src/commands/setting-keys.js';
import { SETTING_TEXTS } from '../../src/commands/setting-texts.js';
import { workspaceAt } from '../../src/commands/workspace.js';
import { quantai, temporaryWorkspace } from './run-quantai.js';

let workspace: Awaited<ReturnType<typeof temporaryWorkspace>>;
beforeEach(async () => {
  workspace = await temporaryWorkspace();
});
afterEach(() => workspace.remove());

const run = (...words: string[]) => quantai(['settings', ...words, '--workspace', workspace.root]);
const config = (text: string): Promise<void> => writeFile(join(workspace.root, 'quantai.config.ts'), text);
interface Shown {
  readonly settings: readonly { readonly key: string; readonly value: unknown; readonly source: string; readonly default: unknown }[];
}
const get = async (key: string): Promise<Shown['settings'][number] | undefined> => {
  const { out } = await run('get', '--json');
  return (JSON.parse(out) as Shown).settings.find(each => each.key === key);
};

describe('the settings', () => {
  it('each say in one sentence what they mean, and no sentence is about none', () => {
    expect(SETTING_KEYS.filter(({ text }) => !/^[A-Z].{10,}\.$/.test(text)).map(({ key }) => key)).toEqual([]);
    const keys = new Set(SETTING_KEYS.map(({ key }) => key));
    expect(Object.keys(SETTING_TEXTS).filter(key => !keys.has(key))).toEqual([]);
  });

  it('of settings.json go before those of quantai.config.ts, and a default takes them back', async () => {
    await config('export default { capital: 5000, risk: { maxDrawdown: 0.4, maxExposure: 2 } };');
    expect(await get('risk.maxDrawdown')).toMatchObject({ value: 0.4, source: 'quantai.config.ts' });
    expect((await run('set', 'risk.maxDrawdown', '0.2', '--reason', 'half')).code).toBe(0);
    expect(await get('risk.maxDrawdown')).toMatchObject({ value: 0.2, source: 'settings.json' });
    const { run: inForce } = await readConfig(workspaceAt(workspace.root));
    expect(inForce).toMatchObject({ capital: 5000, risk: { maxDrawdown: 0.2, maxExposure: 2 } });
    expect((await run('set', 'risk.maxDrawdown', 'default')).code).toBe(0);
    expect((await readConfig(workspaceAt(workspace.root))).run.risk).toEqual({ maxDrawdown: 0.4, maxExposure: 2 });
  });

  it('keep who changed what, when and why, newest first', async () => {
    await quantai(['settings', 'set', 'capital', '20000', '--reason', 'more', '--as', 'ann', '--workspace', workspace.root]);
    await quantai(['settings', 'set', 'capital', '30000', '--as', 'bea', '--workspace', workspace.root]);
    const { changes } = JSON.parse((await run('history', '--json')).out) as { changes: readonly object[] };
    expect(changes).toMatchObject([
      { by: 'bea', key: 'capital', before: 20000, after: 30000, reason: '' },
      { by: 'ann', key: 'capital', before: null, after: 20000, reason: 'more' },
    ]);
  });

  it.each([
    ['a value that the setting cannot have', ['capital', '-1'], 'bad-config', 'settings.json: capital'],
    ['a name that is none', ['risk.maxDrawdwn', '0.2'], 'unknown-setting', 'Did you mean "risk.maxDrawdown"'],
    ['a family', ['walkforward', '{}'], 'unknown-setting', 'holds several settings'],
    ['a gate of promotion', ['promotion.paper.days', '1'], 'file-only', 'people agreed'],
    ['who is told of alarms', ['notify.channels', '[]'], 'file-only', 'secret'],
    ['a prototype', ['__proto__', '{}'], 'unknown-setting', 'no setting'],
  ])('refuse %s, and stay as they were', async (_, words, code, sentence) => {
    const { code: exit, out } = await run('set', ...words, '--json');
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    expect([exit, error.code]).toEqual([2, code]);
    expect(error.message).toContain(sentence);
    await expect(readFile(join(workspace.root, 'settings.json'), 'utf8')).rejects.toThrow('ENOENT');
  });

  it('refuse a file that was spoilt, by its name, before anything runs with half of it', async () => {
    await writeFile(join(workspace.root, 'settings.json'), '{"capital": ');
    expect(await run('get')).toMatchObject({ code: 2, err: expect.stringContaining('settings.json holds no JSON object') as string });
    await writeFile(join(workspace.root, 'settings.json'), '{"promotion.paper.days": 0}');
    expect(await run('get')).toMatchObject({ code: 2, err: expect.stringContaining('stands in quantai.config.ts only') as string });
  });

  it('do not show an address that may be a secret', async () => {
    await config("export default { notify: { channels: [{ kind: 'webhook', url: 'https://hooks.example.org/canary-3f9a' }] } };");
    const { out } = await run('get', '--json');
    expect(out).toContain('https://hooks.example.org/');
    expect(out).not.toContain('canary');
  });

  it('can be asked for by SQL', async () => {
    await run('set', 'capital', '20000');
    const { out } = await quantai([
      'sql',
      "SELECT value, source FROM settings WHERE run_id IS NULL AND key = 'capital'",
      '--json',
      '--workspace',
      workspace.root,
    ]);
    expect((JSON.parse(out) as { rows: unknown }).rows).toEqual([['20000', 'settings.json']]);
  });
});

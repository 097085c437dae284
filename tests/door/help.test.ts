import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { quantai } from '../commands/run-quantai.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Verbs that a help text lists, as words. */
const verbsIn = (help: string): string[][] =>
  [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}quantai ((?:[a-z-]+ )*[a-z-]+)/gm)].map(([, words = '']) =>
    words.trim().split(' '),
  );

const examplesIn = (help: string): string[] =>
  (help.split('\nExamples:\n')[1]?.split('\n\n')[0] ?? '').split('\n').filter(line => /^ {2}\S/.test(line) && !/^ {2}-/.test(line));

/** Options that stand in a help text without a word about what they do. */
const silentOptions = (help: string): string[] =>
  // A line of an example may begin with an option as well.
  [...(help.split('\nExamples:\n')[0] ?? '').matchAll(/^ {2,6}(?:-\w, )?(--[a-z][a-z-]*)(?: *$| {2,}\[)/gm)].map(
    ([, option = '']) => option,
  );

let helps: readonly (readonly [string, string])[] = [];
beforeAll(async () => {
  const helpOf = async (words: readonly string[]): Promise<string> => (await quantai([...words, '--help'])).out;
  const found: [string, string][] = [];
  for (const words of verbsIn(await helpOf([]))) {
    const help = await helpOf(words);
    found.push([words.join(' '), help]);
    for (const below of verbsIn(help)) found.push([below.join(' '), await helpOf(below)]);
  }
  helps = found;
});

describe('the help of every verb', () => {
  it('has a synopsis, a description, two examples, where to look next, and the exit codes', () => {
    expect(helps.length).toBeGreaterThan(60);
    for (const [name, help] of helps) {
      const [synopsis = '', , description = ''] = help.split('\n');
      expect(synopsis.startsWith(`quantai ${name}`), name).toBe(true);
      expect(description.length, name).toBeGreaterThan(10);
      expect(examplesIn(help).length, `${name}: examples`).toBeGreaterThan(1);
      expect(help, `${name}: see also`).toMatch(/^See also: (?:quantai|docs)/m);
      expect(help, `${name}: exit codes`).toContain('Exit codes: 0 ok');
      expect(silentOptions(help), `${name}: options without a word`).toEqual([]);
    }
  });

  it('leads to pages and verbs that are there', () => {
    const known = new Set(helps.map(([name]) => name));
    for (const [name, help] of helps) {
      const [, also = ''] = /^See also: (.*)$/m.exec(help) ?? [];
      for (const each of also.split(', '))
        if (each.startsWith('docs/')) expect(existsSync(`${ROOT}/${each}`), `${name}: ${each}`).toBe(true);
        else expect(known, `${name}: ${each}`).toContain(each.replace(/^quantai /, '').replace(/ --.*$/, ''));
    }
  });

  it('an option without a word is seen: the check can fail', () => {
    expect(silentOptions('Options:\n      --dark   [boolean]\n      --light  Bright  [boolean]\n')).toEqual(['--dark']);
  });
});

describe('shell completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program', async shell => {
    const { code, out } = await quantai(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toContain('--get-yargs-completions');
    expect(out).toContain(`quantai completion ${shell}`);
  });

  it('works in bash: a word is completed by what the program offers', async () => {
    const { out } = await quantai(['completion', 'bash']);
    // Stands in for the program: offers what it was asked with.
    const script = `${out}\nquantai() { printf '%s.%s.%s.%s\\n' "$@"; echo two; }\nCOMP_WORDS=(quantai backtest sma extra); COMP_CWORD=2; _quantai_completions; printf '%s|' "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('--get-yargs-completions.quantai.backtest.sma|two|');
  });

  it('offers names behind new verbs', async () => {
    const offered = async (...words: string[]): Promise<string[]> =>
      (await quantai(['--get-yargs-completions', 'quantai', ...words])).out.split('\n').filter(Boolean);
    expect(await offered('ini')).toEqual(['init']);
    expect(await offered('paper', 'sma')).toEqual(['sma-cross']);
    expect(await offered('init', 'x', '--template', 'f')).toEqual(['forecast']);
    expect(await offered('demo', '--ser')).toEqual(['--serve']);
    expect(await offered('data', 'bars', 'sam')).toEqual(['sample']);
  });

  it('refuses a shell that it does not know', async () => {
    expect((await quantai(['completion', 'csh'])).code).toBe(2);
  });
});

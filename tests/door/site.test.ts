import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const sections = JSON.parse(readFileSync(join(ROOT, 'site/sections.json'), 'utf8')) as Record<string, [string, string][]>;

describe('the sections of the documentation site', () => {
  it('place every page of docs once, and no page that is not there', () => {
    const placed = Object.values(sections)
      .flat()
      .map(([name]) => name);
    expect(placed).toHaveLength(new Set(placed).size);
    const pages = readdirSync(join(ROOT, 'docs'))
      .filter(name => name.endsWith('.md'))
      .map(name => name.replace('.md', ''));
    expect(pages.filter(name => !placed.includes(name))).toEqual([]);
    const elsewhere = ['examples', 'datasets', 'reports', 'changelog', 'architecture', 'contributing', 'decisions'];
    expect(placed.filter(name => !pages.includes(name) && !elsewhere.includes(name))).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(ROOT, 'site/node_modules/markdown-it')))('the documentation site', () => {
  let out = '';
  let pages: readonly string[] = [];
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'quantai-site-'));
    execFileSync(process.execPath, ['scripts/site.mjs', '--no-api', '--out', out], { cwd: ROOT });
    pages = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.html'));
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  const textOf = (name: string): string => readFileSync(join(out, name), 'utf8');

  it('asks no other origin for anything, and runs no code of a page', () => {
    expect(pages.length).toBeGreaterThan(40);
    for (const name of pages) {
      const html = textOf(name);
      expect(html, name).toContain(`default-src 'self'`);
      const loaded = [...html.matchAll(/<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
      expect(
        loaded.filter(address => /^(?:https?:)?\/\//.test(address)),
        name,
      ).toEqual([]);
      expect(html, name).not.toMatch(/<script(?![^>]*src=)|\son\w+="|\sstyle="/);
    }
  });

  it('leads nowhere that is not there', () => {
    for (const name of pages)
      for (const [, address = ''] of textOf(name).matchAll(/<a [^>]*?href="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(address)) continue;
        const [file = '', hash] = address.split('#');
        const target = file === '' ? name : relative(out, resolve(dirname(join(out, name)), file));
        expect(existsSync(join(out, target)), `${name} → ${address}`).toBe(true);
        if (hash) expect(textOf(target), `${name} → ${address}`).toContain(`id="${hash}"`);
      }
  });

  it('finds every page, and every place that it finds is there', () => {
    const index = JSON.parse(textOf('search.json')) as { url: string; title: string; text: string }[];
    const found = new Set(index.map(({ url }) => url.split('#')[0]));
    expect(pages.filter(name => !found.has(name))).toEqual([]);
    for (const { url } of index) expect(existsSync(join(out, url.split('#')[0] ?? '')), url).toBe(true);
    expect(index.some(({ text }) => text.includes('embargo'))).toBe(true);
  });
});

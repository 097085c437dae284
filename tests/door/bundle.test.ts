import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'quantai-door-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const node = (words: readonly string[], env: Record<string, string> = {}): string =>
  execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 });

/** A small stand-in for a build. */
const smallRoot = (name: string): string => {
  const root = join(home, name);
  const files = {
    'dist/cli.js': 'cli',
    'dist/cli.js.map': 'map',
    'dist/index.d.ts': 'types',
    'dist/old.zip': 'an earlier bundle',
    'docs/a.md': '# A',
    'notebooks/b.ts': 'b',
    'notebooks/.ipynb_checkpoints/b.ts': 'left over',
    'datasets/sample/HEAD': 'head',
    'datasets/mine/HEAD': 'private',
    'practice-keys.json': 'secret',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(ROOT, file), join(root, file));
  return root;
};

const bundled = (root: string, out: string, env: Record<string, string> = {}): Buffer => {
  node(['scripts/bundle.mjs', '--root', root, '--out', out], env);
  return readFileSync(out);
};

describe('the bundle', () => {
  it('has the same bytes wherever and whenever it is made', () => {
    const first = smallRoot('one');
    const second = smallRoot('two');
    utimesSync(join(second, 'dist/cli.js'), new Date(2001, 1, 1), new Date(2001, 1, 1));
    const a = bundled(first, join(home, 'a.zip'), { TZ: 'UTC' });
    const b = bundled(second, join(home, 'b.zip'), { TZ: 'Asia/Tokyo' });
    expect(a.equals(b)).toBe(true);
    writeFileSync(join(second, 'docs/a.md'), '# B');
    expect(bundled(second, join(home, 'c.zip')).equals(a)).toBe(false);
  });

  it('holds what is named, with true checksums, and nothing private or left over', () => {
    const files = unzipSync(bundled(smallRoot('three'), join(home, 'd.zip')));
    const names = Object.keys(files);
    expect(names).toEqual([...names].sort());
    expect(names.map(name => name.replace('QuantAI-Trad/', ''))).toEqual(
      [
        'SHA256SUMS',
        'datasets/sample/HEAD',
        'dist/cli.js',
        'dist/index.d.ts',
        'docs/a.md',
        'notebooks/b.ts',
        'package-lock.json',
        'package.json',
        'quantai',
        'quantai.cmd',
        'sbom.cdx.json',
        'start.mjs',
      ].sort(),
    );
    const sums = Buffer.from(files['QuantAI-Trad/SHA256SUMS'] ?? [])
      .toString()
      .trim()
      .split('\n');
    expect(sums).toHaveLength(names.length - 1);
    for (const line of sums) {
      const [sum, name] = line.split('  ');
      expect(
        createHash('sha256')
          .update(files[`QuantAI-Trad/${name}`] ?? '')
          .digest('hex'),
      ).toBe(sum);
    }
  });

  it('is refused without a build, with what to do', () => {
    const root = smallRoot('four');
    rmSync(join(root, 'dist/cli.js'));
    expect(() => bundled(root, join(home, 'e.zip'))).toThrow(/npm run build/);
  });
});

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly group?: string;
    readonly version: string;
    readonly hashes?: unknown;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

describe('the list of what the program is made of', () => {
  it('has every package that runs with it at the version of the lock file, none of development, and a whole graph', () => {
    const sbom = JSON.parse(node(['scripts/sbom.mjs'])) as Sbom;
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const versions = new Map<string, string[]>();
    for (const { name, group, version } of sbom.components) {
      const full = group === undefined ? name : `${group}/${name}`;
      versions.set(full, [...(versions.get(full) ?? []), version]);
    }
    expect([sbom.bomFormat, sbom.specVersion]).toEqual(['CycloneDX', '1.6']);
    for (const [name, version] of Object.entries(dependencies ?? {})) expect(versions.get(name), name).toContain(version);
    for (const name of ['vitest', 'oxlint', 'playwright-core']) {
      expect(Object.keys(devDependencies ?? {})).toContain(name);
      expect(versions.has(name), name).toBe(false);
    }
    const refs = new Set(sbom.components.map(component => component['bom-ref']));
    expect(refs.size).toBe(sbom.components.length);
    for (const { dependsOn } of sbom.dependencies) for (const ref of dependsOn) expect(refs, ref).toContain(ref);
    expect(sbom.dependencies[0]?.dependsOn).toHaveLength(Object.keys(dependencies ?? {}).length);
    // What cannot be reached from the program is not needed by it.
    const reached = new Set<string>();
    const graph = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const visit = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of graph.get(ref) ?? []) visit(next);
    };
    for (const ref of sbom.dependencies[0]?.dependsOn ?? []) visit(ref);
    expect([...refs].filter(ref => !reached.has(ref))).toEqual([]);
  });
});

describe('the tarball', () => {
  it.skipIf(!existsSync(join(ROOT, 'dist/dashboard/web/index.html')))(
    'has the program, its types, pages, sample and docs, and no maps or sources',
    () => {
      const text = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
        cwd: ROOT,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const [packed] = JSON.parse(text) as { files: { path: string; mode: number }[] }[];
      const names = (packed?.files ?? []).map(({ path }) => path);
      const wanted = [
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/dashboard/web/index.html',
        'datasets/sample/HEAD',
        'docs/tutorial.md',
        'README.md',
        'LICENSE',
        'package.json',
      ];
      expect(names).toEqual(expect.arrayContaining(wanted));
      expect(names.some(name => name.startsWith('notebooks/'))).toBe(existsSync(join(ROOT, 'notebooks')));
      expect(
        names.filter(name => /\.map$|\.zip|^src\/|^tests\/|^dist\/site\/|node_modules|^datasets\/(?!sample\/|README\.md)/.test(name)),
      ).toEqual([]);
    },
  );
});

describe('the Dockerfile', () => {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n');

  it('copies what is there, and leaves nothing of it to .dockerignore', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const copied = lines
      .filter(line => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap(line => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(8);
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(ignored, path).not.toContain(path);
    }
    const fromBuild = lines.filter(line => line.startsWith('COPY --from=build')).flatMap(line => line.split(' ').slice(2, -1));
    // What the first stage has: what was copied there, what npm installs and what the build makes.
    for (const path of fromBuild) expect(['node_modules', 'dist', ...copied]).toContain(path.replace('/app/', ''));
  });

  it('has all that the build reads, runs as an ordinary user, and says whether it is well', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const [, file = ''] of (scripts['build'] ?? '').matchAll(/-p (\S+)/g)) expect(lines.join('\n')).toContain(file);
    expect(lines).toContain('USER node');
    expect(lines.some(line => line.startsWith('HEALTHCHECK'))).toBe(true);
    expect(lines.filter(line => line.startsWith('FROM'))).toHaveLength(2);
  });
});

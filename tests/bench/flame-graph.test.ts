import { describe, expect, test } from 'vitest';
import { flameGraph, type CpuProfile } from '../../bench/harness/flame-graph.js';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });
const at = (path: string): string => `file:///home/someone/quantai/${path}`;

/** main calls run twice at two places of the tree; one sample a millisecond. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 7, 8, 9] },
    { id: 2, callFrame: frame('main', at('.cache/bench-1/engine.mjs'), 4), children: [3, 4, 10] },
    { id: 3, callFrame: frame('run', at('dist/engine/engine.js'), 9), children: [5] },
    { id: 4, callFrame: frame('run', at('dist/engine/engine.js'), 9), children: [6] },
    { id: 5, callFrame: frame('a<b>&"c"', at('dist/sim/venue.js'), 1) },
    { id: 6, callFrame: frame('append', at('dist/journal/writer.js'), 1) },
    { id: 7, callFrame: frame('(garbage collector)') },
    { id: 8, callFrame: frame('(idle)') },
    { id: 9, callFrame: frame('evaluate', 'node:internal/modules/run', 1), children: [11] },
    { id: 10, callFrame: frame('next', at('node_modules/rxjs/dist/cjs/Subject.js'), 20) },
    { id: 11, callFrame: frame('hidden', at('dist/cli.js'), 1) },
  ],
  samples: [3, 3, 4, 5, 6, 6, 7, 8, 8, 8, 10, 11],
  timeDeltas: Array.from({ length: 12 }, () => 1000),
};

const svg = flameGraph(profile, 'engine');
const boxes = [
  ...svg.matchAll(/<g><title>([^<]*)<\/title><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="\d+" fill="(#\w+)"\/>/g),
].map(([, title = '', x, y, width, fill]) => ({ title, x: Number(x), y: Number(y), width: Number(width), fill }));
const box = (name: string) => boxes.find(({ title }) => title.startsWith(name))!;

describe('a flame graph', () => {
  test('leaves out the time in which nothing ran', () => {
    expect(svg).toContain('engine: 9 ms of processor time');
    expect(svg).not.toContain('(idle)');
  });

  test('has each function of a caller once, with its own time and that of what it calls', () => {
    expect(boxes.filter(({ title }) => title.startsWith('run'))).toHaveLength(1);
    expect(box('run').title).toContain('run (engine/engine.js:10)\n6 ms, 66.7 % in it and what it calls; 3 ms, 33.3 % itself');
  });

  test('draws a callee on top of its caller and within its width, the costliest first', () => {
    for (const [above, below] of [
      ['run', 'main'],
      ['append', 'run'],
      ['a&lt;b', 'run'],
    ] as const) {
      expect(box(above).y).toBeLessThan(box(below).y);
      expect(box(above).x).toBeGreaterThanOrEqual(box(below).x);
      expect(box(above).x + box(above).width).toBeLessThanOrEqual(box(below).x + box(below).width + 0.11);
    }
    expect(box('append').x).toBeLessThan(box('a&lt;b').x);
    expect(box('run').width / box('all').width).toBeCloseTo(6 / 9, 2);
  });

  test('colours by group of files, a package by being one though its path has a dist in it', () => {
    const fills = ['run', 'a&lt;b', 'append', 'main', '(garbage collector)', 'next', 'loading modules'].map(name => box(name).fill);
    expect(new Set(fills).size).toBe(fills.length);
    for (const share of ['engine 33.3 %', 'journal 22.2 %', 'sim: venue and run 11.1 %', 'garbage collection 11.1 %', 'packages 11.1 %'])
      expect(svg).toContain(`>${share}</text>`);
  });

  test('shows the loading of modules as one box, with all that it runs', () => {
    expect(box('loading modules').title).toContain('1 ms, 11.1 % itself');
    expect(svg).not.toContain('hidden');
  });

  test('is well-formed whatever functions are called, and says nothing of where the sources are', () => {
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
    expect(svg).not.toContain('someone');
    expect(svg.match(/<g>/g)).toHaveLength(svg.match(/<\/g>/g)!.length);
    expect(svg.match(/<text/g)).toHaveLength(svg.match(/<\/text>/g)!.length);
  });

  test('of nothing is an empty picture', () => {
    const empty = flameGraph({ nodes: [{ id: 1, callFrame: frame('(root)') }], samples: [], timeDeltas: [] }, 'nothing');
    expect(empty).toContain('nothing: 0 ms');
    expect(empty).not.toMatch(/NaN|Infinity/);
  });
});

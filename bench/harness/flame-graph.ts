/** Where a function of a profile was written. */
interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From zero; -1 for what has no source. */
  readonly lineNumber: number;
}

/** What V8 writes with --cpu-prof: a tree of calls, and at each sample the one that was running. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] }[];
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before to this one. */
  readonly timeDeltas: readonly number[];
}

/** A function at its place in the stack: all calls of it from there. Times in microseconds. */
interface Frame {
  readonly name: string;
  readonly place: string;
  readonly group: string;
  self: number;
  total: number;
  readonly children: Map<string, Frame>;
}

/** Groups of files, the colour of each, and what belongs to it; the first that fits counts. Neighbours in the stack differ in hue, so that a picture shows at a glance who spends the time. */
const GROUPS: readonly { readonly name: string; readonly colour: string; readonly holds: (frame: CallFrame) => boolean }[] = [
  { name: 'garbage collection', colour: '#d9534f', holds: ({ functionName }) => functionName === '(garbage collector)' },
  { name: 'loading modules', colour: '#cfd4da', holds: ({ url }) => url.startsWith('node:internal/modules/') },
  { name: 'node', colour: '#9aa3ad', holds: ({ url }) => url === '' || url.startsWith('node:') },
  { name: 'packages', colour: '#a98ad0', holds: ({ url }) => url.includes('/node_modules/') },
  { name: 'engine', colour: '#e8823a', holds: ({ url }) => /\/(dist|src)\/(engine|events)\//.test(url) },
  { name: 'sim: venue and run', colour: '#f2b84b', holds: ({ url }) => /\/(dist|src)\/(sim|execution)\//.test(url) },
  { name: 'account, risk, costs', colour: '#c8c45a', holds: ({ url }) => /\/(dist|src)\/(portfolio|risk|costs|market)\//.test(url) },
  { name: 'strategy and indicators', colour: '#63b37b', holds: ({ url }) => /\/(dist|src)\/(strategies|features)\//.test(url) },
  { name: 'journal', colour: '#4aa3b8', holds: ({ url }) => /\/(dist|src)\/journal\//.test(url) },
  { name: 'rest of the platform', colour: '#7d9bd6', holds: ({ url }) => /\/(dist|src)\//.test(url) },
  { name: 'packages', colour: '#a98ad0', holds: ({ url }) => url.includes('/node_modules/') },
  {
    name: 'node',
    colour: '#9aa3ad',
    holds: ({ url, functionName }) => url === '' || url.startsWith('node:') || functionName === '(program)',
  },
  { name: 'benchmark', colour: '#c9b79c', holds: () => true },
];

const groupOf = (frame: CallFrame): string => GROUPS.find(({ holds }) => holds(frame))!.name;
const colourOf = (group: string): string => GROUPS.find(({ name }) => name === group)!.colour;

/** `…/dist/sim/venue.js`, line 12 → `sim/venue.js:12`: the folder is worth more than the way to it. */
const placeOf = ({ url, lineNumber }: CallFrame): string => {
  if (url === '' || lineNumber < 0) return '';
  const path = decodeURI(url.replace(/^file:\/\//, ''));
  const own = /.*\/node_modules\/(.+)$/.exec(path)?.[1] ?? /\/(?:dist|src)\/(.+)$/.exec(path)?.[1] ?? path.split('/').slice(-2).join('/');
  return `${own}:${lineNumber + 1}`;
};

const emptyFrame = (name: string, place: string, group: string): Frame => ({ name, place, group, self: 0, total: 0, children: new Map() });

const LOADING: CallFrame = { functionName: 'loading modules', url: 'node:internal/modules/', lineNumber: -1 };

/**
 * The calls as a tree in which a caller has each function once; time in which nothing ran is left out. All that loading a module does, from finding its file to
 * running it, is one box: it happens once, and as frames of Node's loader it would tower over what is looked for.
 */
const mergedTree = ({ nodes, samples, timeDeltas }: CpuProfile): Frame => {
  const spent = new Map<number, number>();
  samples.forEach((id, i) => spent.set(id, (spent.get(id) ?? 0) + Math.max(0, timeDeltas[i] ?? 0)));
  const byId = new Map(nodes.map(node => [node.id, node]));
  const below = (id: number): number => (byId.get(id)?.children ?? []).reduce((sum, child) => sum + below(child), spent.get(id) ?? 0);
  const add = (id: number, parent: Frame): number => {
    const node = byId.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') return 0;
    const loads = groupOf(node.callFrame) === 'loading modules';
    const callFrame = loads ? LOADING : node.callFrame;
    const key = `${callFrame.functionName}\n${callFrame.url}\n${callFrame.lineNumber}`;
    let frame = parent.children.get(key);
    if (frame === undefined) {
      frame = emptyFrame(callFrame.functionName || '(anonymous)', placeOf(callFrame), groupOf(callFrame));
      parent.children.set(key, frame);
    }
    const self = loads ? below(id) : (spent.get(id) ?? 0);
    let total = self;
    if (!loads) for (const child of node.children ?? []) total += add(child, frame);
    frame.self += self;
    frame.total += total;
    return total;
  };
  const all = emptyFrame('all', '', 'node');
  const [root] = nodes;
  for (const child of root?.children ?? []) all.total += add(child, all);
  return all;
};

const WIDTH = 1600;
const MARGIN = 16;
const ROW = 18;
/** Pixels of a character of the labels' font at its size; a label is cut to what fits. */
const CHARACTER = 6.4;
/** Frames narrower than this many pixels are left out: no one can point at them. */
const NARROWEST = 1;

const escaped = (text: string): string => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
const milliseconds = (us: number): string => {
  const ms = us / 1000;
  return `${ms.toLocaleString('en-GB', { maximumFractionDigits: ms < 10 ? 2 : ms < 100 ? 1 : 0 })} ms`;
};
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** Name and place where both fit into so many pixels, else the name alone, cut to what fits; nothing when that would be less than three characters. */
const fitted = ({ name, place }: Frame, pixels: number): string => {
  const room = Math.floor((pixels - 8) / CHARACTER);
  const whole = place === '' ? name : `${name} ${place}`;
  if (whole.length <= room) return whole;
  if (name.length <= room) return name;
  return room < 3 ? '' : `${name.slice(0, room - 1)}…`;
};

/** Self time by group, the largest first. */
const selfByGroup = (root: Frame): [string, number][] => {
  const sums = new Map<string, number>();
  const walk = (frame: Frame): void => {
    sums.set(frame.group, (sums.get(frame.group) ?? 0) + frame.self);
    for (const child of frame.children.values()) walk(child);
  };
  walk(root);
  return [...sums].filter(([, self]) => self > 0).sort(([, a], [, b]) => b - a);
};

/**
 * A CPU profile as a flame graph in SVG: a box a function, as wide as the time spent in it and in what it called, on top of its caller. What stands free at the
 * top of a flame was running itself. Callees stand in order of their names' time, the costliest first; colours are groups of files, with the share of each that
 * ran in its own code.
 */
export const flameGraph = (profile: CpuProfile, title: string): string => {
  const root = mergedTree(profile);
  const scale = (WIDTH - 2 * MARGIN) / Math.max(1, root.total);
  const boxes: { readonly frame: Frame; readonly x: number; readonly depth: number }[] = [];
  const place = (frame: Frame, x: number, depth: number): void => {
    boxes.push({ frame, x, depth });
    let left = x;
    for (const child of [...frame.children.values()].sort((a, b) => b.total - a.total)) {
      if (child.total * scale >= NARROWEST) place(child, left, depth + 1);
      left += child.total * scale;
    }
  };
  place(root, MARGIN, 0);
  const legend = selfByGroup(root);
  const deepest = Math.max(...boxes.map(({ depth }) => depth));
  const top = 96;
  const height = top + (deepest + 1) * ROW + MARGIN;
  const drawn = boxes.map(({ frame, x, depth }) => {
    const width = frame.total * scale;
    const y = top + (deepest - depth) * ROW;
    const where = frame.place === '' ? '' : ` (${frame.place})`;
    const tip = `${frame.name}${where}\n${milliseconds(frame.total)}, ${percent(frame.total, root.total)} in it and what it calls; ${milliseconds(frame.self)}, ${percent(frame.self, root.total)} itself`;
    const label = fitted(frame, width);
    const text = label === '' ? '' : `<text x="${(x + 4).toFixed(1)}" y="${y + 13}">${escaped(label)}</text>`;
    const fill = depth === 0 ? '#e4e7eb' : colourOf(frame.group);
    return `<g><title>${escaped(tip)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(NARROWEST, width - 0.5).toFixed(1)}" height="${ROW - 1}" fill="${fill}"/>${text}</g>`;
  });
  let [left, line] = [MARGIN, 0];
  const keys = legend.map(([group, self]) => {
    const text = `${group} ${percent(self, root.total)}`;
    const width = 17 + Math.ceil(text.length * CHARACTER) + 14;
    if (left + width > WIDTH) [left, line] = [MARGIN, line + 1];
    const key = `<rect x="${left}" y="${52 + line * 16}" width="12" height="12" rx="2" fill="${colourOf(group)}"/><text x="${left + 17}" y="${62 + line * 16}">${escaped(text)}</text>`;
    left += width;
    return key;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="11" fill="#1f2933">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="26" font-size="17" font-weight="600">${escaped(title)}: ${milliseconds(root.total)} of processor time</text>`,
    `<text x="${MARGIN}" y="43" fill="#616e7c">Width is time in a function and what it calls; a free upper edge is its own. Shares of groups are own time. Point at a box for its figures.</text>`,
    ...keys,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};

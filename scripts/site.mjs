// Builds the documentation site into dist/site from the pages in docs/ and the doc comments of the public API.
//
//   npm run site            installs site/package-lock.json first
//   node scripts/site.mjs [--no-api] [--out FOLDER]
//
// It fails when a link of a page leads nowhere.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(join(root, 'site', 'package.json'));
const markdownIt = require('markdown-it');
const at = process.argv.indexOf('--out');
const out = at > 0 ? resolve(process.argv[at + 1]) : join(root, 'dist', 'site');
const hasApi = !process.argv.includes('--no-api');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const sections = JSON.parse(readFileSync(join(root, 'site', 'sections.json'), 'utf8'));

/** Pages that do not lie in docs/, by their name on the site. */
const ELSEWHERE = {
  index: 'README.md',
  examples: 'examples/README.md',
  datasets: 'datasets/README.md',
  reports: 'reports/README.md',
  changelog: 'CHANGELOG.md',
  architecture: 'ARCHITECTURE.md',
  contributing: 'CONTRIBUTING.md',
};
const KINDS = {
  Tutorial: 'Begin here: step by step, with every command and what it shows.',
  'How-to': 'You know what you want to do: how it is done.',
  Reference: 'What each command, rule and figure is, exactly.',
  Explanation: 'Why it is built this way, and what was proved.',
};

const markdownIn = folder => readdirSync(join(root, folder)).filter(name => name.endsWith('.md'));
const sources = new Map([
  ...Object.entries(ELSEWHERE),
  ...markdownIn('docs').map(name => [basename(name, '.md'), `docs/${name}`]),
  ...markdownIn('docs/decisions').map(name => [`decisions/${basename(name, '.md')}`, `docs/decisions/${name}`]),
  ...readdirSync(join(root, 'examples'))
    .filter(name => name.endsWith('.ts'))
    .map(name => [`examples/${basename(name, '.ts')}`, `examples/${name}`]),
]);
const pageOf = new Map([...sources].map(([name, source]) => [source, name]));

/** What is placed in no section comes last under How-to, so that no page is lost. */
const placed = new Set(Object.values(sections).flatMap(pages => pages.map(([name]) => name)));
for (const [name, source] of sources) if (/^docs\/[^/]+\.md$/.test(source) && !placed.has(name)) sections['How-to'].push([name, name]);

const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const TOKENS = {
  ts: /(?<c>\/\*[\s\S]*?\*\/|\/\/.*)|(?<s>'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<k>\b(?:import|export|default|from|const|let|return|if|else|for|of|type|interface|new|async|await|function|readonly|extends|throw|true|false|null|undefined)\b)/g,
  sh: /(?<c>(?:^|\s)#.*)|(?<s>'[^']*'|"[^"]*")|(?<k>(?<=^|&&\s|\n)(?:quantai|npm|npx|node|git|curl|docker)\b)/gm,
};
const coloured = (text, language) => {
  const pattern = TOKENS[language === 'js' || language === 'json' ? 'ts' : language];
  if (!pattern) return escaped(text);
  let html = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    html += `${escaped(text.slice(end, match.index))}<span class="${kind}">${escaped(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escaped(text.slice(end));
};

/** As GitHub makes anchors of headings. */
const anchorOf = heading =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const broken = [];
const links = [];
/** Where a link of a source page leads on the site: another page, a picture, an address elsewhere; null where the site has nothing of the kind. */
const hrefOf = (href, source, base) => {
  if (/^[a-z]+:/.test(href)) return href;
  const [path, hash] = href.split('#');
  const target = path === '' ? source : posix.normalize(posix.join(posix.dirname(source), path));
  if (target.startsWith('docs/images/')) return existsSync(join(root, target)) ? base + target.slice('docs/'.length) : null;
  const name = pageOf.get(target) ?? (target === 'docs/decisions' || target === 'docs/decisions/' ? 'decisions' : undefined);
  if (name === undefined) {
    if (!existsSync(join(root, target))) broken.push(`${source} → ${href}`);
    return null;
  }
  if (hash) links.push({ source, name, hash });
  return `${path === '' ? '' : `${base}${name}.html`}${hash ? `#${hash}` : ''}`;
};

const rendered = (text, source, base) => {
  const outline = [];
  const md = markdownIt({ html: true, linkify: false, highlight: coloured });
  const plain = tokens => (tokens ?? []).map(({ content, children }) => (children ? plain(children) : content)).join('');
  md.core.ruler.push('site', state => {
    state.tokens.forEach((token, i) => {
      if (token.type === 'heading_open') {
        const text = plain(state.tokens[i + 1].children);
        token.attrSet('id', anchorOf(text));
        outline.push({ level: Number(token.tag.slice(1)), text, id: anchorOf(text) });
      }
      // The policy of the pages allows no style attribute.
      const align = /^text-align:\s*(\w+)$/.exec(token.attrGet('style') ?? '')?.[1];
      if (align) token.attrs = [...token.attrs.filter(([key]) => key !== 'style'), ['class', align]];
      for (const child of token.children ?? []) {
        const name = child.type === 'link_open' ? 'href' : child.type === 'image' ? 'src' : undefined;
        if (name === undefined) continue;
        const to = hrefOf(child.attrGet(name) ?? '', source, base);
        if (to === null) child.attrs = child.attrs.filter(([key]) => key !== name);
        else child.attrSet(name, to);
      }
    });
  });
  md.renderer.rules.heading_close = (tokens, i) => {
    const id = tokens[i - 2].attrGet('id');
    const anchor = tokens[i].tag === 'h1' ? '' : `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
    return `${anchor}</${tokens[i].tag}>\n`;
  };
  md.renderer.rules.table_open = () => '<div class="scroll" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
  return { html: md.render(text.replace(/<!--[\s\S]*?-->/g, '')), outline };
};

const linkList = (pages, base, current) =>
  `<ul>${pages.map(([name, title]) => `<li><a href="${base}${name}.html"${name === current ? ' aria-current="page"' : ''}>${escaped(title)}</a></li>`).join('')}</ul>`;

const shown = Object.fromEntries(
  Object.entries(sections).map(([kind, pages]) => [kind, pages.filter(([name]) => sources.has(name) || name === 'decisions')]),
);
const order = Object.values(shown).flat();
const navigation = (base, current) =>
  [
    ...Object.entries(shown).map(([kind, pages]) => `<h2>${kind}</h2>${linkList(pages, base, current)}`),
    ...(hasApi ? [`<h2>For code</h2>${linkList([['api-docs/index', 'TypeScript API']], base, current)}`] : []),
  ].join('');

const page = ({ name, title, body, outline }) => {
  const base = '../'.repeat(name.split('/').length - 1);
  const parts = outline.filter(({ level }) => level === 2 || level === 3);
  const i = order.findIndex(([each]) => each === name);
  const [before, after] = i < 0 ? [] : [order[i - 1], order[i + 1]];
  const nav = navigation(base, name);
  return `<!doctype html>
<html lang="en" data-base="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data:">
<title>${escaped(title)} · QuantAI-Trad</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}theme/site.css">
<script defer src="${base}theme/site.js"></script>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header>
<a class="name" href="${base}index.html">QuantAI-Trad ${version}</a>
<details class="menu"><summary>Pages</summary><nav aria-label="Pages">${nav}</nav></details>
<form role="search"><input id="search" type="search" placeholder="Search ( / )" aria-label="Search the documentation" autocomplete="off"><ul id="found" aria-live="polite"></ul></form>
<button id="theme" type="button" aria-label="Switch between light and dark">◐</button>
</header>
<div class="columns">
<nav class="pages" aria-label="Pages of the documentation">${nav}</nav>
<main id="content">
${body}
${before || after ? `<div class="turn"><span>${before ? `<a href="${base}${before[0]}.html">← ${escaped(before[1])}</a>` : ''}</span><span>${after ? `<a href="${base}${after[0]}.html">${escaped(after[1])} →</a>` : ''}</span></div>` : ''}
</main>
<aside aria-label="On this page">${parts.length > 1 ? `<h2>On this page</h2><ul>${parts.map(({ level, text, id }) => `<li><a${level === 3 ? ' class="deep"' : ''} href="#${id}">${escaped(text)}</a></li>`).join('')}</ul>` : ''}</aside>
</div>
</body>
</html>
`;
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const write = (name, text) => {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

const index = [];
const anchors = new Map();
const publish = (name, source, text, opening = '') => {
  const { html, outline } = rendered(text, source, '../'.repeat(name.split('/').length - 1));
  const title = outline.find(({ level }) => level === 1)?.text ?? name;
  anchors.set(name, new Set(outline.map(({ id }) => id)));
  write(`${name}.html`, page({ name, title, body: opening + html, outline }));
  // One entry a section: its heading, where it is, and its words.
  for (const [i, part] of text.split(/^(?=#{1,3} )/m).entries()) {
    const heading = /^#+ (.+)$/m.exec(part)?.[1]?.replace(/[`*_]/g, '');
    if (heading === undefined) continue;
    const words = part
      .replace(/^#+ .+$/m, '')
      .replace(/<!--[\s\S]*?-->|\]\([^)]*\)|[`*|>#]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    index.push({ title: heading, page: title, url: `${name}.html${i === 0 ? '' : `#${anchorOf(heading)}`}`, text: words });
  }
};

const doors = `<div class="kinds">${Object.entries(shown)
  .map(([kind, pages]) => `<section><h2>${kind}</h2><p>${KINDS[kind] ?? ''}</p>${linkList(pages.slice(0, 4), '', '')}</section>`)
  .join('')}</div>`;
for (const [name, source] of sources) {
  const text = readFileSync(join(root, source), 'utf8');
  if (source.endsWith('.ts')) publish(name, source, `# ${basename(source)}\n\n\`\`\`ts\n${text}\`\`\`\n`);
  else publish(name, source, text, name === 'index' ? doors : '');
}
const titleIn = source => /^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1] ?? source;
const decisions = [...sources].filter(([name]) => name.startsWith('decisions/'));
publish(
  'decisions',
  'docs/decisions/README.md',
  `# Decisions\n\nChoices that would surprise a reader, each with its reason and what follows from it.\n\n${decisions.map(([, source]) => `- [${titleIn(source)}](${basename(source)})`).join('\n')}\n`,
);

for (const { source, name, hash } of links) if (!anchors.get(name)?.has(hash)) broken.push(`${source} → ${name}#${hash}`);
if (broken.length > 0) {
  process.stderr.write(`error: Links that lead nowhere:\n${broken.map(line => `  ${line}`).join('\n')}\n`);
  process.exit(1);
}

cpSync(join(root, 'site', 'theme'), join(out, 'theme'), { recursive: true });
if (existsSync(join(root, 'docs', 'images'))) cpSync(join(root, 'docs', 'images'), join(out, 'images'), { recursive: true });

if (hasApi) {
  const typedoc = join(dirname(require.resolve('typedoc/package.json')), 'bin', 'typedoc');
  execFileSync(
    process.execPath,
    [
      typedoc,
      '--entryPoints',
      'src/index.ts',
      '--skipErrorChecking',
      '--tsconfig',
      'site/tsconfig.json',
      '--out',
      join(out, 'api-docs'),
      '--name',
      `QuantAI-Trad ${version}`,
      '--readme',
      'none',
      '--disableGit',
      '--disableSources',
      '--hideGenerator',
      '--excludeExternals',
      '--excludePrivate',
      '--logLevel',
      'Error',
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  for (const folder of ['functions', 'types', 'interfaces', 'variables', 'classes'])
    if (existsSync(join(out, 'api-docs', folder)))
      for (const file of readdirSync(join(out, 'api-docs', folder)).sort())
        index.push({ title: basename(file, '.html'), page: `TypeScript API, ${folder}`, url: `api-docs/${folder}/${file}`, text: '' });
}
write('search.json', JSON.stringify(index));
process.stdout.write(`${relative(process.cwd(), out)}  ${anchors.size} pages, ${index.length} places to find\n`);

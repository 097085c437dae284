// Writes dist/man/quantai.1 from the help texts of the built program.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from '../dist/commands/main.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const helpOf = async words => {
  let text = '';
  await main([...words, '--help'], { out: part => (text += part), err: () => {} });
  return text;
};

/** Verbs that a help text lists. */
const verbsIn = help =>
  [...(/\nCommands:\n([\s\S]*?)\n\n/.exec(help)?.[1] ?? '').matchAll(/^ {2}quantai ((?:[a-z-]+ )*[a-z-]+)/gm)].map(([, words = '']) =>
    words.trim().split(' '),
  );

/** Backslashes and a leading dot or quote mean something to man. */
const escaped = text =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
const verbatim = text => `.nf\n${escaped(text.trim())}\n.fi`;

const top = await helpOf([]);
const sections = [];
for (const words of verbsIn(top)) {
  const help = await helpOf(words);
  sections.push([words, help]);
  for (const below of verbsIn(help)) sections.push([below, await helpOf(below)]);
}
/** What every verb has is said once. */
const COMMON = /^ {2,}(?:-h, )?--(?:workspace|json|progress|as|version|help) .*\n(?: {20,}\[.*\n)?/gm;
const own = help =>
  help
    .replace(COMMON, '')
    .replace(/\nOptions:\n(?=\n|$)/, '\n')
    .replace(/\n*Exit codes: .*$/m, '');

const page = [
  `.TH QUANTAI 1 "" "quantai ${version}" "QuantAI-Trad"`,
  '.SH NAME',
  escaped('quantai - backtest-first research platform for crypto perpetual futures'),
  '.SH SYNOPSIS',
  '.B quantai',
  '\\fIverb\\fR [\\fIoptions\\fR]',
  '.SH DESCRIPTION',
  verbatim(top),
  '.SH VERBS',
  ...sections.flatMap(([words, help]) => [`.SS ${words.join(' ')}`, verbatim(own(help))]),
  '.SH SEE ALSO',
  escaped('The pages under docs/, and `quantai doctor`.'),
];
mkdirSync(`${root}dist/man`, { recursive: true });
writeFileSync(`${root}dist/man/quantai.1`, `${page.join('\n')}\n`);

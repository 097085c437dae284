// Keeps notebooks and their sources in step: `notebooks/NN-name.ts` in the percent format is the source, `NN-name.ipynb` the same for Jupyter, without outputs.
//   node scripts/notebooks.mjs          makes every .ipynb from its .ts
//   node scripts/notebooks.mjs --back   takes what was changed in Jupyter back into the .ts
//   node scripts/notebooks.mjs --check  says which pairs differ or hold outputs; exit code 1 when one does
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const FOLDER = fileURLToPath(new URL('../notebooks/', import.meta.url));
const MARKER = /^\/\/ %%(.*)$/;
const METADATA = {
  kernelspec: { display_name: 'TypeScript (QuantAI-Trad)', language: 'typescript', name: 'quantai-typescript' },
  language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
};

const trimmed = lines => {
  const text = lines.join('\n').replace(/^\n+|\n+$/g, '');
  return text === '' ? [] : text.split('\n');
};

/** Cells of a source: prose in comments under `// %% [markdown]`, code under `// %%`. */
const cellsOf = source => {
  const cells = [];
  for (const line of source.split('\n')) {
    const marker = MARKER.exec(line);
    if (marker) cells.push({ type: marker[1].trim() === '[markdown]' ? 'markdown' : 'code', lines: [] });
    else cells.at(-1)?.lines.push(line);
  }
  return cells.map(({ type, lines }) => ({
    type,
    lines: trimmed(type === 'markdown' ? lines.map(line => line.replace(/^\/\/ ?/, '')) : lines),
  }));
};

const sourceOf = cells =>
  cells
    .map(({ type, lines }) =>
      type === 'markdown' ? ['// %% [markdown]', ...lines.map(line => `// ${line}`.trimEnd())].join('\n') : ['// %%', ...lines].join('\n'),
    )
    .join('\n\n')
    .concat('\n');

const notebookOf = (cells, name) => ({
  cells: cells.map(({ type, lines }, i) => ({
    cell_type: type,
    ...(type === 'code' && { execution_count: null }),
    id: `${name.slice(0, 2)}-${String(i + 1).padStart(2, '0')}`,
    metadata: {},
    ...(type === 'code' && { outputs: [] }),
    source: lines.map((line, k) => (k < lines.length - 1 ? `${line}\n` : line)),
  })),
  metadata: METADATA,
  nbformat: 4,
  nbformat_minor: 5,
});

const asText = notebook => `${JSON.stringify(notebook, undefined, 1)}\n`;

const cellsIn = notebook =>
  notebook.cells.map(({ cell_type, source }) => ({
    type: cell_type,
    lines: trimmed((Array.isArray(source) ? source.join('') : source).split('\n')),
  }));

const pretty = async (text, file) => format(text, { ...(await resolveConfig(join(FOLDER, basename(file)))), filepath: file });

const [mode = '--make'] = process.argv.slice(2);
const folder = process.argv[3] ?? FOLDER;
const names = readdirSync(folder)
  .filter(name => /^\d\d-.*\.(ts|ipynb)$/.test(name))
  .map(name => basename(basename(name, '.ts'), '.ipynb'))
  .filter((name, i, all) => all.indexOf(name) === i)
  .sort();
let wrong = 0;
for (const name of names) {
  const [source, notebook] = [join(folder, `${name}.ts`), join(folder, `${name}.ipynb`)];
  if (mode === '--back') {
    writeFileSync(source, await pretty(sourceOf(cellsIn(JSON.parse(readFileSync(notebook, 'utf8')))), source));
    console.log(`${name}.ts`);
  }
  const made = existsSync(source) ? asText(notebookOf(cellsOf(readFileSync(source, 'utf8')), name)) : null;
  if (mode === '--check') {
    const kept = existsSync(notebook) ? readFileSync(notebook, 'utf8') : null;
    if (made === null || made !== kept) {
      wrong++;
      const why =
        made === null
          ? 'has no .ts'
          : kept === null
            ? 'has no .ipynb'
            : /"outputs": \[\s*\{/.test(kept)
              ? 'holds outputs'
              : 'differs from its .ts';
      console.error(`${name} ${why}: node scripts/notebooks.mjs`);
    }
  } else if (made !== null) writeFileSync(notebook, made);
}
if (mode === '--check') console.log(wrong === 0 ? `${names.length} pairs agree` : `${wrong} of ${names.length} pairs do not agree`);
process.exitCode = wrong === 0 ? 0 : 1;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const escaped = (text: string): string => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

/** Names of the scripts and styles that bull-board's own page loads. */
export const boardParts = (uiRoot: string): { readonly scripts: readonly string[]; readonly styles: readonly string[] } => {
  const page = readFileSync(join(uiRoot, 'index.ejs'), 'utf8');
  const named = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, name = '']) => name);
  return { scripts: named(/src="(static\/js\/[\w.-]+)"/g), styles: named(/href="(static\/css\/[\w.-]+)"/g) };
};

/**
 * The page that bull-board's scripts run in. Its own one loads fonts from elsewhere and has styles inline, which no page of ours may. `/queue-board.js` sends the word of the login along with what the board asks for.
 */
export const boardPage = (
  { scripts, styles }: ReturnType<typeof boardParts>,
  { root, title, config, csrf }: { readonly root: string; readonly title: string; readonly config: object; readonly csrf: string },
): string => `<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="csrf" content="${escaped(csrf)}" />
    <base href="${root}/" />
    <title>${escaped(title)}</title>
    <link rel="icon" type="image/svg+xml" id="fav-logo" href="/icon.svg" />
    ${styles.map(name => `<link rel="stylesheet" href="${name}" />`).join('\n    ')}
    <script src="/queue-board.js"></script>
  </head>
  <body class="preload">
    <script id="__UI_CONFIG__" type="application/json">${JSON.stringify(config).replace(/</g, '\\u003c').replace(/>/g, '\\u003e')}</script>
    <div id="root"></div>
    ${scripts.map(name => `<script defer src="${name}"></script>`).join('\n    ')}
  </body>
</html>
`;

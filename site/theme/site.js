// Theme and search of the documentation. Nothing is fetched but the index beside it.
const root = document.documentElement;
const base = root.dataset.base;
const kept = localStorage.getItem('theme');
if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;

document.querySelector('#theme').addEventListener('click', () => {
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  localStorage.setItem('theme', root.dataset.theme);
});

const input = document.querySelector('#search');
const found = document.querySelector('#found');
let index;

const wordsOf = text => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every word must begin a word of the section; a heading counts ten times. */
const scoreOf = (entry, words) => {
  let score = 0;
  for (const word of words) {
    const inTitle = entry.words.title.some(each => each.startsWith(word));
    const inText = entry.words.text.filter(each => each.startsWith(word)).length;
    if (!inTitle && inText === 0) return 0;
    score += (inTitle ? 10 : 0) + Math.min(inText, 5);
  }
  return score;
};

const search = async () => {
  const words = wordsOf(input.value);
  if (words.length === 0) return void found.replaceChildren();
  index ??= fetch(`${base}search.json`)
    .then(answer => answer.json())
    .then(entries => entries.map(entry => ({ ...entry, words: { title: wordsOf(entry.title), text: wordsOf(entry.text) } })));
  const best = (await index)
    .map(entry => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
  const items = best.map(({ entry }) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = base + entry.url;
    link.textContent = entry.title;
    const where = document.createElement('small');
    where.textContent = entry.page;
    link.append(where);
    item.append(link);
    return item;
  });
  if (items.length === 0) {
    const none = document.createElement('li');
    none.textContent = 'Nothing is called that.';
    items.push(none);
  }
  found.replaceChildren(...items);
};

// A page that was opened from the disk may fetch nothing.
const unserved = () => {
  const item = document.createElement('li');
  item.textContent = 'Search works once the folder is served: python3 -m http.server';
  found.replaceChildren(item);
};

input.addEventListener('input', () => void search().catch(unserved));
document.querySelector('header form').addEventListener('submit', event => {
  event.preventDefault();
  found.querySelector('a')?.click();
});
document.addEventListener('keydown', event => {
  if (event.key === '/' && !/^(?:INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === 'Escape') {
    found.replaceChildren();
    input.blur();
  }
  const links = [...found.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement);
  if (links.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
  }
});
document.addEventListener('click', event => {
  if (!event.target.closest('header form')) found.replaceChildren();
});

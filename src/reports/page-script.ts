/**
 * What runs in a report: charts drawn when they come near the screen, one zoom for all time charts, light and dark, sorted and paged tables,
 * charts on paper. Plain script without a build step, because the file must open from a disk, offline, in any browser.
 * It reads `window.report` = { charts: { id: { spec, datasets } }, themes: { light, dark }, tables: { id: rows } }.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
(() => {
  const report = JSON.parse(document.getElementById('report-data').textContent);
  const root = document.documentElement;
  const PAPER_WIDTH = 690;

  const unpackColumn = (column, rows) => {
    if (Array.isArray(column)) return column;
    if (column.words) return column.which.map(i => column.words[i]);
    const values = rows > 0 ? [column.first] : [];
    for (const step of column.steps) values.push(values[values.length - 1] + step);
    return values;
  };
  const unpack = ({ rows, columns }) => {
    const names = Object.keys(columns);
    const values = names.map(name => unpackColumn(columns[name], rows));
    return Array.from({ length: rows }, (_, i) => Object.fromEntries(names.map((name, k) => [name, values[k][i]])));
  };

  // Nothing is fetched, whatever a specification says.
  const offline = vega.loader();
  offline.load = offline.http = offline.file = () => Promise.reject(new Error('a report reads nothing but itself'));

  const wrap = (text, most) => {
    const lines = [];
    let line = '';
    for (const word of text.split(' ')) {
      if (line && line.length + 1 + word.length > most) {
        lines.push(line);
        line = word;
      } else line = line ? line + ' ' + word : word;
    }
    return lines.concat(line);
  };

  // Specifications come in one width; a page gives them its own.
  const AXIS = 74;
  const fitted = (id, width, less = 0) => {
    const spec = structuredClone(report.charts[id].spec);
    spec.datasets = Object.fromEntries(Object.entries(report.charts[id].datasets).map(([name, packed]) => [name, unpack(packed)]));
    spec.title.text = wrap(spec.title.text, Math.max(20, Math.floor(width / 8.8)));
    if (spec.title.subtitle) spec.title.subtitle = wrap(spec.title.subtitle, Math.max(20, Math.floor(width / 6.9)));
    if (spec.facet) {
      const columns = Math.max(1, Math.min(spec.usermeta.columns, Math.floor(width / 190)));
      spec.columns = columns;
      spec.spec.width = Math.floor((width - 20 - less) / columns) - spec.usermeta.gutter;
    } else if (spec.vconcat) for (const part of spec.vconcat) part.width = width - AXIS - less;
    else spec.width = width;
    return spec;
  };

  // Side by side, the entries of a legend would stand out of a narrow chart.
  const themed = (name, width) => {
    const theme = report.themes[name];
    return width < 520 ? { ...theme, legend: { ...theme.legend, columns: 2 } } : theme;
  };

  const scheme = () => root.dataset.scheme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const drawn = new Map();
  let span = null;

  const give = (view, value) => {
    try {
      view.signal('span', value).runAsync();
    } catch {
      // Charts without a time axis have no such signal.
    }
  };
  let asked = 0;
  const lead = (id, value) => {
    span = value;
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      for (const [other, { view }] of drawn) if (other !== id && view) give(view, span);
    });
  };

  const draw = async figure => {
    const id = figure.dataset.chart;
    const into = figure.querySelector('.plot');
    const width = Math.floor(into.clientWidth);
    if (width < 40) return;
    const ticket = {};
    const before = drawn.get(id);
    drawn.set(id, { ticket, width, view: before && before.view });
    try {
      const embed = spec => vegaEmbed(into, spec, {
        mode: 'vega-lite',
        config: themed(scheme(), width),
        renderer: 'svg',
        loader: offline,
        actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false },
        downloadFileName: id,
        i18n: { SVG_ACTION: 'Save as SVG', PNG_ACTION: 'Save as PNG', CLICK_TO_VIEW_ACTIONS: 'Save this chart' },
        tooltip: { theme: 'report' },
        logLevel: vega.Error,
      });
      const spec = fitted(id, width);
      let result = await embed(spec);
      // Panels beside wide labels can stand out: once more, by as much narrower.
      const drawing = into.querySelector('svg.marks');
      const over = drawing ? Math.ceil(drawing.getBoundingClientRect().width - width) : 0;
      if (over > 0 && (spec.vconcat || spec.facet)) {
        result.finalize();
        result = await embed(fitted(id, width, over));
      }
      const current = drawn.get(id);
      if (!current || current.ticket !== ticket) {
        result.finalize();
        return;
      }
      current.view = result.view;
      current.finalize = () => result.finalize();
      into.style.minHeight = '';
      figure.dataset.drawn = 'yes';
      if (spec.usermeta && spec.usermeta.leads) result.view.addSignalListener('brush', (_, value) => lead(id, value && value.ts ? value.ts.map(Number) : null));
      else if (span) give(result.view, span);
    } catch (error) {
      into.textContent = '';
      const box = document.createElement('p');
      box.className = 'failed';
      box.textContent = 'This chart could not be drawn: ' + (error && error.message ? error.message : error);
      into.append(box);
      figure.dataset.drawn = 'failed';
      console.error(error);
    }
  };

  const figures = [...document.querySelectorAll('figure[data-chart]')];
  const wanted = new Set();
  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    while (wanted.size > 0) {
      const figure = wanted.values().next().value;
      wanted.delete(figure);
      await draw(figure);
      await new Promise(done => setTimeout(done));
    }
    busy = false;
  };
  const want = figure => {
    wanted.add(figure);
    work();
  };
  const watcher = new IntersectionObserver(
    entries => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        watcher.unobserve(entry.target);
        want(entry.target);
      }
    },
    { rootMargin: '600px 0px' },
  );
  for (const figure of figures) watcher.observe(figure);
  const redraw = () => {
    for (const figure of figures) if (figure.dataset.drawn) want(figure);
  };

  let settle = 0;
  addEventListener('resize', () => {
    clearTimeout(settle);
    settle = setTimeout(() => {
      for (const figure of figures) {
        const known = drawn.get(figure.dataset.chart);
        if (known && Math.abs(known.width - figure.querySelector('.plot').clientWidth) > 8) want(figure);
      }
    }, 150);
  });

  // Light and dark: what the system says until the reader says otherwise.
  const toggle = document.querySelector('.scheme');
  const say = () => {
    const next = scheme() === 'dark' ? 'light' : 'dark';
    toggle.textContent = next === 'dark' ? 'Dark' : 'Light';
    toggle.setAttribute('aria-label', 'Switch to the ' + next + ' theme');
  };
  toggle.addEventListener('click', () => {
    root.dataset.scheme = scheme() === 'dark' ? 'light' : 'dark';
    say();
    redraw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    if (root.dataset.scheme) return;
    say();
    redraw();
  });
  say();

  // On paper every chart is drawn again, light and as wide as the sheet, whether or not it was ever on the screen.
  const onPaper = () => {
    for (const figure of figures) {
      const sheet = figure.querySelector('.paper-plot');
      if (sheet.childElementCount > 0) continue;
      try {
        const spec = fitted(figure.dataset.chart, PAPER_WIDTH);
        // Nobody drags on paper: the strip shrinks to nothing, but the panels above it still ask it what to show.
        for (const part of spec.vconcat || [])
          if (part.params && part.params.some(param => param.name === 'brush')) {
            part.height = 1;
            part.mark.opacity = 0;
            part.encoding.x.axis = null;
          }
        const compiled = vegaLite.compile(spec, { config: { ...report.themes.light, background: 'white' } }).spec;
        new vega.View(vega.parse(compiled), { renderer: 'svg', loader: offline, logLevel: vega.Error }).initialize(sheet).run();
      } catch (error) {
        sheet.textContent = 'This chart could not be drawn: ' + error.message;
      }
    }
  };
  addEventListener('beforeprint', onPaper);
  addEventListener('afterprint', () => {
    for (const sheet of document.querySelectorAll('.paper-plot')) sheet.textContent = '';
  });
  matchMedia('print').addEventListener('change', event => {
    if (event.matches) onPaper();
  });

  // Tables. Numbers sort by value; what is not a number goes last whichever way.
  const PAGE = 25;
  const numberOf = text => {
    const value = parseFloat(text.replace(/[,+]/g, '').replace(/[\u2212\u2013]/g, '-'));
    return text === '\u2013' || Number.isNaN(value) ? null : value;
  };
  for (const table of document.querySelectorAll('table[data-sortable]')) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const classes = heads.map(head => head.dataset.cell);
    const signed = heads.map(head => head.dataset.signed === 'yes');
    const long = report.tables[table.id];
    const rows = long || [...body.rows].map(row => [...row.cells].map(cell => cell.textContent));
    const pager = table.closest('.table').querySelector('.pages');
    const size = long ? PAGE : rows.length;
    let page = 0;
    let order = rows.map((_, i) => i);
    const show = () => {
      body.textContent = '';
      for (const i of order.slice(page * size, (page + 1) * size)) {
        const row = body.insertRow();
        rows[i].forEach((text, k) => {
          const cell = row.insertCell();
          const value = signed[k] ? numberOf(text) : null;
          cell.className = classes[k] + (value === null || value === 0 ? '' : value < 0 ? ' loss' : ' gain');
          cell.textContent = text;
        });
      }
      if (!pager) return;
      const last = Math.max(0, Math.ceil(rows.length / size) - 1);
      pager.querySelector('span').textContent =
        (page * size + 1).toLocaleString('en-US') + '–' + Math.min(rows.length, (page + 1) * size).toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US');
      pager.querySelector('[data-go=back]').disabled = page === 0;
      pager.querySelector('[data-go=on]').disabled = page === last;
    };
    heads.forEach((head, k) => {
      head.querySelector('button').addEventListener('click', () => {
        const way = head.getAttribute('aria-sort') === 'descending' ? 'ascending' : 'descending';
        for (const other of heads) other.setAttribute('aria-sort', 'none');
        head.setAttribute('aria-sort', way);
        const sign = way === 'ascending' ? 1 : -1;
        const numeric = classes[k].includes('number');
        const keys = rows.map(row => (numeric ? numberOf(row[k]) : row[k]));
        order = rows.map((_, i) => i).sort((a, b) => {
          if (keys[a] === null || keys[b] === null) return (keys[a] === null) - (keys[b] === null);
          return keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b;
        });
        page = 0;
        show();
      });
    });
    if (pager) {
      pager.addEventListener('click', event => {
        const go = event.target.closest('button');
        if (!go) return;
        page += go.dataset.go === 'on' ? 1 : -1;
        show();
      });
      show();
    }
  }
})();
`;

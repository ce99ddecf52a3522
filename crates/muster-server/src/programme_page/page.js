// Draws the numbers of /programme.json, anew every ten seconds. Everything that comes from there is put in as text.
'use strict';

const EVERY = 10000;
const SVG = 'http://www.w3.org/2000/svg';
const whole = new Intl.NumberFormat('en');
const el = id => document.getElementById(id);
let last = null;

// Pictures are as wide as their place, so that their letters are as large as others.
const room = id => Math.max(260, Math.min(1040, el(id).clientWidth || 720));

function node(name, attributes = {}, text = null) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

function shape(name, attributes = {}, text = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

// A picture says in words what it shows.
function picture(id, width, height, title, words) {
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': `${id}-t ${id}-d` });
  svg.append(shape('title', { id: `${id}-t` }, title), shape('desc', { id: `${id}-d` }, words));
  return svg;
}

const put = (id, ...children) => el(id).replaceChildren(...children);
const count = value => whole.format(value ?? 0);
const plural = (value, one, many) => `${count(value)} ${value === 1 ? one : many}`;
const percent = (part, all) => (all > 0 ? `${(100 * part / all).toFixed(1)} %` : '–');
const time = text => (text ? `${text.slice(0, 10)} ${text.slice(11, 16)} UTC` : 'never');

// Who stands where. Those whom the hook found right are among those who wait; here each stands once.
function standing(report) {
  return [
    ['over', 'come over', report.come_over],
    ['verified', 'password right, not confirmed yet', report.verified],
    ['wait', 'not yet', report.waiting - report.verified],
    ['reset', 'reset by mail', report.reset],
    ['gone', 'gone from the org', report.gone],
    ['cannot', 'can’t be reset', report.cannot],
  ];
}

function people(report) {
  const parts = standing(report);
  const shown = parts.filter(([kind, , value], at) => at < 4 || value > 0);
  put('tiles', ...shown.map(([kind, words, value]) => {
    const tile = node('div', { class: `tile ${kind}` });
    tile.append(node('b', { id: `n-${kind}` }, count(value)), node('span', {}, words));
    return tile;
  }));
  const words = parts.map(([, words, value]) => `${count(value)} ${words}`).join(', ');
  const svg = picture('share-p', 600, 22, `${percent(report.come_over, report.people)} have come over`, words);
  svg.append(shape('rect', { class: 'track', x: 0, y: 0, width: 600, height: 22, rx: 4 }));
  let x = 0;
  for (const [kind, , value] of parts) {
    const width = report.people > 0 ? 600 * value / report.people : 0;
    svg.append(shape('rect', { class: kind, x, y: 0, width, height: 22 }));
    x += width;
  }
  const line = node('p', { id: 'percent' }, `${percent(report.come_over, report.people)} of ${plural(report.people, 'person', 'people')} came over.`);
  const hashes = report.hashes && report.hashes.people > 0
    ? [node('p', {}, `Besides, ${count(report.hashes.signed_in)} of ${count(report.hashes.people)} with an imported hash have signed in; they need no hook.`)] : [];
  put('share', svg, line, ...hashes);
}

const DAY = 86400000;
const date = text => Date.parse(`${text}T00:00:00Z`);

// The days ahead, so that as many come as the forecast has, each day the same factor less.
function ahead(report, latest) {
  const forecast = report.forecast;
  if (!forecast || !forecast.last_on) return [];
  const days = Math.min(3650, Math.round((date(forecast.last_on) - date(latest.date)) / DAY));
  if (days < 1) return [];
  const f = forecast.daily_factor;
  const part = day => (Math.abs(1 - f) < 1e-6 ? day / days : (1 - f ** day) / (1 - f ** days));
  const points = [];
  for (let step = 0; step <= 40; step += 1) {
    const day = days * step / 40;
    points.push([date(latest.date) + DAY + day * DAY, latest.left - forecast.will_come * part(day)]);
  }
  return points;
}

function left(report) {
  const days = report.days ?? [];
  const latest = days[days.length - 1];
  if (!latest) return put('left', node('p', {}, 'Nobody is armed yet.'));
  // Each point is the end of its day; the line begins with everybody.
  const known = days.map(day => [date(day.date) + DAY, day.left]);
  known.unshift([date(days[0].date), days[0].left + days[0].come_over]);
  const coming = ahead(report, latest);
  const until = report.until ? date(report.until.date) + DAY : null;
  const from = known[0][0];
  const to = Math.max(known[known.length - 1][0], ...coming.map(point => point[0]), until ?? 0, from + DAY);
  const most = Math.max(1, ...known.map(point => point[1]));
  const [w, h, l, b] = [room('left'), 260, 8 + 8 * count(most).length, 30];
  const at = ([x, y]) => [l + (w - l - 10) * (x - from) / (to - from), 10 + (h - b - 10) * (1 - y / most)];
  const path = points => points.map((point, index) => `${index ? 'L' : 'M'}${at(point).map(n => n.toFixed(1)).join(' ')}`).join('');
  const words = `From ${count(known[0][1])} to ${count(latest.left)} on ${latest.date}.`;
  const svg = picture('left-p', w, h, 'People who are still to come over', words + (coming.length ? ' The dashed line is the forecast.' : ''));
  for (const part of [0, 0.5, 1]) {
    const y = at([from, most * part])[1];
    svg.append(shape('line', { class: 'axis', x1: l, x2: w - 10, y1: y, y2: y }));
    svg.append(shape('text', { x: l - 8, y: y + 4, 'text-anchor': 'end' }, count(Math.round(most * part))));
  }
  const day = value => new Date(value).toISOString().slice(0, 10);
  svg.append(shape('text', { x: l, y: h - 6 }, day(from)));
  svg.append(shape('text', { x: w - 10, y: h - 6, 'text-anchor': 'end' }, day(to - 1)));
  svg.append(shape('path', { class: 'curve', d: path(known) }));
  if (coming.length) svg.append(shape('path', { class: 'ahead', d: path(coming) }));
  if (until) {
    const x = at([until, 0])[0];
    svg.append(shape('line', { class: 'until', x1: x, x2: x, y1: 10, y2: h - b }));
  }
  put('left', svg);
}

const WHY = {
  nobody_left: 'Nobody is left.',
  too_early: 'Too early for a forecast: it takes three days and ten people.',
  nobody_comes: 'Nobody comes any more.',
};

function outlook(report) {
  const forecast = report.forecast;
  const words = [];
  if (forecast) {
    words.push(`At this pace ${plural(forecast.will_come, 'more comes', 'more come')} by themselves, and ${plural(forecast.never, 'never comes', 'never come')}.`);
    if (forecast.most_on) words.push(`95 % will have come on ${forecast.most_on}.`);
    if (forecast.last_on) words.push(`The last one on ${forecast.last_on}.`);
  } else if (report.no_forecast) words.push(WHY[report.no_forecast] ?? report.no_forecast);
  const until = report.until;
  if (until) {
    words.push(`It shall end on ${until.date}, in ${plural(until.days_left, 'day', 'days')}`
      + (until.expected_left === null || until.expected_left === undefined ? '.' : `; ${count(until.expected_left)} will be left then.`));
  }
  el('forecast').textContent = words.join(' ');
}

function hours(report) {
  const kinds = [['over', 'come over', 'come_over'], ['wrong', 'wrong passwords', 'wrong_passwords'], ['unknown', 'unknown users', 'unknown_users']];
  const heard = report.audit ? kinds : kinds.slice(0, 1);
  const bars = report.hours ?? [];
  const total = hour => heard.reduce((sum, [, , name]) => sum + (hour[name] ?? 0), 0);
  const most = Math.max(1, ...bars.map(total));
  const sums = heard.map(([, words, name]) => `${count(bars.reduce((sum, hour) => sum + (hour[name] ?? 0), 0))} ${words}`);
  const [w, h, l, b] = [room('hours'), 200, 8 + 8 * count(most).length, 30];
  const svg = picture('hours-p', w, h, 'Sign-ins per hour', `In 24 hours: ${sums.join(', ')}.`);
  const wide = (w - l - 10) / Math.max(1, bars.length);
  for (const part of [0, 1]) {
    const y = 10 + (h - b - 10) * (1 - part);
    svg.append(shape('line', { class: 'axis', x1: l, x2: w - 10, y1: y, y2: y }));
    svg.append(shape('text', { x: l - 8, y: y + 4, 'text-anchor': 'end' }, count(most * part)));
  }
  bars.forEach((hour, index) => {
    let y = h - b;
    const bar = shape('g');
    bar.append(shape('title', {}, `${time(hour.at)}: ${heard.map(([, words, name]) => `${count(hour[name])} ${words}`).join(', ')}`));
    for (const [kind, , name] of heard) {
      const height = (h - b - 10) * (hour[name] ?? 0) / most;
      y -= height;
      bar.append(shape('rect', { class: kind, x: l + index * wide + 1, y, width: Math.max(1, wide - 2), height }));
    }
    svg.append(bar);
    if (index % 6 === 0) svg.append(shape('text', { x: l + index * wide, y: h - 8 }, hour.at.slice(11, 16)));
  });
  put('hours', svg);
  put('hours-legend', ...heard.map(([kind], index) => {
    const item = node('li');
    const mark = shape('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' });
    mark.append(shape('rect', { class: kind, width: 10, height: 10 }));
    item.append(mark, sums[index]);
    return item;
  }));
}

function table(head, rows) {
  const made = node('table');
  const line = node('tr');
  line.append(...head.map(text => node('th', { scope: 'col' }, text)));
  made.append(line, ...rows);
  return made;
}

function groups(report) {
  const list = report.groups ?? [];
  el('groups-section').hidden = list.length === 0;
  const rows = list.map((group, index) => {
    const row = node('tr');
    const bar = node('td', { class: 'bar' });
    const svg = picture(`group-${index}`, 200, 14, `${percent(group.come_over, group.people)} of ${group.name}`, `${count(group.come_over)} of ${count(group.people)}`);
    const part = group.people > 0 ? group.come_over / group.people : 0;
    svg.append(shape('rect', { class: 'track', width: 200, height: 14, rx: 3 }), shape('rect', { class: 'over', width: 200 * part, height: 14, rx: 3 }));
    bar.append(svg);
    row.append(node('th', { scope: 'row' }, group.name), bar, node('td', { class: 'number' }, `${count(group.come_over)} of ${count(group.people)}`));
    return row;
  });
  put('groups', table(['Group', 'Come over', 'People'], rows));
}

const RESULTS = {
  verified: 'right passwords', wrong_password: 'wrong passwords', unknown_user: 'unknown users',
  too_many_tries: 'too many tries', unreadable: 'stored hashes that nobody can read',
  unavailable: 'the old passwords could not be had', overloaded: 'more calls than could be verified',
};

function hook(report) {
  const audit = report.audit;
  el('hook-section').hidden = !audit;
  if (!audit) return;
  const ms = value => (value >= 10 ? `${Math.round(value)} ms` : `${Number(value).toFixed(1)} ms`);
  const lines = [
    ['answers: half within', ms(audit.p50_ms)], ['99 of 100 within', ms(audit.p99_ms)], ['the longest', ms(audit.longest_ms)],
    ['calls', count(audit.calls)], ['repeated by Okta', count(audit.repeated)],
    ...Object.entries(audit.results).map(([name, value]) => [RESULTS[name] ?? name, count(value)]),
  ];
  if (audit.shadow > 0) lines.push(['answered in shadow mode: no to everybody', count(audit.shadow)]);
  if (audit.faulty_lines > 0) lines.push(['lines that can’t be read', count(audit.faulty_lines)]);
  const rows = lines.map(([words, value]) => {
    const row = node('tr');
    row.append(node('th', { scope: 'row' }, words), node('td', { class: 'number' }, value));
    return row;
  });
  put('hook', table(['What', 'How much'], rows));
}

function draw(report) {
  const runs = report.runs ?? [];
  el('about').textContent = `${report.org} · ${plural(runs.length, 'run', 'runs')} ${runs.join(', ')} · as of ${time(report.made_at)}; System Log read to ${time(report.log_read_to)}`;
  document.title = `${percent(report.come_over, report.people)} come over`;
  el('main').hidden = false;
  for (const part of [people, left, outlook, hours, groups, hook]) part(report);
  last = report;
}

function complain(words) {
  el('trouble').textContent = words;
  el('trouble').hidden = words === '';
}

async function refresh() {
  try {
    const answer = await fetch('/programme.json', { cache: 'no-store', credentials: 'omit' });
    const report = await answer.json();
    if (answer.ok) {
      draw(report);
      complain('');
    } else complain(`${report.error ?? `The page’s server answered ${answer.status}.`} ${last ? `These numbers are as of ${time(last.made_at)}.` : ''}`);
  } catch (error) {
    complain(`The page’s server does not answer; is \`muster programme serve\` still running? ${last ? `These numbers are as of ${time(last.made_at)}.` : ''}`);
  }
  setTimeout(refresh, EVERY);
}

addEventListener('resize', () => last && draw(last));
refresh();

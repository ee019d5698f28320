/** What lets a pointer read the charts, in the browser; without it the page is complete but for that. */
export const SCRIPT = `
for (const figure of document.querySelectorAll('.chart')) {
  const { left, right, unit, times, lines } = JSON.parse(figure.querySelector('script').textContent);
  const svg = figure.querySelector('svg');
  const tip = figure.querySelector('.tip');
  const reader = figure.querySelector('.reader');
  const hide = () => { tip.hidden = true; reader.setAttribute('hidden', ''); };
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    const point = Math.round((x - left) / (right - left) * (times.length - 1));
    if (point < 0 || point >= times.length) return hide();
    const at = left + point / Math.max(1, times.length - 1) * (right - left);
    reader.removeAttribute('hidden');
    reader.setAttribute('x1', at);
    reader.setAttribute('x2', at);
    tip.replaceChildren(times[point], ...lines.flatMap(({ name, colour, values }) => {
      const row = document.createElement('div');
      const swatch = document.createElement('i');
      swatch.className = 'swatch ' + colour;
      const value = document.createElement('b');
      value.textContent = values[point] + ' ' + unit;
      row.append(swatch, name, value);
      return [row];
    }));
    tip.hidden = false;
    const share = at / svg.viewBox.baseVal.width;
    tip.style.left = share < 0.5 ? share * 100 + 2 + '%' : '';
    tip.style.right = share < 0.5 ? '' : (1 - share) * 100 + 2 + '%';
  });
}
`;

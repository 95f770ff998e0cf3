/* Draws the cockpit's charts from the data that the page carries, in place of their tables; saves one as a picture. */
(() => {
  if (!window.Fireside || !window.echarts) return;
  const { draw, letters, axis, value, band } = Fireside;
  const lang = document.documentElement.lang || 'en';
  const figure = n => n == null ? '–' : n.toLocaleString(lang, { maximumFractionDigits: Math.abs(n) < 10 ? 1 : 0 }).replace('-', '−');
  const share = n => n == null ? '–' : Math.round(n * 100) + '%';
  const top = values => Math.max(1e-9, ...values.filter(v => v != null));
  const large = () => letters(12) >= 16; /* then words over a bar stand in lines */
  /* First, middle and last label: more would not fit a third of a screen. */
  const few = (n, wide) => wide ? 'auto' : i => i === 0 || i === n - 1 || (n > 6 && i === Math.floor((n - 1) / 2));
  const ends = { showMinLabel: true, showMaxLabel: true, hideOverlap: true, alignMinLabel: 'left', alignMaxLabel: 'right' };
  /* How wide words will be in a chart, to leave just that much room for them. */
  const ruler = document.createElement('canvas').getContext('2d');
  ruler.font = `600 ${letters(12)}px ` + getComputedStyle(document.body).fontFamily;
  const room = words => Math.ceil(Math.max(0, ...words.map(one => ruler.measureText(one).width)));

  const bars = (d, wide) => t => {
    const n = d.values.length, most = d.values.indexOf(Math.max(...d.values));
    return {
      grid: { left: 4, right: 4, top: letters(22), bottom: letters(22) },
      xAxis: axis(t, { type: 'category', data: d.labels, axisLabel: Object.assign({ color: t.ink3, interval: few(n, wide) }, wide ? {} : n > 8 ? ends : { showMinLabel: true, showMaxLabel: true }) }), /* a wide bar has its day under its middle */
      yAxis: value(t, { show: false, min: 0, max: Math.max(1, top(d.values) * 1.12) }),
      series: [{
        type: 'bar', name: d.words, barCategoryGap: '28%', barMaxWidth: 36,
        data: d.values.map((y, i) => {
          const open = d.partial && d.partial[i];
          return {
            value: y,
            itemStyle: open ? { color: t.soft, borderColor: t.ember, borderType: 'dashed', borderWidth: y ? 1.5 : 0, borderRadius: [2, 2, 0, 0] }
              : { color: i === n - 1 ? t.ember : t.mark, borderRadius: [2, 2, 0, 0] },
            label: { show: y > 0 && (i === n - 1 || i === most), position: 'top', color: t.ink, fontWeight: 600, formatter: p => figure(p.value) },
          };
        }),
      }],
    };
  };

  const lines = (d, wide) => t => {
    const n = d.labels.length, most = top(d.series.flatMap(s => s.values)), say = d.share ? share : figure;
    const known = values => values.reduce((at, v, i) => v == null ? at : i, -1); /* where a line ends: an empty interval has no share */
    const end = s => s.words + (known(s.values) < 0 ? '' : ' ' + say(s.values[known(s.values)]));
    const colour = tone => t.core[tone] || t[tone] || t.mark;
    /* Labels at the ends keep apart: sorted by height, each at least 15 px from the one below. */
    return {
      grid: { left: wide ? letters(40) : 4, right: Math.min(letters(150), 12 + room(d.series.map(end))), top: letters(12), bottom: letters(22) },
      xAxis: axis(t, { type: 'category', data: d.labels, boundaryGap: n < 2, axisLabel: Object.assign({ color: t.ink3, interval: few(n, wide) }, wide ? {} : ends) }),
      /* ECharts picks a round top; a share has none above 100 %, and where all is 0 there is no height to share out. */
      yAxis: value(t, { min: 0, max: most <= 1e-9 ? 1 : d.share && most > .75 ? 1 : null, minInterval: d.share ? 0 : most < 3 ? 0 : 1, axisLabel: Object.assign({ color: t.ink3, formatter: v => say(v) }, wide ? {} : { inside: true, align: 'left', verticalAlign: 'bottom', margin: 0, padding: [0, 0, 3, 0], fontSize: letters(11), showMinLabel: false }) }), /* a narrow plot has its heights on their lines */
      series: d.series.filter(s => known(s.values) >= 0).map(s => ({
        name: s.words, type: 'line', data: s.values, symbol: n < 2 ? 'circle' : 'none', connectNulls: false, animation: !s.values.includes(null), /* an end label cannot ride along a line that begins with a gap: NaN */
        lineStyle: { width: 2, color: colour(s.tone) }, itemStyle: { color: colour(s.tone) },
        labelLayout: { moveOverlap: 'shiftY' },
        endLabel: { show: true, color: colour(s.tone), fontWeight: 600, distance: 6, formatter: () => end(s) },
      })),
    };
  };

  const spread = (d, wide) => t => ({
    tooltip: { show: true },
    grid: { left: 0, right: 0, top: letters(large() ? 54 : 24), bottom: letters(wide ? 22 : 36) }, /* figure over unit: so each bar keeps its words in a third of a screen */
    xAxis: axis(t, { type: 'category', data: d.labels, axisLabel: { color: t.ink3, interval: 0, fontSize: letters(11), lineHeight: letters(14), formatter: words => wide ? words : words.replace(/\s+/, '\n') } }),
    yAxis: value(t, { show: false, min: 0, max: Math.max(1, top(d.values) * 1.12) }),
    series: [{
      type: 'bar', name: d.words, barCategoryGap: '12%', barMaxWidth: 60,
      data: d.values.map((y, i) => {
        const never = i === d.values.length - 1, here = i === d.median;
        return {
          value: y,
          itemStyle: never ? { color: t.surface, borderColor: t.bad, borderWidth: y ? 1.5 : 0, borderType: 'dashed' } : { color: here ? t.ember : t.mark, borderRadius: [2, 2, 0, 0] },
          label: { show: never && y > 0, position: 'top', color: t.bad, fontWeight: 600, formatter: () => figure(y) },
        };
      }),
      /* Above the tallest bar, so that no neighbour runs through the words; a thin line leads down to the bar that is meant. */
      markLine: d.median == null || d.median >= d.values.length - 1 ? undefined : {
        symbol: 'none', silent: true, animation: false, label: { show: false }, lineStyle: { color: t.ink3, width: 1, type: 'solid' },
        data: [[{ coord: [d.median, d.values[d.median]] }, { coord: [d.median, top(d.values)] }]],
      },
      markPoint: d.median == null || d.median >= d.values.length - 1 ? undefined : {
        symbol: 'rect', symbolSize: 0.1, silent: true, data: [{ coord: [d.median, top(d.values)] }],
        label: { show: true, position: 'top', distance: 2, ...(large() ? { align: ['left', 'center', 'right'][Math.floor(3 * d.median / d.values.length)], width: letters(56), overflow: 'break' } : {}), color: t.ink, fontWeight: 600, formatter: () => d.median_words },
      },
    }],
  });

  const curve = (d, wide) => t => {
    const n = d.values.length, last = d.values.reduce((at, v, i) => v == null ? at : i, -1);
    const step = top(d.high) > .6 ? .25 : top(d.high) > .3 ? .2 : top(d.high) > .15 ? .1 : .05; /* whole steps: no crowded top line */
    const most = Math.min(1, Math.ceil(top(d.high) / step - .001) * step);
    return {
      grid: { left: letters(40), right: letters(44), top: letters(12), bottom: letters(22) },
      xAxis: axis(t, { type: 'category', data: d.labels, boundaryGap: false, axisLabel: Object.assign({ color: t.ink3, interval: few(n, wide || innerWidth > 900) }, { alignMaxLabel: 'right' }) }),
      yAxis: value(t, { min: 0, max: n && last >= 0 ? most : 1, interval: n && last >= 0 ? step : .25, axisLabel: { color: t.ink3, formatter: v => share(v) } }),
      series: last < 0 ? [] : [band(d.values.map((v, i) => v == null ? null : [i, d.low[i], d.high[i]]), t.ember), {
        type: 'line', data: d.values, symbol: 'none', connectNulls: false, lineStyle: { width: 2, color: t.ember }, itemStyle: { color: t.ember }, z: 3,
        markPoint: { symbol: 'circle', symbolSize: 7, itemStyle: { color: t.ember }, label: { position: 'right', color: t.ink, fontWeight: 600, formatter: () => share(d.values[last]) }, data: [{ coord: [last, d.values[last]] }] },
      }],
    };
  };

  const kinds = { bars, lines, spread, curve };
  for (const plot of document.querySelectorAll('.plot[data-chart]')) {
    const data = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    if (!data.labels.length || !kinds[data.type]) continue;
    plot.replaceChildren();
    draw(plot.id, kinds[data.type](data, plot.classList.contains('tall') && innerWidth > 700));
  }

  for (const button of document.querySelectorAll('[data-png]')) {
    const plot = document.getElementById(button.dataset.png), chart = plot && echarts.getInstanceByDom(plot);
    if (!chart) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      const room = document.createElement('div');
      const copy = echarts.init(room, null, { renderer: 'canvas', width: plot.clientWidth, height: plot.clientHeight, devicePixelRatio: 2 });
      copy.setOption(Object.assign(chart.getOption(), { animation: false }));
      const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
      const link = document.createElement('a');
      link.href = copy.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ground });
      link.download = (button.dataset.name || 'chart') + '.png';
      document.body.append(link);
      link.click();
      link.remove();
      copy.dispose();
      button.closest('details').open = false;
    });
  }
})();

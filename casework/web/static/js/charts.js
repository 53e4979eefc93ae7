// Charts drawn from the tables that stand under them: one source, so the picture cannot say otherwise.
// The library is fetched only by pages that have a figure.
"use strict";

(() => {
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const library = document.currentScript.dataset.library;
  if (!figures.length) return;

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const numberOf = (cell) => {
    const text = cell.dataset.value ?? cell.textContent.replace(/[^\d,.\-−]/g, "").replace("−", "-").replace(",", ".");
    return text === "" ? null : Number(text);
  };
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
  const POINTS = ["circle", "rect", "triangle", "rectRot"];

  const read = (figure) => {
    const table = figure.querySelector("table");
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells].slice(1, 5);
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      series: heads.map((head, nth) => ({
        label: head.textContent.trim(),
        data: rows.map((row) => numberOf(row.cells[nth + 1])),
      })),
    };
  };

  // the name of a series stands at the end of its line: no legend to look up
  const endLabels = {
    id: "endLabels",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      const taken = [];
      ctx.save();
      ctx.font = `700 13px ${token("--font")}`;
      ctx.textBaseline = "middle";
      chart.data.datasets.forEach((dataset, nth) => {
        const points = chart.getDatasetMeta(nth).data.filter((_point, at) => dataset.data[at] !== null);
        const last = points.at(-1);
        if (!last) return;
        let y = last.y;
        while (taken.some((other) => Math.abs(other - y) < 16)) y -= 4;
        taken.push(y);
        ctx.fillStyle = token("--ink");
        ctx.fillText(dataset.label, last.x + 10, y);
      });
      ctx.restore();
    },
  };

  const dataset = (serie, nth, isLine) => {
    const colour = token(`--chart-${nth + 1}`);
    return {
      ...serie,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: isLine ? 2.5 : 0,
      borderDash: isLine ? DASHES[nth] : [],
      borderRadius: isLine ? 0 : 3,
      pointStyle: POINTS[nth],
      pointRadius: serie.data.length > 18 ? 0 : 3.5,
      pointHitRadius: 12,
      maxBarThickness: 34,
      tension: 0,
    };
  };

  const options = (figure, data, isLine) => {
    const horizontal = figure.dataset.chart === "bar-horizontal";
    const stacked = figure.hasAttribute("data-stacked");
    const locale = document.documentElement.lang;
    const { unit } = figure.dataset;
    // Where the sign of the euro stands is a matter of the language.
    const style = unit === "€" ? { style: "currency", currency: "EUR", minimumFractionDigits: 0 } : {};
    const after = unit && unit !== "€" ? ` ${unit}` : "";
    // Below nil, the sign of minus that the pages write: a locale may give a hyphen.
    const say = (value) => `${Number(value).toLocaleString(locale, style)}${after}`.replace("-", "\u2212");
    const names = { stacked, grid: { display: false }, border: { color: token("--line-strong") } };
    const values = {
      stacked,
      beginAtZero: true,
      grid: { color: token("--line") },
      border: { display: false },
      ticks: { maxTicksLimit: 6, callback: say },
    };
    const room = isLine ? Math.max(...data.series.map((serie) => serie.label.length)) * 7.5 + 16 : 8;
    return {
      animation: false,
      maintainAspectRatio: false,
      locale,
      color: token("--ink"),
      indexAxis: horizontal ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: horizontal ? "y" : "x" },
      layout: { padding: { right: Math.min(room, figure.clientWidth / 3), top: 8 } },
      scales: horizontal ? { x: values, y: names } : { x: names, y: values },
      plugins: {
        legend: {
          display: !isLine && data.series.length > 1,
          align: "start",
          labels: { usePointStyle: true, color: token("--ink") },
        },
        tooltip: {
          callbacks: {
            label: (item) => `${item.dataset.label}${locale === "fr" ? "\u00a0" : ""}: ${say(horizontal ? item.parsed.x : item.parsed.y)}`,
          },
        },
      },
    };
  };

  const draw = (figure) => {
    const { Chart } = window;
    const isLine = figure.dataset.chart === "line";
    const data = read(figure);
    const box = figure.querySelector(".chart-canvas");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    box.replaceChildren(canvas);
    box.hidden = false;
    Chart.defaults.font.family = token("--font");
    Chart.defaults.font.size = 13;
    Chart.defaults.color = token("--muted");
    return new Chart(canvas, {
      type: isLine ? "line" : "bar",
      data: { labels: data.labels, datasets: data.series.map((serie, nth) => dataset(serie, nth, isLine)) },
      options: options(figure, data, isLine),
      plugins: isLine ? [endLabels] : [],
    });
  };

  const script = document.createElement("script");
  script.src = library;
  script.addEventListener("load", async () => {
    await document.fonts.ready;
    let charts = figures.map(draw);
    for (const figure of figures) figure.querySelector("details").open = false;
    const redraw = () => {
      charts.forEach((chart) => chart.destroy());
      charts = figures.map(draw);
    };
    document.addEventListener("casework:theme", redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  });
  document.head.append(script);
})();

// The live chart: asks for the points after the last one it has, draws them with Plotly.react, stops when all is said.
const EVERY_MS = 500;
const EVERY_MS_AT_FIRST = 150; // until there is a first point to see
const SLOWEST_MS = 5000;
const MOST_BATCH_POINTS = 4000;
const NARROW_PX = 640;
const WORDS = { queued: "Waiting", running: "Running", finished: "Finished", stopped: "Stopped", failed: "Failed" };

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".lb-curves");
  if (!root) return;
  const curves = root.curves || (root.curves = new Curves(root));
  curves.tell = setTriggerValue;
  const turn = curves.show(data); // called anew at every change of data or theme; the piece itself stays
  return () => {
    if (curves.turn === turn) curves.leave();
  };
}

class Curves {
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.part = (name) => root.querySelector(`.lb-curves-${name}`);
    this.sizes = new ResizeObserver(() => this.draw());
  }

  show(data) {
    if (this.data?.run !== data.run) this.forget();
    this.data = data;
    this.left = false;
    this.part("chart").style.height ||= `${data.height}px`; // so that nothing jumps when the first points come
    this.sizes.observe(this.part("chart"));
    this.load();
    if (!this.final) this.ask(0);
    else this.draw();
    return ++this.turn;
  }

  load() {
    plotly(this.data.plotly).then(
      () => this.draw(),
      () => {
        this.trouble("The chart could not be loaded; trying again.");
        if (!this.left) setTimeout(() => this.load(), SLOWEST_MS);
      },
    );
  }

  leave() {
    this.left = true;
    clearTimeout(this.timer);
    this.request?.abort();
    this.sizes.disconnect();
    const chart = this.part("chart");
    if (chart?.data && window.Plotly) window.Plotly.purge(chart);
  }

  forget() {
    Object.assign(this, { points: [], last: 0, attempt: null, final: false, watched: false, waited: EVERY_MS });
  }

  ask(inMs) {
    clearTimeout(this.timer);
    if (!this.left) this.timer = setTimeout(() => this.poll(), inMs);
  }

  async poll() {
    this.request?.abort();
    const request = (this.request = new AbortController());
    let answer;
    try {
      const response = await fetch(`${this.data.points}&after=${this.last}`, {
        signal: request.signal,
        cache: "no-store",
      });
      answer = await response.json();
      if (request.signal.aborted) return;
      if (!response.ok) return this.refused(response.status, answer);
    } catch (error) {
      if (request.signal.aborted) return;
      this.trouble("The server does not answer. The run goes on without it; trying again.");
      this.waited = Math.min(SLOWEST_MS, this.waited * 2);
      return this.ask(this.waited);
    }
    this.waited = EVERY_MS;
    this.trouble("");
    this.take(answer);
  }

  refused(status, answer) {
    if (status === 404) return this.trouble(`${answer.what} ${answer.remedy}`);
    if (status === 403 && !this.renewed) {
      this.renewed = true; // the page hands out a fresh token when its script runs again
      this.tell("renew", Date.now());
      return this.ask(SLOWEST_MS); // in case that word got lost
    }
    this.trouble(`${answer.what ?? "The server could not answer."} ${answer.remedy ?? ""}`);
    this.waited = Math.min(SLOWEST_MS, this.waited * 2);
    this.ask(this.waited);
  }

  take(answer) {
    this.renewed = false;
    if (this.attempt !== null && answer.attempt !== this.attempt) {
      this.forget(); // the run was started again: its record may have been cut back
      this.attempt = answer.attempt;
      return this.ask(0);
    }
    this.attempt = answer.attempt;
    for (const point of answer.points) {
      while (this.points.length && this.points.at(-1).step > point.step) this.points.pop();
      this.points.push(point);
    }
    const more = answer.last > this.last;
    this.last = answer.last;
    this.final = answer.final && !(more && answer.points.length >= 1000);
    this.words(answer);
    if (more || !this.drawn) this.draw();
    if (!this.final) {
      this.watched = true;
      this.ask(answer.points.length >= 1000 ? 0 : this.points.length ? EVERY_MS : EVERY_MS_AT_FIRST);
    } else if (this.watched) {
      this.watched = false;
      this.tell("ended", Date.now());
    }
  }

  words(answer) {
    const running = answer.state === "running";
    this.root.dataset.state = answer.state;
    let state = running ? answer.progress.stage : WORDS[answer.state] ?? answer.state;
    if (answer.state === "queued" && answer.position > 0)
      state = `Waiting: ${answer.position} ${answer.position === 1 ? "job goes" : "jobs go"} first`;
    if (answer.stopping) state = "Stopping; the best weights are kept";
    put(this.part("state"), state);
    put(this.part("detail"), running ? details(answer.progress) : "");
    put(this.part("latest"), latest(this.points));
    this.bar(running ? answer.progress.share : undefined);
  }

  bar(share) {
    const bar = this.part("bar");
    bar.hidden = share === undefined;
    bar.classList.toggle("unknown", share === null);
    if (typeof share !== "number") return bar.removeAttribute("aria-valuenow");
    bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    bar.firstElementChild.style.width = `${100 * share}%`;
  }

  trouble(words) {
    const line = this.part("trouble");
    line.hidden = !words;
    put(line, words);
  }

  draw() {
    if (this.left || this.frame || !window.Plotly || !this.data) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const chart = this.part("chart");
      const width = chart.clientWidth;
      if (this.left || !width) return;
      this.drawn = true;
      const height = Math.round(this.data.height * (width < NARROW_PX ? 1.4 : 1)); // one below the other, or side by side
      chart.style.height = `${height}px`;
      window.Plotly.react(
        chart,
        traces(this.points, this.data),
        layout(this.data.run, colours(this.root), width, height),
        { ...this.data.config, responsive: false },
      );
    });
  }
}

// --- what is drawn ------------------------------------------------------------------------------------------------

function traces(points, data) {
  const batches = thinned(points.filter((point) => point.kind === "batch"));
  const epochs = points.filter((point) => point.kind === "epoch");
  const [train, val] = [data.colours.train, data.colours.val];
  return [
    ["loss", "x", "y"],
    ["accuracy", "x2", "y2"],
  ].flatMap(([metric, xaxis, yaxis], panel) => {
    const trace = (name, rows, key, style) => ({
      name,
      legendgroup: name,
      showlegend: panel === 0,
      x: rows.map((row) => row && row.epoch),
      y: rows.map((row) => row && (row.values[key] ?? null)),
      xaxis,
      yaxis,
      type: "scatter",
      hovertemplate: "%{y:.4f}",
      ...style,
    });
    return [
      trace("Training, batches", apart(batches), metric, {
        mode: "lines",
        line: { color: train, width: 1 },
        opacity: 0.7,
      }),
      trace("Training", epochs, metric, {
        mode: "lines+markers",
        line: { color: train, width: 2 },
        marker: { color: train, size: 7, symbol: "circle" },
      }),
      trace("Validation", epochs, `val_${metric}`, {
        mode: "lines+markers",
        line: { color: val, width: 2, dash: "dash" },
        marker: { color: val, size: 7, symbol: "diamond" },
      }),
    ];
  });
}

// The line is cut between two epochs, because the running means begin again there.
function apart(rows) {
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    return before && Math.ceil(before.epoch) < Math.ceil(row.epoch) ? [null, row] : [row];
  });
}

function thinned(rows) {
  const stride = Math.ceil(rows.length / MOST_BATCH_POINTS);
  return stride <= 1 ? rows : rows.filter((_, index) => index % stride === 0);
}

function layout(run, look, width, height) {
  const narrow = width < NARROW_PX;
  const axis = { gridcolor: look.grid, linecolor: look.grid, zeroline: false, automargin: true };
  const across = { ...axis, title: { text: "Epoch", standoff: 6 }, rangemode: "tozero" };
  return {
    uirevision: run, // as long as it stays the same, zoom and hidden curves are the visitor's
    width,
    height,
    margin: { l: 56, r: 12, t: 34, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: look.font, color: look.text, size: 13 },
    hovermode: "x",
    hoverlabel: { bgcolor: look.background, bordercolor: look.grid, font: { color: look.text } },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: look.grid, activecolor: look.text },
    xaxis: { ...across, domain: narrow ? [0, 1] : [0, 0.46], anchor: "y" },
    yaxis: { ...axis, title: { text: "Loss" }, domain: narrow ? [0.58, 1] : [0, 1], anchor: "x" },
    xaxis2: { ...across, domain: narrow ? [0, 1] : [0.55, 1], anchor: "y2", matches: "x" },
    yaxis2: { ...axis, title: { text: "Accuracy" }, domain: narrow ? [0, 0.4] : [0, 1], anchor: "x2" },
  };
}

function colours(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"),
    background: read("background-color"),
    grid: read("border-color"),
    font: style.fontFamily,
  };
}

// --- words ----------------------------------------------------------------------------------------------------------

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function details(progress) {
  const number = (value) => Math.round(value).toLocaleString("en-US");
  const parts = [];
  if (progress.total) parts.push(`${number(progress.done)} of ${number(progress.total)} ${progress.unit}`);
  else if (progress.done) parts.push(`${number(progress.done)} ${progress.unit}`);
  if (progress.rate) parts.push(`${progress.rate < 10 ? progress.rate.toFixed(1) : number(progress.rate)} images/s`);
  if (progress.left_s !== null) parts.push(`${duration(progress.left_s)} left`);
  return parts.join(" · ");
}

function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const steps = [
    [86400, "d", 3600, "h"],
    [3600, "h", 60, "min"],
    [60, "min", 1, "s"],
  ];
  for (const [size, name, small, smallName] of steps) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / small);
    return `${Math.floor(whole / size)} ${name}${rest ? ` ${rest} ${smallName}` : ""}`;
  }
  return `${whole} s`;
}

function latest(points) {
  const value = (number) => (typeof number === "number" ? number.toFixed(3) : "not measured");
  const point = points.at(-1);
  if (!point) return "No points yet.";
  const words = [
    `Epoch ${Number(point.epoch.toFixed(2))}: training loss ${value(point.values.loss)}, ` +
      `accuracy ${value(point.values.accuracy)}`,
  ];
  const ended = points.findLast((each) => each.kind === "epoch");
  if (ended)
    words.push(`validation loss ${value(ended.values.val_loss)}, accuracy ${value(ended.values.val_accuracy)}`);
  return `${words.join("; ")}.`;
}

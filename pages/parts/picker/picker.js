// The grid to choose from: real checkboxes (Tab and the arrows go through them, Space ticks), Shift ticks a whole row.
export default function (component) {
  const { data, parentElement, setStateValue } = component;
  const root = parentElement.querySelector(".picker");
  if (!root) return;
  const picker = root.picker || (root.picker = new Picker(root));
  picker.tell = (value) => setStateValue("chosen", value);
  picker.show(data);
}

class Picker {
  constructor(root) {
    this.root = root;
    this.chosen = new Set();
    this.last = null;
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("change", (event) => this.ticked(event.target));
    root.addEventListener("keydown", (event) => this.pressed(event));
  }

  show(data) {
    if (this.turn !== data.turn) {
      this.turn = data.turn;
      this.chosen = new Set(data.chosen);
    }
    this.root.setAttribute("aria-label", data.label);
    this.root.classList.toggle("small", data.small);
    const drawn = JSON.stringify(data.tiles);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.last = null;
      this.root.replaceChildren(...data.tiles.map(tileElement));
    }
    this.mark();
  }

  boxes() {
    return [...this.root.querySelectorAll("input")];
  }

  mark() {
    for (const box of this.boxes()) {
      box.checked = this.chosen.has(Number(box.value));
      box.closest("figure").classList.toggle("chosen", box.checked);
    }
    this.root.classList.toggle("choosing", this.chosen.size > 0);
  }

  clicked(event) {
    this.shift = event.shiftKey;
    const link = event.target.closest("a");
    const plain = !(event.metaKey || event.ctrlKey || event.altKey || event.button);
    if (!link || !plain || !this.chosen.size) return; // while choosing, a click on the picture ticks it too
    event.preventDefault();
    link.closest("figure").querySelector("input").click();
  }

  ticked(box) {
    const boxes = this.boxes();
    const at = boxes.indexOf(box);
    const from = this.shift && this.last !== null ? this.last : at;
    for (let i = Math.min(from, at); i <= Math.max(from, at); i++) {
      if (box.checked) this.chosen.add(Number(boxes[i].value));
      else this.chosen.delete(Number(boxes[i].value));
    }
    this.last = at;
    this.shift = false;
    this.mark();
    this.tell({ turn: this.turn, ids: [...this.chosen] });
  }

  pressed(event) {
    this.shift = event.shiftKey;
    if (event.target.tagName !== "INPUT") return;
    const boxes = this.boxes();
    const columns = getComputedStyle(this.root).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!step) return;
    event.preventDefault();
    boxes[boxes.indexOf(event.target) + step]?.focus();
  }
}

function tileElement(tile) {
  const figure = element("figure");
  figure.title = [tile.name, tile.about].filter(Boolean).join(", ");
  const image = element("img");
  Object.assign(image, { loading: "lazy", alt: "", src: tile.src });
  const link = element("a");
  Object.assign(link, { href: tile.href, target: "_blank", tabIndex: -1 });
  link.setAttribute("aria-label", `${tile.name}, as it came`);
  link.append(image);
  const box = element("input");
  Object.assign(box, { type: "checkbox", value: String(tile.id) });
  box.setAttribute("aria-label", [tile.name, ...tile.lines].join(", "));
  const tick = element("label", "tick");
  tick.append(box, element("span"));
  const words = element("figcaption");
  tile.lines.forEach((line, index) => words.append(said(line, index ? "line" : "line first")));
  words.append(said(tile.name.split("/").pop(), "line name"));
  figure.append(link, tick, words);
  return figure;
}

function element(tag, name = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

function said(text, name) {
  const line = element("span", name);
  line.textContent = text;
  return line;
}

// The steps as real links: plain clicks go through Streamlit, all others (new tab, copy address) are the browser's.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".bar");
  if (!root) return;
  const base = new URL(".", document.baseURI).pathname;

  const follow = (link, name) => {
    link.href = base + (name === "home" ? "" : name) + data.query;
    link.onclick = (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (name !== data.current) setTriggerValue("go", name);
    };
  };

  const brand = root.querySelector(".brand");
  follow(brand, "home");
  if (data.current === "home") brand.setAttribute("aria-current", "page");
  else brand.removeAttribute("aria-current");
  brand.setAttribute("aria-label", "Lightbox, home");

  const list = root.querySelector("ol");
  data.steps.forEach((step, index) => {
    const item = list.children[index] || list.appendChild(stepElement());
    item.dataset.state = step.state;
    const link = item.querySelector("a");
    link.dataset.name = step.name;
    follow(link, step.name);
    if (step.state === "here") link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
    item.querySelector(".mark").textContent = step.state === "done" ? "✓" : String(index + 1);
    item.querySelector(".label").textContent = step.label;
    item.querySelector(".words").textContent = step.words;
  });
}

function stepElement() {
  const item = document.createElement("li");
  const link = document.createElement("a");
  for (const name of ["mark", "label", "words"]) {
    const part = document.createElement("span");
    part.className = name;
    if (name === "mark") part.setAttribute("aria-hidden", "true");
    link.append(part, " ");
  }
  item.append(link);
  return item;
}

// The upload: one file, streamed as the body of a POST, with progress, cancel and the server's own sentences.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".upload");
  if (!root) return;
  const upload = root.upload || (root.upload = new Upload(root));
  upload.tell = setTriggerValue;
  const turn = upload.show(data); // called anew at every change of data or theme; a file on its way is not disturbed
  return () => {
    if (upload.turn === turn) upload.request?.abort();
  };
}

class Upload {
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.part = (name) => root.querySelector(`.${name}`);
    this.input = root.querySelector("input");
    this.input.onchange = () => this.begin(this.input.files[0]);
    root.querySelector("button").onclick = () => this.request?.abort();
    const zone = this.part("zone");
    zone.ondragover = (event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    zone.ondragleave = () => zone.classList.remove("over");
    zone.ondrop = (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer.files.length > 1) return this.say("One file at a time, please. Put folders into a zip.");
      this.begin(event.dataTransfer.files[0]);
    };
  }

  show(data) {
    this.data = data;
    this.part("label").textContent = data.label;
    this.part("hint").textContent = `Drop it here. ${data.kinds.join(" or ")}, up to ${size(data.limit)}.`;
    this.input.setAttribute("aria-label", data.label);
    this.input.accept = data.kinds.join(",");
    if (this.kept && this.refusedBy !== data.url) this.begin(this.kept); // the page has handed out another token
    return ++this.turn;
  }

  begin(file) {
    if (!file || this.request) return;
    this.say("");
    if (file.size > this.data.limit)
      return this.say(`This file has ${size(file.size)}, and the limit is ${size(this.data.limit)}. Upload a smaller one.`);
    if (file.size === 0) return this.say("This file is empty, or it is a folder. Put folders into a zip.");
    this.part("name").textContent = file.name;
    this.progress(0, file.size, performance.now());
    this.busy(true);
    this.send(file);
  }

  send(file) {
    const request = (this.request = new XMLHttpRequest()); // fetch does not tell how much has been sent
    const [url, began] = [this.data.url, performance.now()];
    request.open("POST", `${url}&name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => this.progress(event.loaded, file.size, began);
    request.onload = () => this.answered(request, file, url);
    request.onerror = () => this.ended("The server could not be reached, or it broke the upload off. Try again.");
    request.onabort = () => this.ended("The upload was cancelled; nothing was kept.", true);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  }

  answered(request, file, url) {
    const answer = parsed(request.responseText);
    if (request.status === 200) {
      this.kept = null;
      this.ended("");
      return this.tell("arrived", answer.upload);
    }
    if (request.status === 403 && !this.kept) {
      Object.assign(this, { kept: file, refusedBy: url, request: null });
      return this.tell("again", Date.now()); // the server was restarted: ask the page for a fresh token, then resend
    }
    this.kept = null;
    this.ended(answer.what ? `${answer.what} ${answer.remedy}` : `The server answered ${request.status}. Try again.`);
  }

  ended(words, calm = false) {
    this.request = null;
    this.input.value = "";
    this.busy(false);
    this.say(words, calm);
  }

  busy(is) {
    this.root.dataset.state = is ? "going" : "ready";
    this.part("zone").hidden = is;
    this.part("going").hidden = !is;
  }

  progress(sent, total, began) {
    const seconds = (performance.now() - began) / 1000;
    const rate = seconds > 0.5 ? sent / seconds : null;
    const words = [`${Math.floor((100 * sent) / total)} %`, `${size(sent)} of ${size(total)}`];
    if (rate) words.push(`${size(rate)}/s`, `${span((total - sent) / rate)} left`);
    this.part("detail").textContent = sent < total ? words.join(" · ") : "100 % · writing it down";
    const bar = this.part("bar");
    bar.firstElementChild.style.width = `${(100 * sent) / total}%`;
    bar.setAttribute("aria-valuenow", String(Math.floor((100 * sent) / total)));
  }

  say(words, calm = false) {
    const told = this.part("told");
    told.hidden = !words;
    told.classList.toggle("calm", calm);
    told.textContent = words;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function span(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (bytes >= 999.5 && unit < units.length - 1) [bytes, unit] = [bytes / 1000, unit + 1];
  return `${unit === 0 || bytes >= 9.95 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

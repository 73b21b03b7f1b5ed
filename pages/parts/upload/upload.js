// The upload: one file, or several one after the other into a basket; with progress over all, cancel, and the server's
// own sentences. Each is streamed as the body of a POST.
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

const LITTER = /^(\.|~\$|thumbs\.db$|desktop\.ini$|__macosx$)/i; // what systems leave in folders by themselves
const CANCELLED = "The upload was cancelled; nothing was kept.";
const FREED_MS = 500; // by then the server has seen that a request was broken off
const UNREACHABLE = "The server could not be reached, or it broke the upload off. Try again.";

class Upload {
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.part = (name) => root.querySelector(`.${name}`);
    this.input = root.querySelector("input");
    this.input.onchange = () => this.begin(listed(this.input.files));
    this.part("cancel").onclick = () => this.request?.abort();
    this.part("whole").onclick = () => this.chooseFolder();
    const zone = this.part("zone");
    zone.ondragover = (event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    zone.ondragleave = () => zone.classList.remove("over");
    zone.ondrop = (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.dropped(event.dataTransfer);
    };
  }

  show(data) {
    this.data = data;
    const several = Boolean(data.basket);
    this.part("label").textContent = data.label;
    this.part("hint").textContent = data.hint || `Drop it here. ${data.kinds.join(" or ")}, up to ${size(data.limit)}.`;
    this.part("button").textContent = several ? "Choose files" : "Choose a file";
    this.part("whole").hidden = !several || this.root.dataset.state === "going";
    this.input.setAttribute("aria-label", data.label);
    this.input.accept = several ? "" : data.kinds.join(","); // DICOM files often have no ending
    this.input.multiple = several;
    if (this.kept) this.sendAgain(data.url);
    return ++this.turn;
  }

  sendAgain(url) {
    if (this.refusedBy !== url) return this.begin(this.kept); // the page has handed out other tokens
    this.kept = null;
    this.ended(UNREACHABLE);
  }

  chooseFolder() {
    const input = Object.assign(document.createElement("input"), { type: "file", webkitdirectory: true });
    input.onchange = () => this.begin(listed(input.files));
    input.click();
  }

  async dropped(transfer) {
    if (!this.data.basket) {
      if (transfer.files.length > 1) return this.say("One file at a time, please. Put folders into a zip.");
      return this.begin(listed(transfer.files));
    }
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.some((entry) => entry.isDirectory)) return this.begin(listed(transfer.files));
    this.say("Looking through the folder …", true);
    this.begin((await Promise.all(entries.map(inside))).flat());
  }

  begin(found) {
    if (!found.length || this.request) return;
    this.say("");
    const several = found.length > 1 || found[0].name.includes("/");
    const files = several ? found.filter(({ file, name }) => file.size && !name.split("/").some(isLitter)) : found;
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    const refusal = this.refusal(files, total, several);
    if (refusal) return this.say(refusal);
    this.left = found.length - files.length;
    this.sent = 0;
    this.total = total;
    this.began = performance.now();
    this.busy(true);
    if (!several) return this.send(files, 0, several);
    this.post(`${this.data.basket}&cancel=1`, null, (request) => {
      if (request.status !== 200) return this.refused(request, files, 0); // what an earlier try left is gone first
      this.send(files, 0, several);
    });
  }

  refusal(files, total, several) {
    if (!files.length) return "There is no file with anything in it here.";
    if (total === 0) return "This file is empty, or it is a folder. Put folders into a zip.";
    if (total <= this.data.limit) return "";
    const [what, remedy] = several ? ["These files have", "Bring fewer"] : ["This file has", "Upload a smaller one"];
    return `${what} ${size(total)}, and the limit is ${size(this.data.limit)}. ${remedy}.`;
  }

  send(files, at, several) {
    const { file, name } = files[at];
    const url = several ? this.data.basket : this.data.url;
    const place = several ? `${at + 1} of ${files.length} · ` : "";
    this.part("name").textContent = place + name;
    this.progress(0);
    this.post(`${url}&name=${encodeURIComponent(name)}`, file, (request) => {
      if (request.status !== 200) return this.refused(request, files, at);
      this.sent += file.size;
      if (at + 1 < files.length) return this.send(files, at + 1, several);
      this.post(several ? `${url}&done=1` : "", null, (last) => this.arrived(last, request));
    });
  }

  post(url, body, answered) {
    const request = (this.request = new XMLHttpRequest()); // fetch does not tell how much has been sent
    if (!url) return answered(null);
    request.open("POST", url);
    request.upload.onprogress = (event) => body && this.progress(event.loaded);
    request.onload = () => answered(request);
    request.onerror = () => this.dropAll(UNREACHABLE);
    request.onabort = () => this.dropAll(CANCELLED, true);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(body);
  }

  arrived(last, request) {
    if (last && last.status !== 200) return this.refused(last, null, 0);
    this.kept = null;
    const left = this.left === 1 ? "1 empty or hidden file was" : `${this.left} empty or hidden files were`;
    this.ended(this.left ? `${left} left out.` : "", true);
    this.tell("arrived", parsed((last || request).responseText).upload || Date.now());
  }

  refused(request, files, at) {
    if (request.status === 403 && !this.kept && files && at === 0) {
      Object.assign(this, { kept: files, refusedBy: this.data.url, request: null });
      return this.tell("again", Date.now()); // the server was restarted: ask the page for fresh tokens, then resend
    }
    const answer = parsed(request.responseText);
    this.dropAll(answer.what ? `${answer.what} ${answer.remedy}` : `The server answered ${request.status}. Try again.`);
  }

  dropAll(words, calm = false) {
    this.kept = null;
    this.ended(words, calm);
    if (this.data.basket) setTimeout(() => this.empty(), FREED_MS);
  }

  empty() {
    if (!this.request) fetch(`${this.data.basket}&cancel=1`, { method: "POST" }).catch(() => null);
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
    this.part("whole").hidden = is || !this.data.basket;
    this.part("going").hidden = !is;
  }

  progress(loaded) {
    const sent = Math.min(this.sent + loaded, this.total);
    const seconds = (performance.now() - this.began) / 1000;
    const rate = seconds > 0.5 ? sent / seconds : null;
    const words = [`${Math.floor((100 * sent) / this.total)} %`, `${size(sent)} of ${size(this.total)}`];
    if (rate) words.push(`${size(rate)}/s`, `${span((this.total - sent) / rate)} left`);
    this.part("detail").textContent = sent < this.total ? words.join(" · ") : "100 % · writing it down";
    const bar = this.part("bar");
    bar.firstElementChild.style.width = `${(100 * sent) / this.total}%`;
    bar.setAttribute("aria-valuenow", String(Math.floor((100 * sent) / this.total)));
  }

  say(words, calm = false) {
    const told = this.part("told");
    told.hidden = !words;
    told.classList.toggle("calm", calm);
    told.textContent = words;
  }
}

function listed(files) {
  return [...files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
}

// Every file below what was dropped, with its folders in its name; what cannot be read is left to the server's look.
async function inside(entry) {
  if (!entry.isDirectory) {
    const file = await new Promise((take) => entry.file(take, () => take(null)));
    return file ? [{ file, name: entry.fullPath.replace(/^\//, "") }] : [];
  }
  const [reader, found] = [entry.createReader(), []];
  for (;;) {
    const some = await new Promise((take) => reader.readEntries(take, () => take([]))); // at most 100 at a time
    if (!some.length) return found;
    for (const one of some) found.push(...(await inside(one)));
  }
}

function isLitter(name) {
  return LITTER.test(name);
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

import { csrfToken } from "./csrf";
import { chosenFolder, dropped, type Parcel } from "./folder";
import { enliven, load } from "./htmx";
import { say } from "./snackbar";

interface Problem {
  detail?: string;
  errors?: Record<string, string[]>;
}

/**
 * Drop areas: `<form data-upload action="url">` with file inputs. `data-report="#id"` puts the HTML answer there;
 * an answer with a link of `data-open` opens that. `data-then="url"` with `data-into="#id"` reloads a list after a JSON answer.
 */
export function startUploads(): void {
  for (const area of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) {
    area.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      if (input.type === "file" && input.files?.length) void chosen(area, input);
    });
    area.addEventListener("submit", (event) => event.preventDefault());
    listenToDrops(area);
  }
}

async function chosen(area: HTMLFormElement, input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  if (input.webkitdirectory) await send(area, await chosenFolder(files));
  else
    await sendAll(
      area,
      files.map((file) => ({ file, folder: false })),
    );
  input.value = "";
}

function listenToDrops(area: HTMLFormElement): void {
  let depth = 0;
  const over = (inside: boolean) => area.classList.toggle("is-over", inside);
  document.addEventListener("dragenter", () => over(++depth > 0));
  document.addEventListener("dragleave", () => over(--depth > 0));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    if (!event.dataTransfer?.types.includes("Files")) return;
    const together = area.dataset.many === undefined;
    void dropped(event.dataTransfer, together).then((parcels) => sendAll(area, parcels));
  });
}

/** One after the other: each has its progress, and a slow line is not shared. */
async function sendAll(area: HTMLFormElement, parcels: readonly Parcel[]): Promise<void> {
  for (const parcel of parcels) await send(area, parcel);
}

function send(area: HTMLFormElement, { file, folder }: Parcel): Promise<void> {
  const body = new FormData();
  for (const field of area.querySelectorAll<HTMLInputElement>("[data-field]")) {
    if (field.type === "checkbox" ? field.checked : field.value) body.append(field.name, field.value);
  }
  if (!/\.zip$/i.test(file.name)) body.delete("type");
  if (folder) body.set("type", "uri_folder");
  body.append("file", file, file.name);
  const bar = progressBar(area, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", area.action);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.move(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => {
      bar.end();
      if (request.status === 0) say(`${file.name}: the server cannot be reached.`, "error");
      else answered(area, file, request);
      resolve();
    });
    request.send(body);
  });
}

function answered(area: HTMLFormElement, file: File, request: XMLHttpRequest): void {
  const html = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
  const { report, then, into } = area.dataset;
  if (html && report && request.status < 500) {
    const place = document.querySelector(report);
    if (!place) return;
    place.innerHTML = request.responseText;
    const open = place.querySelector<HTMLAnchorElement>("a[data-open]");
    if (open) {
      location.assign(open.href);
      return;
    }
    enliven(place);
    place.querySelector<HTMLElement>("[tabindex]")?.focus();
    return;
  }
  if (request.status >= 400) {
    say(`${file.name}: ${sentence(request)}`, "error");
    return;
  }
  const asset = JSON.parse(request.responseText) as { ref: string };
  const word = request.status === 201 ? "is registered" : "was there already, with the same content";
  say(`${asset.ref} ${word}.`, "success");
  if (then && into) load(then, into);
}

function sentence(request: XMLHttpRequest): string {
  try {
    const problem = JSON.parse(request.responseText) as Problem;
    const [first] = Object.values(problem.errors ?? {}).flat();
    return first ?? problem.detail ?? `the server answered ${request.status}.`;
  } catch {
    return `the server answered ${request.status}.`;
  }
}

function progressBar(
  area: HTMLFormElement,
  name: string,
): { move: (share: number) => void; end: () => void } {
  const row = document.createElement("div");
  row.className = "upload-row";
  const label = document.createElement("span");
  label.className = "truncate";
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", `Uploading ${name}`);
  const word = document.createElement("span");
  word.className = "tabular muted";
  row.append(label, bar, word);
  (area.querySelector("[data-progress]") ?? area).append(row);
  return {
    move: (share) => {
      if (share >= 1) bar.removeAttribute("value");
      else bar.value = share;
      word.textContent = share >= 1 ? "checking…" : `${Math.floor(share * 100)} %`;
    },
    end: () => row.remove(),
  };
}

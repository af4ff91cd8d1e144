import htmx from "htmx.org";

import { csrfToken } from "./csrf";
import { say } from "./snackbar";

interface ResponseDetail {
  xhr: XMLHttpRequest;
}

/** htmx with Django's token, a word when something fails, and no eval (the `htmx-config` meta switches it off). */
export function startHtmx(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const { headers } = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && polls(event)) event.preventDefault();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<ResponseDetail>).detail;
    say(sentence(xhr), "error");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (polls(event)) return;
    say("The server cannot be reached. Check the connection and try again.", "error");
  });
}

/** Whether it is about a part that keeps itself current (`data-poll`): unseen it rests, and it tries again in silence. */
function polls(event: Event): boolean {
  return (event.target as Element).closest("[data-poll]") !== null;
}

function sentence(xhr: XMLHttpRequest): string {
  if (xhr.status === 403) return "Your role in this workspace does not allow this.";
  if (xhr.status === 404) return "This is no longer there; reload the page.";
  const plain = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/plain");
  if (plain && xhr.responseText.length < 300) return xhr.responseText;
  return `The server answered with an error (${xhr.status}). Nothing was changed.`;
}

/** Fetch a fragment of this site into a place of the page. */
export function load(url: string, target: string, swap: "innerHTML" | "outerHTML" = "innerHTML"): void {
  void htmx.ajax("get", url, { target, swap });
}

/** Let htmx see attributes in what was put into the page by hand. */
export function enliven(element: Element): void {
  htmx.process(element);
}

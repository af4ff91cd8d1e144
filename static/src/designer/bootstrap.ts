/** What the page tells the canvas before anything is fetched. */

export interface Bootstrap {
  readonly mode: "edit" | "run";
  readonly workspace: { readonly slug: string; readonly name: string };
  readonly user: {
    readonly id: number;
    readonly name: string;
    readonly color: string;
    readonly can_edit: boolean;
    readonly can_run: boolean;
  };
  readonly api: string;
  readonly pages: string;
  readonly ws: string;
  readonly pipeline: { readonly id: number; readonly name: string } | null;
  readonly run: { readonly id: number } | null;
}

export function readBootstrap(): Bootstrap | null {
  const element = document.getElementById("bootstrap");
  return element?.textContent ? (JSON.parse(element.textContent) as Bootstrap) : null;
}

/** `/ws/...` as a full address on this host. */
export const socketUrl = (path: string): string =>
  `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;

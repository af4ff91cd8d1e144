/** Data assets: listing and uploading. */

import { ApiError } from "../../lib/api.ts";
import { app } from "../app.ts";
import type { Asset } from "../state/doc.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify } from "../state/ui.ts";
import { addNode } from "./add.ts";

interface Page {
  results: Asset[];
  next: string | null;
}

export async function loadAssets(): Promise<void> {
  const page = await app().api.get<Page>("data/");
  know(page.results);
}

function know(assets: readonly Asset[]): void {
  for (const asset of assets) app().catalog.assets.set(asset.ref, asset.type);
  docStore.setState({ assets });
}

/** Register files as data assets; with `at`, put a node for each on the canvas. */
export async function uploadFiles(
  files: readonly File[],
  where?: { at: { x: number; y: number } | null },
): Promise<void> {
  let below = 0;
  for (const file of files) {
    const form = new FormData();
    form.set("file", file);
    announce(`Uploading ${file.name}…`);
    try {
      const asset = await app().api.post<Asset>("data/", form);
      know([asset, ...docStore.getState().assets.filter((each) => each.ref !== asset.ref)]);
      announce(`Uploaded ${file.name}.`);
      if (where) addNode({ asset }, { at: where.at && { x: where.at.x - 88, y: where.at.y + below } });
      below += 96;
    } catch (error) {
      notify(`${file.name} could not be uploaded. ${error instanceof ApiError ? error.message : ""}`);
    }
  }
}

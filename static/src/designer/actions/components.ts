import type { Interface } from "../../graph/types.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";

/** Ask for the palette's components again, after one was added. */
export async function loadComponents(): Promise<void> {
  const { api, catalog } = app();
  const served = await api.get<{ components: Interface[] }>("catalog/");
  for (const face of served.components) catalog.components.set(face.ref, face);
  docStore.setState({ components: served.components });
}

import { setUi } from "../state/ui.ts";
import { historyStore } from "./historyStore.ts";

/** Ask for the name of a revision. */
export function nameVersion(rev: number): void {
  historyStore.setState({ naming: rev });
  setUi({ dialog: "version" });
}

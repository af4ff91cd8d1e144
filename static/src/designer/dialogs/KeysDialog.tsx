import { Dialog } from "./Dialog.tsx";

const GROUPS: readonly [string, readonly [string, string][]][] = [
  [
    "Add and find",
    [
      ["/ or Ctrl K", "Add a component, find a node"],
      ["Double-click the canvas", "Add where you clicked"],
      ["Enter / Shift Enter in the list", "Add wired to the selection / alone"],
    ],
  ],
  [
    "On a node",
    [
      ["← →", "Follow a wire; else the nearest node"],
      ["↑ ↓", "Nearest node above or below"],
      ["Shift + arrows", "Extend the selection"],
      ["Space", "Add to or take from the selection"],
      ["Enter", "Open the inspector"],
      ["C", "Connect: choose among the inputs that fit"],
      ["O / Shift O", "Run it after another step / another after it"],
      ["E", "Look into a group, or close it"],
      ["R / Shift R", "Run up to here / from here"],
      ["Alt + arrows", "Move by 8 px; with Shift by 32"],
      ["F2", "Rename"],
      ["M", "Open its menu"],
      ["Del", "Delete"],
      ["Ctrl Del", "Delete and join its wires"],
    ],
  ],
  [
    "Edit",
    [
      ["Ctrl Z, Ctrl Shift Z or Ctrl Y", "Undo, redo"],
      ["Ctrl C, Ctrl X, Ctrl V", "Copy, cut, paste, also between tabs"],
      ["Ctrl Shift V", "Paste and keep the wires from outside"],
      ["Ctrl D", "Duplicate"],
      ["Ctrl A", "Select everything"],
      ["Shift + drag", "Select with a frame"],
      ["Esc", "Close, or select nothing"],
    ],
  ],
  [
    "View and run",
    [
      ["F", "Fit everything"],
      ["1", "Zoom to 100 %"],
      ["Y", "Show or hide the YAML"],
      ["Ctrl Enter", "Run; in the YAML: apply it"],
      ["?", "This list"],
    ],
  ],
];

export function KeysDialog() {
  return (
    <Dialog title="Keyboard">
      <div className="keys">
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

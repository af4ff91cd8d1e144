import "./keys.css";

import type { KeyboardEvent } from "react";
import { useMemo, useState } from "react";

import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { bind, holderOf, isChanged, keysOf, reset, useCustomKeys } from "../commands/bindings.ts";
import { comboOf, keptFor, wordsOf } from "../commands/keys.ts";
import { COMMANDS, GROUPS } from "../commands/registry.ts";
import type { Command } from "../commands/types.ts";
import { Dialog } from "./Dialog.tsx";

/** What the mouse does that no list of commands says. */
const MOUSE: readonly (readonly [string, string])[] = [
  ["Double-click the canvas", "Add where you clicked"],
  ["Shift + drag", "Select with a frame"],
  ["Drop a node on a wire", "Put it into the wire; hold Alt not to"],
  ["Drag the end of a wire", "Let it lead elsewhere; on empty canvas: take it off"],
];

/** The cheat sheet, and the place where keys are changed. */
export function KeysDialog() {
  useCustomKeys();
  const [query, setQuery] = useState("");
  const [editing, setEditing] = useState<string | null>(null);
  const found = useMemo(
    () =>
      search(query, COMMANDS, (command) => [
        command.title,
        `${keysOf(command).map(wordsOf).join(" ")} ${command.words ?? ""} ${command.group}`,
      ]),
    [query],
  );
  const changed = COMMANDS.some(isChanged);
  return (
    <Dialog title="Keyboard shortcuts">
      <div className="keys__tools">
        <input
          type="search"
          className="text-input"
          aria-label="Search commands and keys"
          placeholder="Search commands and keys…"
          data-field
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <button type="button" className="btn" disabled={!changed} onClick={() => reset(null, COMMANDS)}>
          <Icon name="rotate-ccw" size={14} />
          Reset all
        </button>
      </div>
      <div className="keys">
        {GROUPS.map((group) => {
          const rows = found.filter((command) => command.group === group);
          if (rows.length === 0) return null;
          return (
            <section key={group}>
              <h3>{group}</h3>
              <ul>
                {rows.map((command) => (
                  <Row
                    key={command.id}
                    command={command}
                    editing={editing === command.id}
                    onEdit={(open) => setEditing(open ? command.id : null)}
                  />
                ))}
              </ul>
            </section>
          );
        })}
        {query === "" && (
          <section>
            <h3>With the mouse</h3>
            <ul>
              {MOUSE.map(([gesture, what]) => (
                <li key={gesture} className="keys__row">
                  <span className="keys__title">{what}</span>
                  <span className="keys__gesture">{gesture}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {found.length === 0 && <p className="keys__none">No command and no key by that name.</p>}
      </div>
    </Dialog>
  );
}

interface RowProps {
  command: Command;
  editing: boolean;
  onEdit: (open: boolean) => void;
}

function Row({ command, editing, onEdit }: RowProps) {
  const keys = keysOf(command);
  return (
    <li className={`keys__row${editing ? " is-editing" : ""}`} data-testid={`keys-${command.id}`}>
      <span className="keys__title">{command.title}</span>
      {editing ? (
        <Capture command={command} onDone={() => onEdit(false)} />
      ) : (
        <>
          <span className="keys__combos">
            {keys.map((combo) => (
              <kbd key={combo}>{wordsOf(combo)}</kbd>
            ))}
          </span>
          {isChanged(command) && (
            <button
              type="button"
              className="btn-icon"
              aria-label={`Reset the keys of ${command.title}`}
              title={`Back to ${command.keys.map(wordsOf).join(" or ") || "no keys"}`}
              onClick={() => reset(command, COMMANDS)}
            >
              <Icon name="rotate-ccw" size={14} />
            </button>
          )}
          <button
            type="button"
            className="btn-icon keys__change"
            aria-label={`Change the keys of ${command.title}`}
            title={command.fixed ?? "Change"}
            disabled={command.fixed !== undefined}
            onClick={() => onEdit(true)}
          >
            <Icon name="pencil" size={14} />
          </button>
        </>
      )}
    </li>
  );
}

/** Waits for keys, says who has them, and gives them on when that is wanted. */
function Capture({ command, onDone }: { command: Command; onDone: () => void }) {
  const [combo, setCombo] = useState<string | null>(null);
  const kept = combo === null ? "" : keptFor(combo);
  const holder = combo === null ? null : holderOf(combo, command, COMMANDS);
  const refused = kept || (holder?.fixed && `${wordsOf(combo!)} is “${holder.title}”, and stays so.`) || "";
  const take = (keys: readonly string[]) => {
    bind(command, keys, COMMANDS);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return onDone();
    const pressed = comboOf(event);
    if (pressed === null) return;
    const free = keptFor(pressed) === "" && !holderOf(pressed, command, COMMANDS);
    if (free) take([pressed]);
    else setCombo(pressed);
  };
  return (
    <div className="keys__capture">
      <span
        className="keys__press"
        role="textbox"
        tabIndex={0}
        aria-label={`New keys for ${command.title}`}
        ref={(element) => element?.focus()}
        onKeyDown={onKeyDown}
      >
        {combo === null ? "Press keys…" : wordsOf(combo)}
      </span>
      {combo === null && keysOf(command).length > 0 && (
        <button type="button" className="btn" onClick={() => take([])}>
          No keys
        </button>
      )}
      {combo !== null && !refused && (
        <button type="button" className="btn" onClick={() => take([combo])}>
          Take them
        </button>
      )}
      <button type="button" className="btn" onClick={onDone}>
        Cancel
      </button>
      <p role="alert">
        {refused || (holder && `${wordsOf(combo!)} is “${holder.title}”: it would lose them.`)}
      </p>
    </div>
  );
}

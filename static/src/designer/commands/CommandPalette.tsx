import { useMemo, useState } from "react";

import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { overCanvas, PickList } from "../picklist/PickList.tsx";
import { onlySelected, setUi, uiStore, useUi } from "../state/ui.ts";
import { keysOf } from "./bindings.ts";
import { wordsOf } from "./keys.ts";
import { remember, recentFirst } from "./recent.ts";
import { COMMANDS, isPossible } from "./registry.ts";
import type { Command } from "./types.ts";

const WIDTH = 480;

/** Everything that can be done now, by its name. */
export function CommandPalette() {
  const open = useUi((ui) => ui.commands);
  return open && <List />;
}

function List() {
  const [query, setQuery] = useState("");
  const [back] = useState(() => document.activeElement);
  const [node] = useState(() => onlySelected(uiStore.getState()));
  const [at] = useState(() => overCanvas(WIDTH));
  const possible = useMemo(
    () => COMMANDS.filter((command) => !command.unlisted && isPossible(command, node)),
    [node],
  );
  const choices = useMemo(
    () =>
      query
        ? search(query, possible, ({ title, group, words = "" }) => [title, `${words} ${group}`])
        : recentFirst(possible),
    [query, possible],
  );
  const close = (left: boolean) => {
    setUi({ commands: false });
    if (left && back instanceof HTMLElement) back.focus({ preventScroll: true });
  };
  return (
    <PickList<Command>
      label="Commands"
      icon="square-terminal"
      placeholder="What do you want to do?"
      testId="command-palette"
      wide
      at={at}
      query={query}
      onQuery={setQuery}
      choices={choices}
      keyOf={({ id }) => id}
      onChoose={(command) => {
        close(true);
        remember(command.id);
        command.do(node);
      }}
      onClose={close}
      none="No command by that name that is possible now."
    >
      {(command) => (
        <>
          <Icon name={command.icon ?? "minus"} size={14} />
          <span className="pick-list__title">{command.title}</span>
          <span className="pick-list__note">{command.group}</span>
          <span className="pick-list__keys">
            {keysOf(command)
              .slice(0, 1)
              .map((keys) => (
                <kbd key={keys}>{wordsOf(keys)}</kbd>
              ))}
          </span>
        </>
      )}
    </PickList>
  );
}

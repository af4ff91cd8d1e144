import { Icon } from "../lib/Icon.tsx";
import type { CodeFile, Fault } from "./types.ts";

interface Props {
  files: readonly CodeFile[];
  faults: readonly Fault[];
  open: string;
  onOpen: (path: string) => void;
  onChange: (files: readonly CodeFile[]) => void;
}

const YAML = "component.yml";

/** The files of the component; the first Python file is the one that starts. */
export function FileTabs({ files, faults, open, onOpen, onChange }: Props) {
  const add = () => {
    let number = 1;
    while (files.some((file) => file.path === `helpers${number > 1 ? number : ""}.py`)) number += 1;
    const asked = window.prompt("Name of the new file", `helpers${number > 1 ? number : ""}.py`)?.trim();
    if (!asked || files.some((file) => file.path === asked)) return;
    onChange([...files, { path: asked, text: "" }]);
    onOpen(asked);
  };
  const remove = (path: string) => {
    if (!window.confirm(`Delete ${path} from this draft?`)) return;
    const rest = files.filter((file) => file.path !== path);
    onChange(rest);
    if (open === path) onOpen(rest[0]?.path ?? "");
  };
  const starts = files.find((file) => file.path.endsWith(".py"))?.path;
  const described = files.some((file) => file.path === YAML);
  return (
    <div className="authoring__files" role="group" aria-label="Files">
      {files.map(({ path }) => {
        const wrong = faults.filter((fault) => fault.file === path).length;
        return (
          <span key={path} className="authoring__file" data-open={path === open || undefined}>
            <button type="button" aria-pressed={path === open} onClick={() => onOpen(path)}>
              {path.replace(/^code\//, "")}
              {path === starts && !described && files.length > 1 && (
                <em title="This file is started">starts</em>
              )}
              {wrong > 0 && <b aria-label={`${wrong} faults`}>{wrong}</b>}
            </button>
            {files.length > 1 && path !== YAML && path === open && (
              <button type="button" aria-label={`Delete ${path}`} onClick={() => remove(path)}>
                <Icon name="x" size={12} />
              </button>
            )}
          </span>
        );
      })}
      <button
        type="button"
        className="authoring__add"
        onClick={add}
        aria-label="Add a file"
        title="Add a file"
      >
        <Icon name="plus" size={14} />
      </button>
    </div>
  );
}

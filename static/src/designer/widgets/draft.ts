import { useState } from "react";

/** A text that is being typed: committed on blur or Enter, taken back on Escape or where `commit` gives false, replaced when the value changes elsewhere. */
export function useDraft(value: string, commit: (text: string) => unknown) {
  const [draft, setDraft] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setDraft(value);
  }
  return {
    draft,
    setDraft,
    commit: () => {
      if (draft !== value && commit(draft) === false) setDraft(value);
    },
    revert: () => setDraft(value),
  };
}

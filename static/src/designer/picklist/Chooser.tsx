import { useMemo, useState } from "react";

import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { Choice, Question } from "./chooser.ts";
import { endChoosing, useQuestion } from "./chooser.ts";
import { PickList } from "./PickList.tsx";

/** The one list that asks, if one does. */
export function Chooser() {
  const question = useQuestion();
  return question && <List key={question.label} question={question} />;
}

function List({ question }: { question: Question }) {
  const [query, setQuery] = useState("");
  const [back] = useState(() => document.activeElement);
  const choices = useMemo(
    () => search(query, question.choices, ({ title, note = "" }) => [title, note]),
    [query, question],
  );
  const close = (left: boolean) => {
    endChoosing();
    if (left && back instanceof HTMLElement) back.focus({ preventScroll: true });
  };
  return (
    <PickList<Choice>
      {...{ label: question.label, icon: question.icon, at: question.at, none: question.none }}
      query={query}
      onQuery={setQuery}
      choices={choices}
      keyOf={({ key }) => key}
      onChoose={(choice) => {
        close(true);
        choice.do();
      }}
      onClose={close}
    >
      {(choice) => (
        <>
          {choice.icon && <Icon name={choice.icon} size={14} />}
          <span className="pick-list__title">{choice.title}</span>
          <span className="pick-list__note">{choice.note}</span>
        </>
      )}
    </PickList>
  );
}

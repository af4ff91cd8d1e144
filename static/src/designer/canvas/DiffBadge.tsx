import { EdgeLabelRenderer } from "@xyflow/react";

import { fieldWords, SIGNS } from "../history/fieldWords.ts";
import { useMark, useWireMark } from "../history/pastStore.ts";

/** On a node that a comparison is about: its sign, and what of it changed. */
export function DiffBadge({ id }: { id: string }) {
  const mark = useMark(id);
  if (!mark) return null;
  const { kind, fields } = mark;
  const listed = fields.slice(0, 3);
  return (
    <div className="diff-badge" data-kind={kind} data-testid={`diff-${id}`} title={mark.words}>
      <span className="diff-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span className="diff-badge__word">{kind}</span>
      {listed.length > 0 && (
        <ul>
          {listed.map((field) => (
            <li key={field.name} title={fieldWords(field)}>
              {fieldWords(field)}
            </li>
          ))}
          {fields.length > listed.length && <li>and {fields.length - listed.length} more</li>}
        </ul>
      )}
    </div>
  );
}

/** In the middle of a wire that came or went. */
export function WireSign({ id, x, y }: { id: string; x: number; y: number }) {
  const mark = useWireMark(id);
  if (!mark) return null;
  return (
    <EdgeLabelRenderer>
      <span
        className="diff-sign diff-sign--wire"
        data-kind={mark}
        data-testid={`diff-wire-${id}`}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        title={mark}
      >
        {SIGNS[mark]}
      </span>
    </EdgeLabelRenderer>
  );
}

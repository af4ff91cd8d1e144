import { useId, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";

const open = new Map<string, boolean>();

interface Props {
  title: string;
  /** Sections of one name are folded and unfolded together, from node to node. */
  name: string;
  folded?: boolean;
  note?: string;
  children: React.ReactNode;
}

export function Section({ title, name, folded = false, note = "", children }: Props) {
  const [unfolded, setUnfolded] = useState(open.get(name) ?? !folded);
  const id = useId();
  return (
    <section className="inspector__section">
      <h2>
        <button
          type="button"
          aria-expanded={unfolded}
          aria-controls={id}
          onClick={() => {
            open.set(name, !unfolded);
            setUnfolded(!unfolded);
          }}
        >
          <Icon name={unfolded ? "chevron-down" : "chevron-right"} size={14} />
          {title}
          {note && <span className="inspector__note">{note}</span>}
        </button>
      </h2>
      <div id={id} hidden={!unfolded} className="inspector__section-body">
        {unfolded && children}
      </div>
    </section>
  );
}
